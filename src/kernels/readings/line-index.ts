// The index: where each line, and each of its fields, ends.
//
// It is a list of the addresses of all delimiters, quotes and newlines, made page by page; of newlines only, where fields
// are found without it. A plain line has as many entries as fields, the last a newline; the entry before them is the
// newline of the line before.

import { INDEX, NEWLINE, PAGE, QUOTE } from './layout';
import { delimiter, hasOnlyNewlines, lineIndex } from './shape';

/** The address of the next line's first entry, and the end of the index. */
export let cursor: u32 = 0;
export let filled: u32 = 0;
/** Where the line begins that `skipLine` has skipped or, after `noteLine`, the next one. */
export let lineStart: u32 = 0;

/** How far input was indexed, and where it ends. */
let indexed: u32 = 0;
let limit: u32 = 0;

/** New input lies from `start` to `end`, and a line begins at its start. */
export function feed(start: u32, end: u32): void {
  store<u32>(INDEX, start - 1);
  cursor = INDEX + 4;
  filled = INDEX + 4;
  indexed = start;
  limit = end;
}

/** Indexes the next line as a whole; false when its end has not been fed, or it has fewer fields. */
export function findLine(): bool {
  while (cursor + lineIndex > filled) {
    if (indexed >= limit) return false;
    cursor = indexPage(cursor);
  }
  return true;
}

/** Goes on after `count` plain lines. */
export function passLines(count: u32): void {
  cursor += count * lineIndex;
}

/** Notes where the next line begins. */
export function noteLine(): void {
  lineStart = load<u32>(cursor - 4) + 1;
}

/** Whether no entry is left: at most the beginning of a line without any delimiter follows. */
export function isAtEnd(): bool {
  return cursor == filled;
}

/** Steps over the line at the cursor and notes where it begins; false when its end has not been fed. */
export function skipLine(): bool {
  lineStart = load<u32>(cursor - 4) + 1;
  let at = cursor;
  while (true) {
    if (at == filled) {
      if (indexed >= limit) return false;
      // The line's entries so far are not needed any more.
      filled = cursor;
      at = indexPage(cursor);
    } else if (load<u8>(load<u32>(at)) == NEWLINE) break;
    else at += 4;
  }
  cursor = at + 4;
  return true;
}

/** Moves the rest of the index, and the entry before it, to its beginning, and adds the next page. */
function indexPage(at: u32): u32 {
  const left = filled - (at - 4);
  memory.copy(INDEX, at - 4, left);
  const out = INDEX + left;
  const end = min(indexed + PAGE, limit);
  filled = hasOnlyNewlines ? indexInto(out, end, true) : indexInto(out, end, false);
  indexed = end;
  return INDEX + 4;
}

/** Adds entries up to `end`; returns the new end of the index. With a constant `onlyNewlines` it is a loop of its own. */
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
    // As many at once as a block mostly has; surplus ones do no harm, since the next block writes over them.
    do {
      bits = addFour(out, block, bits);
      if (!onlyNewlines) bits = addFour(out + 16, block, bits);
      out += onlyNewlines ? 16 : 32;
    } while (bits != 0);
    out = next;
  }
  return out;
}

/** Adds entries for the four lowest bits; returns the other bits. */
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

/** The address of the first delimiter of a line; its end when there is none. */
export function firstDelimiter(start: u32, end: u32): u32 {
  const bits = u32(i8x16.bitmask(i8x16.eq(v128.load(start), i8x16.splat(i8(delimiter)))));
  if (bits != 0) return min(end, start + ctz(bits));
  let at = start + 16;
  while (at < end && u32(load<u8>(at)) != delimiter) at++;
  return min(end, at);
}

/** The address behind the last delimiter before the end; the start when there is none. */
export function behindDelimiter(start: u32, end: u32): u32 {
  const bits = u32(i8x16.bitmask(i8x16.eq(v128.load(end - 16), i8x16.splat(i8(delimiter)))));
  if (bits != 0) return max(start, end + 16 - u32(clz(bits)));
  let at = end - 16;
  while (at > start && u32(load<u8>(at - 1)) != delimiter) at--;
  return max(start, at);
}
