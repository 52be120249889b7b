/** A clock for durations. */

/**
 * Milliseconds since some fixed moment; setting the computer's clock does not change them.
 *
 * Not performance.now(), which loads a dozen modules of Node at its first call.
 */
export function elapsedMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
