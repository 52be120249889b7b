// The index: where each line, and each of its fields, ends.
//
// It lists the addresses of all delimiters, quotes and newlines of a page; of newlines only, if fields are found without
// it. A plain line has one entry per field, the last a newline; the entry before them is the newline of the previous line.

import { INDEX, NEWLINE, PAGE, QUOTE } from './layout';
import { delimiter, hasOnlyNewlines, lineIndex } from './shape';

/** The address of the next line's first entry, and the end of the index. */
export let cursor: u32 = 0;
export let filled: u32 = 0;
/** Where the line skipped by `skipLine` begins or, after `noteLine`, the next one. */
export let lineStart: u32 = 0;

/** The end of the input indexed so far, and the end of all input. */
let indexed: u32 = 0;
let limit: u32 = 0;

/** Sets the input, from `start` to `end`. A line begins at its start. */
export function feed(start: u32, end: u32): void {
  store<u32>(INDEX, start - 1);
  cursor = INDEX + 4;
  filled = INDEX + 4;
  indexed = start;
  limit = end;
}

/** Makes sure that the next line is indexed as a whole; false if its end has not been fed, or it has too few fields. */
export function findLine(): bool {
  while (cursor + lineIndex > filled) {
    if (indexed >= limit) return false;
    cursor = indexPage(cursor);
  }
  return true;
}

/** Moves on by `count` plain lines. */
export function passLines(count: u32): void {
  cursor += count * lineIndex;
}

/** Records where the next line begins. */
export function noteLine(): void {
  lineStart = load<u32>(cursor - 4) + 1;
}

/** Whether no entry is left: what follows is at most the beginning of a line, without any delimiter. */
export function isAtEnd(): bool {
  return cursor == filled;
}

/** Skips the line at the cursor and records where it begins; false if its end has not been fed. */
export function skipLine(): bool {
  lineStart = load<u32>(cursor - 4) + 1;
  let at = cursor;
  while (true) {
    if (at == filled) {
      if (indexed >= limit) return false;
      // The entries of this line are no longer needed.
      filled = cursor;
      at = indexPage(cursor);
    } else if (load<u8>(load<u32>(at)) == NEWLINE) break;
    else at += 4;
  }
  cursor = at + 4;
  return true;
}

/** Moves the rest of the index, and the entry before it, to the front, and appends the next page. */
function indexPage(at: u32): u32 {
  const left = filled - (at - 4);
  memory.copy(INDEX, at - 4, left);
  const out = INDEX + left;
  const end = min(indexed + PAGE, limit);
  filled = hasOnlyNewlines ? indexInto(out, end, true) : indexInto(out, end, false);
  indexed = end;
  return INDEX + 4;
}

/** Appends entries up to `end`; returns the new end of the index. `onlyNewlines` is constant, to compile two loops. */
@inline
function indexInto(start: u32, end: u32, onlyNewlines: bool): u32 {
  let out = start;
  for (let block = indexed; block < end; block += 64) {
    let bits =
      bits16(block, onlyNewlines) |
      (bits16(block + 16, onlyNewlines) << 16) |
      (bits16(block + 32, onlyNewlines) << 32) |
      (bits16(block + 48, onlyNewlines) << 48);
    if (end - block < 64) bits &= (u64(1) << (end - block)) - 1;
    const next = out + (u32(popcnt(bits)) << 2);
    // Store as many at once as a block usually has. Surplus entries are harmless: the next block overwrites them.
    do {
      bits = addFour(out, block, bits);
      if (!onlyNewlines) bits = addFour(out + 16, block, bits);
      out += onlyNewlines ? 16 : 32;
    } while (bits != 0);
    out = next;
  }
  return out;
}

/** Appends entries for the four lowest set bits; returns the other bits. */
@inline
function addFour(out: u32, block: u32, bits: u64): u64 {
  store<u32>(out, block + u32(ctz(bits)));
  const second = bits & (bits - 1);
  store<u32>(out, block + u32(ctz(second)), 4);
  const third = second & (second - 1);
  store<u32>(out, block + u32(ctz(third)), 8);
  const fourth = third & (third - 1);
  store<u32>(out, block + u32(ctz(fourth)), 12);
  return fourth & (fourth - 1);
}

@inline
function bits16(at: u32, onlyNewlines: bool): u64 {
  const bytes = v128.load(at);
  const newlines = i8x16.eq(bytes, i8x16.splat(i8(NEWLINE)));
  if (onlyNewlines) return u64(i8x16.bitmask(newlines));
  const ends = v128.or(newlines, i8x16.eq(bytes, i8x16.splat(i8(QUOTE))));
  return u64(i8x16.bitmask(v128.or(ends, i8x16.eq(bytes, i8x16.splat(i8(delimiter))))));
}

/** The address of a line's first delimiter; its end if there is none. */
export function firstDelimiter(start: u32, end: u32): u32 {
  const bits = u32(i8x16.bitmask(i8x16.eq(v128.load(start), i8x16.splat(i8(delimiter)))));
  if (bits != 0) return min(end, start + ctz(bits));
  let at = start + 16;
  while (at < end && u32(load<u8>(at)) != delimiter) at++;
  return min(end, at);
}

/** The address after the last delimiter before `end`; `start` if there is none. */
export function behindDelimiter(start: u32, end: u32): u32 {
  const bits = u32(i8x16.bitmask(i8x16.eq(v128.load(end - 16), i8x16.splat(i8(delimiter)))));
  if (bits != 0) return max(start, end + 16 - u32(clz(bits)));
  let at = end - 16;
  while (at > start && u32(load<u8>(at - 1)) != delimiter) at--;
  return max(start, at);
}
