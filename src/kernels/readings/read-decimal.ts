// Reads the decimal of a field: 21.50 is 2150 units with the scale 2.
//
// Up to eight characters are read as one word, with the last character in the highest byte, and all its digits are
// added up at once. Longer ones, up to 18 digits, are read one by one.

import { POINT, POWERS, ZERO } from './layout';

const ZEROS: u64 = 0x3030303030303030;
/** The bits that are set in a point, and in no digit, when '0' is taken from it. */
const POINT_BITS: u64 = 0x1010101010101010;
/** Leaves the top bit clear when it is added to a byte of 0 to 9, and sets it when it is added to more. */
const ABOVE_NINE: u64 = 0x7676767676767676;
const TOP_BITS: u64 = 0x8080808080808080;

/** 10 to the power of 0 to 18. */
export function powerOfTen(exponent: u32): i64 {
  return load<i64>(POWERS + (exponent << 3));
}

/** One to eight characters, less '0' each, in the upper bytes of a word; zeros below. */
@inline
export function wordOf(start: u32, length: u32): u64 {
  return (load<u64>(start) ^ ZEROS) << (u64(8 - length) << 3);
}

/** The lowest bit that a point has in the byte of the first point or so; 0 when there is none. */
@inline
export function pointOf(word: u64): u64 {
  const points = word & POINT_BITS;
  return points & -points;
}

/** Whether the byte with this lowest bit is a point indeed. */
@inline
export function isPoint(word: u64, point: u64): bool {
  return (word & ((point << 4) - (point >> 4))) == (point >> 4) * (POINT ^ ZERO);
}

/** The word without the byte of the point: those below move up. */
@inline
export function withoutPoint(word: u64, point: u64): u64 {
  return ((word & ((point >> 4) - 1)) << 8) | (word & -(point << 4));
}

/** The number of bytes above the point; 0 without a point. */
@inline
export function scaleOf(point: u64): i32 {
  return i32(clz(point) >> 3) & 7;
}

/** Not 0 when a byte is above nine. */
@inline
export function notDigits(word: u64): u64 {
  return ((word + ABOVE_NINE) | word) & TOP_BITS;
}

/** The number that eight digits make: first pairs of them, then fours, then all. */
@inline
export function unitsOf(word: u64): i64 {
  const pairs = word * 10 + (word >> 8);
  // Each of two multiplications weighs two of the four pairs: by 100 and 1000000, by 1 and 10000.
  const outer = (pairs & 0x000000ff000000ff) * 0x000f424000000064;
  const inner = ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
  return i64((outer + inner) >> 32);
}

/** The scale of the number that `readLong` has read; -1 when it was no number. */
export let longScale: i32 = 0;

/** The units of up to 18 digits with at most one point between, before or after them. */
export function readLong(start: u32, end: u32): i64 {
  let units: i64 = 0;
  let count = 0;
  let point: u32 = 0;
  for (let at = start; at < end; at++) {
    const digit = u32(load<u8>(at)) - ZERO;
    if (digit < 10 && count < 18) {
      units = units * 10 + i64(digit);
      count++;
    } else if (digit + ZERO == POINT && point == 0) {
      point = at + 1;
    } else {
      count = 0;
      break;
    }
  }
  longScale = count == 0 ? -1 : point == 0 ? 0 : i32(end - point);
  return units;
}
