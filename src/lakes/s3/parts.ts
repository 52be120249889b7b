/**
 * How an object is cut into the parts of an upload.
 *
 * An upload has at most 10,000 parts, and nobody knows how long a stream will be: the parts grow. At most 351 GiB fit into one.
 */

const MEBIBYTE = 1 << 20;
export const MOST_PARTS = 10_000;
/** Parts of one length. */
const ALIKE = 625;

/** The length of the first part. What is not longer than that is no upload of parts, but one request. */
export const FIRST_PART = 8 * MEBIBYTE;
/** Memory is what ends their growth: also that of the part before is not free at once. */
const LONGEST_PART = 5 * FIRST_PART;

/** The length of a part. @param index from 0 */
export function partLength(index: number): number {
  return Math.min(FIRST_PART * 2 ** Math.floor(index / ALIKE), LONGEST_PART);
}
