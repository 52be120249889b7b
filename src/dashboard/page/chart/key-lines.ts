/** Keys of a legend beside each other, in as many lines as they need. Lengths are pixels. */

/** Where a key stands. */
interface Laid<Key> {
  readonly key: Key;
  /** From the left of its line. */
  readonly left: number;
}

/** Keys in lines of this width; one that is wider has a line of its own. */
export function inLines<Key>(
  keys: readonly Key[],
  widthOf: (key: Key) => number,
  width: number,
): Laid<Key>[][] {
  const lines: Laid<Key>[][] = [];
  let left = Number.POSITIVE_INFINITY;
  for (const key of keys) {
    const own = widthOf(key);
    if (left + own > width) {
      lines.push([]);
      left = 0;
    }
    lines.at(-1)?.push({ key, left });
    left += own;
  }
  return lines;
}
