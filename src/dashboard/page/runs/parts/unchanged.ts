/** Detects whether anything has changed: views are called each second. */

/** A function that returns whether all values are the same as in its last call. After `forget`, the next call returns false. */
export function createUnchanged(): { (values: readonly unknown[]): boolean; forget(): void } {
  let last: readonly unknown[] | undefined;
  const isUnchanged = (values: readonly unknown[]): boolean => {
    const before = last;
    last = values;
    return before?.length === values.length && values.every((value, at) => Object.is(value, before[at]));
  };
  return Object.assign(isUnchanged, {
    forget: () => {
      last = undefined;
    },
  });
}
