/** Whether there is anything new to show: views are called each second. */

/** A function that tells whether all values are those of its last call. `forget` has it say no once. */
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
