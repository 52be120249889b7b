/** Where in a source its next record begins. */

import type { Reject, Rejection } from '../../lines/line.ts';
import { isTorn, LONGEST_LINE, lineCount, tooLong } from './line-bounds.ts';

/** Bytes shown of a record that is too long. */
const SHOWN = 1024;

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

  /** Rejects the record that begins at this line, and moves on behind it. One that is too long is rejected for that. */
  reject(record: Buffer, rejection: Rejection): void {
    const isLong = record.length > LONGEST_LINE;
    const text = record
      .subarray(0, isLong ? SHOWN : undefined)
      .toString()
      .replace(/\r?\n$/, '');
    this.#reject(
      { text, source: this.source, number: this.line, torn: isTorn(record) },
      isLong ? tooLong : rejection,
    );
    this.line += lineCount(record);
  }
}
