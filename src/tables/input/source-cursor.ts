/** Where in a source its next record begins. */

import type { Reject, Rejection } from '../../lines/line.ts';
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
    const text = record.toString().replace(/\r?\n$/, '');
    this.#reject({ text, source: this.source, number: this.line, torn: isTorn(record) }, rejection);
    this.line += lineCount(record);
  }
}
