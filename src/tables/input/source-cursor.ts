/** Where in a source its next record begins. */

import type { Line, Reject, Rejection } from '../../lines/line.ts';
import { swapBreaks } from '../../lines/line-ends.ts';
import { decodeText } from '../../lines/text.ts';
import { type LinesOf, usualLines } from '../../lines/text-form.ts';
import { isTorn, lineCount } from './line-bounds.ts';

/** Counts the lines of a source, and rejects records with the number of their first line. */
export class SourceCursor {
  readonly source: string;
  /** Whether breaks in quotes have changed places: see `line-ends.ts`. */
  readonly hasSwappedBreaks: boolean;
  /** Number of the next line, from 1. */
  line: number;
  /** How many lines were left out as comments. */
  comments = 0;
  /** The beginning of comment lines; undefined for no comments. */
  comment: Buffer | undefined;
  readonly #reject: Reject;

  /** @param comment the beginning of comment lines; undefined for no comments */
  constructor(
    source: string,
    reject: Reject,
    { firstLine, hasSwappedBreaks }: LinesOf = usualLines,
    comment?: string,
  ) {
    this.comment = comment === undefined ? undefined : Buffer.from(comment);
    this.source = source;
    this.hasSwappedBreaks = hasSwappedBreaks;
    this.line = firstLine;
    this.#reject = reject;
  }

  /** The place for messages: `logs.csv:12`. */
  toString(): string {
    return `${this.source}:${this.line}`;
  }

  /** Whether the line there is a comment. */
  isComment(bytes: Buffer, start: number): boolean {
    const { comment } = this;
    return comment?.equals(bytes.subarray(start, start + comment.length)) === true;
  }

  /** Skips a line that is blank or a comment. */
  leaveOut(bytes: Buffer, start: number): void {
    if (this.isComment(bytes, start)) this.comments++;
    this.line++;
  }

  /** Rejects the record that begins at this line, and skips it. */
  reject(record: Buffer, rejection: Rejection): void {
    const line = asLine(record, this.source, this.line);
    this.#reject(this.hasSwappedBreaks ? { ...line, text: swapBreaks(line.text) } : line, rejection);
    this.line += lineCount(record);
  }
}

/** A record as the line where it begins. */
export function asLine(record: Buffer, source: string, number: number): Line {
  const text = decodeText(record).replace(/\r?\n$/, '');
  return { text, source, number, torn: isTorn(record) };
}
