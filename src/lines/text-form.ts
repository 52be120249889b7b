/** How the bytes of a source become lines of text. */

import type { Encoding } from './encoding.ts';

/** What a tool knows about its input. */
export interface TextForm {
  /** Of text without a byte order mark; undefined for UTF-8. */
  readonly encoding?: Encoding | undefined;
  /** Whether lines may all end in carriage returns. If so, a source is passed on only once its first line has come. */
  readonly mayEndInReturns?: boolean;
  /** The number of lines to skip at the beginning; none by default. */
  readonly skipLines?: number;
}

/** What a reader of lines must know about them. */
export interface LinesOf {
  /** The number of the first line. */
  readonly firstLine: number;
  /** Whether line breaks in quotes are swapped: see `line-ends.ts`. */
  readonly hasSwappedBreaks: boolean;
}

export const usualLines: LinesOf = { firstLine: 1, hasSwappedBreaks: false };
