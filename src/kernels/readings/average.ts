// The average of a group, rounded once.

import { divide, isHalf, quotient } from './division';
import { GROUP_COUNT, GROUP_SCALE } from './groups';
import { MINUS, POINT } from './layout';
import { powerOfTen } from './read-decimal';
import { putByte, putDecimal, putDigits, putMagnitude } from './row-text';
import { findSum, sumHigh, sumLow } from './sum';

/** A rest, which is below 2^32, can take so many more digits. */
const MOST_MORE: i32 = 9;

/**
 * Writes the average of a group, rounded half away from zero to so many places, as `multiplyByRatio` in src/stats/decimal.ts
 * rounds. False, and nothing is written, when it needs more bits than there are here.
 */
export function putAverage(group: u32, places: i32): bool {
  const scale = i32(load<u8>(group, GROUP_SCALE));
  const count = u64(load<u32>(group, GROUP_COUNT));
  const isNegative = findSum(group);
  const more = places - scale;
  if (more < 0 || more > MOST_MORE) {
    if (!divide(sumHigh, sumLow, scale, count, places)) return false;
    const rounded = i64(quotient) + i64(isHalf());
    putDecimal(isNegative ? -rounded : rounded, places);
    return true;
  }
  // As values have 62 bits, so has the quotient, and the upper half of the sum is below the count.
  const upper = (sumHigh << 32) | (sumLow >> 32);
  const middle = ((upper % count) << 32) | (sumLow & 0xffffffff);
  let whole = ((upper / count) << 32) | (middle / count);
  const power = u64(powerOfTen(more));
  const parts = (middle % count) * power;
  let fraction = parts / count + u64((parts % count) * 2 >= count);
  if (fraction == power) {
    fraction = 0;
    whole++;
  }
  if (isNegative && (whole | fraction) != 0) putByte(MINUS);
  putMagnitude(whole, scale);
  if (more == 0) return true;
  if (scale == 0) putByte(POINT);
  putDigits(fraction, more);
  return true;
}
