/** Promises that are awaited later. */

/** The same promise, which may reject before it is awaited without counting as an unhandled rejection. */
export function later<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
