// Runs of bytes: finding their ends, and copying them.

import { COMMA } from './layout';

/** Whether the text last scanned by `textEnd` has a comma. */
export let hasComma: bool = false;

/**
 * The end of the text at `start`: the byte `ending`, or the first byte that is not plain (a quote, a backslash, a control
 * character, or not ASCII). `least` is 32 for text with blanks, 33 without.
 */
export function textEnd(start: u32, least: i8, ending: u32): u32 {
  let commas: i32 = 0;
  let at = start;
  let ends = endsAt(at, least, ending);
  while (ends == 0) {
    commas |= bytesAt(at, COMMA);
    at += 16;
    ends = endsAt(at, least, ending);
  }
  const length = ctz(ends);
  hasComma = (commas | (bytesAt(at, COMMA) & ((1 << length) - 1))) != 0;
  return at + length;
}

/** A bit mask of those of the 16 bytes at `at` that end a text. */
@inline
function endsAt(at: u32, least: i8, ending: u32): i32 {
  const bytes = v128.load(at);
  // Signed comparison: bytes above 127 are negative.
  const control = i8x16.lt_s(bytes, i8x16.splat(least));
  const quote = v128.or(isByte(bytes, 0x22), isByte(bytes, 0x5c));
  return i8x16.bitmask(v128.or(v128.or(control, quote), isByte(bytes, ending)));
}

@inline
function bytesAt(at: u32, byte: u32): i32 {
  return i8x16.bitmask(isByte(v128.load(at), byte));
}

@inline
function isByte(bytes: v128, byte: u32): v128 {
  return i8x16.eq(bytes, i8x16.splat(u8(byte)));
}

/** The end of the expected bytes at `at`; 0 if other bytes are there. */
export function skip(at: u32, expected: u32, length: u32): u32 {
  for (let offset: u32 = 0; offset < length; offset++)
    if (load<u8>(at + offset) != load<u8>(expected + offset)) return 0;
  return at + length;
}

/** Copies `length` bytes, and up to 15 more. */
export function copy(to: u32, from: u32, length: u32): void {
  for (let at: u32 = 0; at < length; at += 16) v128.store(to + at, v128.load(from + at));
}

@inline
export function isDigit(at: u32): bool {
  return u32(load<u8>(at)) - 48 < 10;
}
