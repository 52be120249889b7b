/**
 * How an object is cut into the parts of an upload.
 *
 * An upload has at most 10,000 parts, and nobody knows how long a stream will be: the parts grow. At most 542 GiB fit into one.
 */

const MEBIBYTE = 1 << 20;
export const MOST_PARTS = 10_000;
/** Parts of one length. */
const ALIKE = 625;
/** Memory is what ends their growth. */
const MOST_DOUBLINGS = 3;

/** The length of the first part. What is not longer than that is no upload of parts, but one request. */
export const FIRST_PART = 8 * MEBIBYTE;

/** The length of a part. @param index from 0 */
export function partLength(index: number): number {
  return FIRST_PART * 2 ** Math.min(Math.floor(index / ALIKE), MOST_DOUBLINGS);
}
