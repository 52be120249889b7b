/** The monotonic clock. */

/**
 * Milliseconds since an arbitrary fixed moment, unaffected when the wall clock is set.
 *
 * Not performance.now(): its first call loads a dozen modules of Node.
 */
export function elapsedMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
