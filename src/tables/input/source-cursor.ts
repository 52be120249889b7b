/** Where in a source its next record begins. */

import type { Line, Reject, Rejection } from '../../lines/line.ts';
import { decodeText } from '../../lines/text.ts';
import { isTorn, lineCount } from './line-bounds.ts';

/** Counts the lines of a source, and rejects records with the number of their first line. */
export class SourceCursor {
  readonly source: string;
  /** Number of the next line, from 1. */
  line = 1;
  readonly #reject: Reject;

  constructor(source: string, reject: Reject) {
    this.source = source;
    this.#reject = reject;
  }

  /** As messages begin: `logs.csv:12`. */
  toString(): string {
    return `${this.source}:${this.line}`;
  }

  /** Rejects the record that begins at this line, and moves on behind it. */
  reject(record: Buffer, rejection: Rejection): void {
    this.#reject(asLine(record, this.source, this.line), rejection);
    this.line += lineCount(record);
  }
}

/** A record as the line that it begins at. */
export function asLine(record: Buffer, source: string, number: number): Line {
  const text = decodeText(record).replace(/\r?\n$/, '');
  return { text, source, number, torn: isTorn(record) };
}
