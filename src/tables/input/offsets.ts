/** Growable arrays of offsets. */

/** A copy with twice the capacity. */
export function grown(offsets: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(2 * offsets.length);
  more.set(offsets);
  return more;
}
