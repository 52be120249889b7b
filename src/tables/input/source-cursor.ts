/** The position of the next record in a source. */

import type { Line, Reject, Rejection } from '../../lines/line.ts';
import { swapBreaks } from '../../lines/line-ends.ts';
import { decodeText } from '../../lines/text.ts';
import { type LinesOf, usualLines } from '../../lines/text-form.ts';
import { isTorn, lineCount } from './line-bounds.ts';

/** Counts the lines of a source, and rejects records with their first line number. */
export class SourceCursor {
  readonly source: string;
  /** Whether line breaks in quotes were swapped: see `line-ends.ts`. */
  readonly hasSwappedBreaks: boolean;
  /** Number of the next line, from 1. */
  line: number;
  /** Number of comment lines skipped. */
  comments = 0;
  /** The prefix of comment lines; undefined for no comments. */
  comment: Buffer | undefined;
  readonly #reject: Reject;

  /** @param comment the prefix of comment lines; undefined for no comments */
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

  /** The position for messages: `logs.csv:12`. */
  toString(): string {
    return `${this.source}:${this.line}`;
  }

  /** Whether the line at this offset is a comment. */
  isComment(bytes: Buffer, start: number): boolean {
    const { comment } = this;
    return comment?.equals(bytes.subarray(start, start + comment.length)) === true;
  }

  /** Skips a blank or comment line. */
  leaveOut(bytes: Buffer, start: number): void {
    if (this.isComment(bytes, start)) this.comments++;
    this.line++;
  }

  /** Rejects the record at the current line, and skips it. */
  reject(record: Buffer, rejection: Rejection): void {
    const line = asLine(record, this.source, this.line);
    this.#reject(this.hasSwappedBreaks ? { ...line, text: swapBreaks(line.text) } : line, rejection);
    this.line += lineCount(record);
  }
}

/** A record as a Line at its first line. */
export function asLine(record: Buffer, source: string, number: number): Line {
  const text = decodeText(record).replace(/\r?\n$/, '');
  return { text, source, number, torn: isTorn(record) };
}
