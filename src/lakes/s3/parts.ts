/**
 * The part sizes of a multipart upload.
 *
 * An upload has at most 10,000 parts, and the length of a stream is unknown, so the parts grow. The maximum is 351 GiB.
 */

const MEBIBYTE = 1 << 20;
export const MAX_PARTS = 10_000;
/** Number of parts after which the length doubles. */
const ALIKE = 625;

/** Length of the first part. Objects up to this length are a single request. */
export const FIRST_PART = 8 * MEBIBYTE;
/** Limits the growth to save memory: that of the previous part is not freed at once. */
const LONGEST_PART = 5 * FIRST_PART;

/** The length of a part. @param index from 0 */
export function partLength(index: number): number {
  return Math.min(FIRST_PART * 2 ** Math.floor(index / ALIKE), LONGEST_PART);
}
