/** Offsets that are added one by one. */

/** The same offsets, with room for as many again. */
export function grown(offsets: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(2 * offsets.length);
  more.set(offsets);
  return more;
}
