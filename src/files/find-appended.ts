/** Finds lines that a process has appended to a file before it died, among those that other programs have appended. */

const NEWLINE = 10;

/** A part of lines that stands in a file. */
export interface Appended {
  /** Where it begins. */
  readonly at: number;
  /** How many bytes of the lines stand there, from the first one on. */
  readonly length: number;
}

/**
 * The longest beginning of `lines` that begins where a line of `bytes` does. Other programs may have written before it and
 * behind it; only as the end of `bytes` does half a line count.
 *
 * @returns undefined when not even a line is found
 */
export function findAppended(bytes: Buffer, lines: Buffer): Appended | undefined {
  let longest: Appended | undefined;
  for (let at = 0; at < bytes.length; at = afterLine(bytes, at)) {
    const same = commonLength(bytes.subarray(at), lines);
    const isEnd = same > 0 && at + same === bytes.length;
    if (isEnd || same === lines.length) return { at, length: same };
    const length = lines.lastIndexOf(NEWLINE, same - 1) + 1;
    if (same > 0 && length > (longest?.length ?? 0)) longest = { at, length };
  }
  return longest;
}

/** The content without lines that stand in it in the same order, each taken off once; those that do not stand in it are passed over. */
export function withoutLines(content: Buffer, lines: Buffer): Buffer {
  const kept: Buffer[] = [];
  let next = 0;
  for (let at = 0; at < content.length; ) {
    const line = content.subarray(at, afterLine(content, at));
    at += line.length;
    const end = afterLine(lines, next);
    if (next < lines.length && line.equals(lines.subarray(next, end))) next = end;
    else kept.push(line);
  }
  return Buffer.concat(kept);
}

/** Offset after the newline that ends the line at this offset, or the end. */
function afterLine(bytes: Buffer, at: number): number {
  const newline = bytes.indexOf(NEWLINE, at);
  return newline < 0 ? bytes.length : newline + 1;
}

function commonLength(bytes: Buffer, lines: Buffer): number {
  const most = Math.min(bytes.length, lines.length);
  if (bytes.subarray(0, most).equals(lines.subarray(0, most))) return most;
  let length = 0;
  while (length < most && bytes[length] === lines[length]) length += 1;
  return length;
}
