/** Where the lines of a block end. */

const [NEWLINE, RETURN] = [10, 13];

/** Offset of the line behind the one that holds `start`; the length of the bytes when there is none. */
export function lineEnd(bytes: Buffer, start: number): number {
  const newline = bytes.indexOf(NEWLINE, start);
  return newline < 0 ? bytes.length : newline + 1;
}

/** Whether the line that begins at `start` is empty; false at the end of the bytes. */
export function isBlank(bytes: Buffer, start: number): boolean {
  return bytes[start] === NEWLINE || (bytes[start] === RETURN && bytes[start + 1] === NEWLINE);
}

/** Number of lines in a record, with or without its last newline; 1 for no bytes. */
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

/** Whether the bytes do not end with a newline. */
export function isTorn(bytes: Buffer): boolean {
  return bytes.at(-1) !== NEWLINE;
}
