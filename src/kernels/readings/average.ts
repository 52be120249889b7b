// The average of a group, rounded once.

import { divide, isHalf, quotient } from './division';
import { GROUP_COUNT, GROUP_SCALE } from './groups';
import { MINUS, POINT } from './layout';
import { powerOfTen } from './read-decimal';
import { putByte, putDecimal, putDigits, putMagnitude } from './row-text';
import { findSum, sumHigh, sumLow } from './sum';

/** A remainder below 2^32 times 10^9 still fits into 64 bits. */
const MAX_EXTRA: i32 = 9;

/**
 * Writes the average of a group with this many places, rounded half away from zero like `multiplyByRatio` in
 * src/stats/decimal.ts. Returns false and writes nothing if the result needs more than 64 bits.
 */
export function putAverage(group: u32, places: i32): bool {
  const scale = i32(load<u8>(group, GROUP_SCALE));
  const count = u64(load<u32>(group, GROUP_COUNT));
  const isNegative = findSum(group);
  const extra = places - scale;
  if (extra < 0 || extra > MAX_EXTRA) {
    if (!divide(sumHigh, sumLow, scale, count, places)) return false;
    const rounded = i64(quotient) + i64(isHalf());
    putDecimal(isNegative ? -rounded : rounded, places);
    return true;
  }
  // Values have at most 62 bits, so the quotient has too, and `sumHigh` is below the count: two 32-bit steps suffice.
  const upper = (sumHigh << 32) | (sumLow >> 32);
  const middle = ((upper % count) << 32) | (sumLow & 0xffffffff);
  let whole = ((upper / count) << 32) | (middle / count);
  const power = u64(powerOfTen(extra));
  const parts = (middle % count) * power;
  let fraction = parts / count + u64((parts % count) * 2 >= count);
  if (fraction == power) {
    fraction = 0;
    whole++;
  }
  if (isNegative && (whole | fraction) != 0) putByte(MINUS);
  putMagnitude(whole, scale);
  if (extra == 0) return true;
  if (scale == 0) putByte(POINT);
  putDigits(fraction, extra);
  return true;
}
