/** The first two names that denote the same column: equal, or different only in case. Undefined if there are none. */
export function sameColumnNames(names: readonly string[]): readonly [string, string] | undefined {
  const known = new Map<string, string>();
  for (const name of names) {
    const same = known.get(name.toLowerCase());
    if (same !== undefined) return [same, name];
    known.set(name.toLowerCase(), name);
  }
  return undefined;
}
