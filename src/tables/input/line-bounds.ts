/** Finds line boundaries in a block. */

const [NEWLINE, RETURN] = [10, 13];

/** Offset of the next line after `start`; the length of the bytes if there is none. */
export function lineEnd(bytes: Buffer, start: number): number {
  const newline = bytes.indexOf(NEWLINE, start);
  return newline < 0 ? bytes.length : newline + 1;
}

/** Whether the line that begins at `start` is empty; false at the end of the bytes. */
export function isBlank(bytes: Buffer, start: number): boolean {
  return bytes[start] === NEWLINE || (bytes[start] === RETURN && bytes[start + 1] === NEWLINE);
}

/** Number of lines in a record, with or without its trailing newline; 1 for no bytes. */
export function lineCount(record: Buffer): number {
  let count = 1;
  for (
    let at = record.indexOf(NEWLINE);
    at >= 0 && at < record.length - 1;
    at = record.indexOf(NEWLINE, at + 1)
  )
    count++;
  return count;
}

/** Whether the bytes lack a trailing newline. */
export function isTorn(bytes: Buffer): boolean {
  return bytes.at(-1) !== NEWLINE;
}
