// Parses the decimal of a field: 21.50 is 2150 units at scale 2.
//
// Up to eight characters are loaded as one word, the last in the highest byte, and all digits are converted at once. Longer
// numbers, up to 18 digits, are read digit by digit.

import { POINT, POWERS, ZERO } from './layout';

const ZEROS: u64 = 0x3030303030303030;
/** The bit that is set in '.' ^ '0' but in no digit ^ '0'. */
const POINT_BITS: u64 = 0x1010101010101010;
/** Added to a byte below 128, sets its top bit if the byte is above 9. */
const ABOVE_NINE: u64 = 0x7676767676767676;
const TOP_BITS: u64 = 0x8080808080808080;

/** 10^`exponent`, from 0 to 18. */
export function powerOfTen(exponent: u32): i64 {
  return load<i64>(POWERS + (exponent << 3));
}

/** One to eight characters, each xor '0', in the upper bytes of a word; zeros below. */
@inline
export function wordOf(start: u32, length: u32): u64 {
  return (load<u64>(start) ^ ZEROS) << (u64(8 - length) << 3);
}

/** The `POINT_BITS` bit of the first byte that may be a point; 0 if there is none. */
@inline
export function pointOf(word: u64): u64 {
  const points = word & POINT_BITS;
  return points & -points;
}

/** Whether the byte marked by `point` really is a point. */
@inline
export function isPoint(word: u64, point: u64): bool {
  return (word & ((point << 4) - (point >> 4))) == (point >> 4) * (POINT ^ ZERO);
}

/** The word without the byte of the point: the bytes below move up. */
@inline
export function withoutPoint(word: u64, point: u64): u64 {
  return ((word & ((point >> 4) - 1)) << 8) | (word & -(point << 4));
}

/** The number of bytes above the point; 0 without a point. */
@inline
export function scaleOf(point: u64): i32 {
  return i32(clz(point) >> 3) & 7;
}

/** Nonzero if a byte is above nine. */
@inline
export function notDigits(word: u64): u64 {
  return ((word + ABOVE_NINE) | word) & TOP_BITS;
}

/** The number formed by eight digits: pairs of digits first, then fours, then all eight. */
@inline
export function unitsOf(word: u64): i64 {
  const pairs = word * 10 + (word >> 8);
  // Each of the two multiplications weighs two of the four pairs: by 100 and 1000000, and by 1 and 10000.
  const outer = (pairs & 0x000000ff000000ff) * 0x000f424000000064;
  const inner = ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
  return i64((outer + inner) >> 32);
}

/** The scale of the number that `readLong` read; -1 if it was not a number. */
export let longScale: i32 = 0;

/** The units of up to 18 digits with at most one point, anywhere. */
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
