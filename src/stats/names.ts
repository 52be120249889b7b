/** Sorts names by code point, which is also their byte order in UTF-8. */

/** A sorted copy. */
export function sortedNames(names: Iterable<string>): string[] {
  // UTF-16 order differs only with surrogates, and is much faster.
  const sorted = [...names].sort();
  return sorted.some((name) => SURROGATE.test(name)) ? sorted.sort(compareNames) : sorted;
}

/** Matches half of a character beyond U+FFFF. */
const SURROGATE = /[\ud800-\udfff]/;

/** Negative, 0 or positive as `a` comes before, is equal to, or comes after `b`. */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const difference = rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The rank of a UTF-16 code unit, with surrogates after all others. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
