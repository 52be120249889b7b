// The sum of a group: 64 bits and a 32-bit carry, since some dozens of doubles with 17 digits overflow 64 bits.

import { GROUP_CARRY, GROUP_SUM } from './groups';

/** Neither a value nor a sum without its carry exceeds this, so their sum cannot overflow. */
export const SUM_LIMIT: i64 = 1 << 62;
/** The lower half of its 62 bits. */
const HALF: i64 = (1 << 31) - 1;

/** The result of `findSum`: the magnitude of a sum, 128 bits. */
export let sumHigh: u64 = 0;
export let sumLow: u64 = 0;

/** Whether a sum has more than 64 bits. */
@inline
export function hasCarry(group: u32): bool {
  return load<i32>(group, GROUP_CARRY) != 0;
}

/** Moves the excess of a sum over the limit into the carry: at most one per value, because values are below the limit. */
export function carrySum(group: u32): void {
  const sum = load<i64>(group, GROUP_SUM);
  const carry = sum < 0 ? -1 : 1;
  store<i64>(group, sum - i64(carry) * SUM_LIMIT, GROUP_SUM);
  store<i32>(group, load<i32>(group, GROUP_CARRY) + carry, GROUP_CARRY);
}

@inline
export function addCarry(group: u32, other: u32): void {
  store<i32>(group, load<i32>(group, GROUP_CARRY) + load<i32>(other, GROUP_CARRY), GROUP_CARRY);
}

/** Rescales a sum to units smaller by this many digits. The values must stay below the limit, so the carry has room. */
export function rescaleSum(group: u32, digits: i32): void {
  let sum = load<i64>(group, GROUP_SUM);
  let carry = load<i32>(group, GROUP_CARRY);
  for (let more = digits; more > 0; more--) {
    const low = (sum & HALF) * 10;
    const high = (sum >> 31) * 10 + (low >> 31);
    sum = ((high & HALF) << 31) | (low & HALF);
    carry = carry * 10 + i32(high >> 31);
  }
  // A small negative sum has no carry.
  if (carry < 0) {
    sum -= SUM_LIMIT;
    carry++;
  }
  store<i64>(group, sum, GROUP_SUM);
  store<i32>(group, carry, GROUP_CARRY);
}

/** Computes the magnitude of a sum; returns whether it is negative. */
export function findSum(group: u32): bool {
  const sum = load<i64>(group, GROUP_SUM);
  const carry = i64(load<i32>(group, GROUP_CARRY));
  sumLow = u64(carry << 62) + u64(sum);
  sumHigh = u64(carry >> 2) + u64(sum >> 63) + u64(sumLow < u64(sum));
  if (i64(sumHigh) >= 0) return false;
  sumLow = ~sumLow + 1;
  sumHigh = ~sumHigh + u64(sumLow == 0);
  return true;
}
