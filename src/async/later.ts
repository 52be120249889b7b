/** Promises that are awaited later. */

/** The same promise; when it rejects before it is awaited, that does not count as an unhandled rejection. */
export function later<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
