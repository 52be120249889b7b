/** Skips the lines at the beginning of a source that are not input, such as a title above a table. */

const NEWLINE = 10;

/** The offset after this many lines; undefined if these bytes hold fewer. */
export function offsetBehind(lines: number, bytes: Buffer): number | undefined {
  let at = 0;
  for (let left = lines; left > 0; left--) {
    at = bytes.indexOf(NEWLINE, at) + 1;
    if (at === 0) return undefined;
  }
  return at;
}

/** The same chunks without the first lines. @param nothingLeft called at the end if there was input, all of it skipped */
export async function* withoutLines(
  chunks: AsyncIterable<Buffer>,
  lines: number,
  nothingLeft: () => void,
): AsyncGenerator<Buffer> {
  let left = lines;
  let [read, skipped] = [0, 0];
  for await (const chunk of chunks) {
    read += chunk.length;
    let at = 0;
    for (; left > 0 && at < chunk.length; left--) {
      const newline = chunk.indexOf(NEWLINE, at);
      if (newline < 0) break;
      at = newline + 1;
    }
    skipped += left === 0 ? at : chunk.length;
    if (left === 0) yield chunk.subarray(at);
  }
  if (read > 0 && read === skipped) nothingLeft();
}
