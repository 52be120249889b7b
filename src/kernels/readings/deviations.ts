// Variance and standard deviation of a group, from n Σx² − (Σx)²: in integers, so nothing is lost to cancellation.

import { divide, hasNextDigit, isHalf, nextDigit, quotient } from './division';
import { GROUP_COUNT, GROUP_SCALE, GROUP_SQUARES, GROUP_SUM } from './groups';
import { putDecimal } from './row-text';
import { square, squareHigh, squareLow } from './squares';
import { hasCarry } from './sum';

/** The largest root to which another digit can be appended without overflow. */
const MAX_ROOT: u64 = 40_000_000_000_000_000;

/** n Σx² − (Σx)² in squared units of the group's scale, 128 bits. */
let high: u64 = 0;
let low: u64 = 0;

/** Writes the sample variance of at least two values, rounded half up; false if it needs more bits than there are. */
export function putVariance(group: u32, places: i32): bool {
  const scale = i32(load<u8>(group, GROUP_SCALE));
  if (!findDeviations(group) || !divide(high, low, 2 * scale, pairs(group), places)) return false;
  putDecimal(i64(quotient) + i64(isHalf()), places);
  return true;
}

/** Writes the standard deviation likewise: one digit more, then rounded, like `squareRoot` in src/stats/decimal.ts. */
export function putDeviation(group: u32, places: i32): bool {
  const scale = i32(load<u8>(group, GROUP_SCALE));
  // Each digit of the root takes two of the quotient; the later ones are fetched in the loop.
  const known = min(places + 1, scale);
  if (!findDeviations(group) || !divide(high, low, 2 * scale, pairs(group), 2 * known)) return false;
  let root = wholeRoot(quotient);
  let over = quotient - root * root;
  for (let more = known; more <= places; more++) {
    if (root > MAX_ROOT || !hasNextDigit()) return false;
    const tens = nextDigit();
    if (!hasNextDigit()) return false;
    over = over * 100 + tens * 10 + nextDigit();
    let digit: u64 = 9;
    while ((root * 20 + digit) * digit > over) digit--;
    over -= (root * 20 + digit) * digit;
    root = root * 10 + digit;
  }
  putDecimal(i64((root + 5) / 10), places);
  return true;
}

/** n (n − 1) */
function pairs(group: u32): u64 {
  const count = u64(load<u32>(group, GROUP_COUNT));
  return count * (count - 1);
}

function findDeviations(group: u32): bool {
  if (hasCarry(group)) return false;
  const count = u64(load<u32>(group, GROUP_COUNT));
  const first = load<u64>(group, GROUP_SQUARES);
  const second = load<u64>(group, GROUP_SQUARES + 8);
  // With at most 96 bits of Σx², n Σx² fits into 128 bits.
  if ((second >> 32 | load<u64>(group, GROUP_SQUARES + 16)) != 0) return false;
  const small = (first & 0xffffffff) * count;
  const large = (first >> 32) * count;
  const product = small + (large << 32);
  square(load<i64>(group, GROUP_SUM));
  low = product - squareLow;
  high = second * count + (large >> 32) + u64(product < small) - squareHigh - u64(product < squareLow);
  return true;
}

/** The integer square root of `number`, which is below 2^62. */
function wholeRoot(number: u64): u64 {
  let root = u64(Math.sqrt(f64(number)));
  while (root * root > number) root--;
  while ((root + 1) * (root + 1) <= number) root++;
  return root;
}
