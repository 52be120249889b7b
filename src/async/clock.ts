/** A clock for lengths of time. */

/**
 * Milliseconds from some beginning; nobody sets it forward or back.
 *
 * Not performance.now(), which loads a dozen modules of Node at its first call.
 */
export function elapsedMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
