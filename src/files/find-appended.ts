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
  for (const { at, same } of commonParts(bytes, lines)) {
    const isEnd = same > 0 && at + same === bytes.length;
    if (isEnd || same === lines.length) return { at, length: same };
    const length = lines.lastIndexOf(NEWLINE, same - 1) + 1;
    if (same > 0 && length > (longest?.length ?? 0)) longest = { at, length };
  }
  return longest;
}

/** The content without `lines`, which stand in it in this order: each is removed once; those that are missing are passed over. */
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

/**
 * How many bytes at the beginning of each line of `bytes` are those at the beginning of `lines`.
 *
 * By the Z algorithm (Gusfield, Algorithms on Strings, 1997, 1.4), which compares no byte that is known to be equal: the same
 * line may stand there again and again. Memory: four bytes per byte of `lines`.
 */
function* commonParts(bytes: Buffer, lines: Buffer): Generator<{ at: number; same: number }> {
  const most = Math.min(bytes.length, lines.length);
  if (bytes.subarray(0, most).equals(lines.subarray(0, most))) yield { at: 0, same: most };
  const own = new Int32Array(lines.length);
  own[0] = lines.length;
  for (const { at, same } of matches(lines, 1, lines, own)) own[at] = same;
  for (const { at, same } of matches(bytes, 0, lines, own))
    if (at === 0 || bytes[at - 1] === NEWLINE) yield { at, same };
}

/** The same from each offset, given it for the offsets of `lines` itself, as far as it has come. */
function* matches(
  bytes: Buffer,
  first: number,
  lines: Buffer,
  own: Int32Array,
): Generator<{ at: number; same: number }> {
  // The bytes up to `end` are those of `lines`, from `start` on.
  let [start, end] = [first, first];
  for (let at = first; at < bytes.length; at++) {
    let same = at < end ? Math.min(own[at - start] ?? 0, end - at) : 0;
    if (at + same >= end) {
      while (same < lines.length && at + same < bytes.length && bytes[at + same] === lines[same]) same++;
      [start, end] = [at, at + same];
    }
    yield { at, same };
  }
}
