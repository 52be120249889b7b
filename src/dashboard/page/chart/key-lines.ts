/** Lays out the keys of a legend side by side, wrapped into lines. Lengths are pixels. */

/** The position of a key. */
interface PlacedKey<Key> {
  readonly key: Key;
  /** Distance from the start of its line. */
  readonly left: number;
}

/** Wraps keys into lines of this width; a wider key gets its own line. */
export function inLines<Key>(
  keys: readonly Key[],
  widthOf: (key: Key) => number,
  width: number,
): PlacedKey<Key>[][] {
  const lines: PlacedKey<Key>[][] = [];
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
