/**
 * How an object is cut into the parts of an upload.
 *
 * An upload has at most 10,000 parts, and nobody knows how long a stream will be: the parts grow. At most 351 GiB fit into one.
 */

const MEBIBYTE = 1 << 20;
export const MOST_PARTS = 10_000;
/** Number of parts after which their length doubles. */
const ALIKE = 625;

/** Length of the first part. An object no longer than this is one request, not an upload. */
export const FIRST_PART = 8 * MEBIBYTE;
/** Memory ends their growth: that of the part before is not freed at once. */
const LONGEST_PART = 5 * FIRST_PART;

/** The length of a part. @param index from 0 */
export function partLength(index: number): number {
  return Math.min(FIRST_PART * 2 ** Math.floor(index / ALIKE), LONGEST_PART);
}
