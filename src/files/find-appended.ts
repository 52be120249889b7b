/** Finds the lines that a process appended before it died, among lines that other programs appended. */

const NEWLINE = 10;

/** Where a prefix of the lines was found. */
export interface Appended {
  readonly at: number;
  /** Bytes of the lines found there. */
  readonly length: number;
}

/**
 * The longest prefix of `lines` that occurs at the start of a line of `bytes`. Other programs may have written before and
 * after it; the prefix may end within a line only at the end of `bytes`.
 *
 * @returns undefined when not even one line is found
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

/** The content without `lines`, matched in order, each removed once. */
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

/** Offset after the line at this offset, newline included. */
function afterLine(bytes: Buffer, at: number): number {
  const newline = bytes.indexOf(NEWLINE, at);
  return newline < 0 ? bytes.length : newline + 1;
}

/**
 * For each line start of `bytes`, the length of the common prefix with `lines`.
 *
 * By the Z algorithm (Gusfield, Algorithms on Strings, 1997, 1.4), since a file of many equal lines would make the naive
 * search quadratic. Memory: four bytes per byte of `lines`.
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

/** The same for every offset from `first`; `own` holds the values for `lines` itself, as far as they are known. */
function* matches(
  bytes: Buffer,
  first: number,
  lines: Buffer,
  own: Int32Array,
): Generator<{ at: number; same: number }> {
  // bytes[start, end) is a prefix of `lines`: the Z box.
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
