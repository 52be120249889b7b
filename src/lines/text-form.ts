/** How the bytes of a source become lines of text. */

import type { Encoding } from './encoding.ts';

/** What a tool says about its input. */
export interface TextForm {
  /** Of text without a byte order mark; undefined for UTF-8. */
  readonly encoding?: Encoding | undefined;
  /** Whether lines may all end in carriage returns. Then a source comes when its first line has come. */
  readonly mayEndInReturns?: boolean;
  /** How many lines at its beginning are no input; none by default. */
  readonly skipLines?: number;
}

/** What whoever reads lines must know of them. */
export interface LinesOf {
  /** The number of the first line. */
  readonly firstLine: number;
  /** Whether breaks in quotes have changed places: see `line-ends.ts`. */
  readonly hasSwappedBreaks: boolean;
}

/** Lines as they mostly are. */
export const usualLines: LinesOf = { firstLine: 1, hasSwappedBreaks: false };
