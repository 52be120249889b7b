// The sum of squares of a group: whole numbers of 192 bits.

import { GROUP_SQUARES } from './groups';

/** Adds the square of a value: 64 bits times 64 bits to 192 bits, by halves. */
export function addSquare(group: u32, units: i64): void {
  const size = u64(units < 0 ? -units : units);
  const low = size & 0xffffffff;
  const high = size >> 32;
  const middle = low * high;
  const lowest = low * low;
  const shifted = middle << 33;
  const word0 = lowest + shifted;
  const word1 = high * high + (middle >> 31) + u64(word0 < shifted);
  addWords(group + GROUP_SQUARES, word0, word1, 0);
}

/** Adds a number of 192 bits, the lowest first. */
@inline
export function addWords(at: u32, word0: u64, word1: u64, word2: u64): void {
  const sum0 = load<u64>(at) + word0;
  const carry0 = u64(sum0 < word0);
  const sum1 = load<u64>(at, 8) + word1;
  const carry1 = u64(sum1 < word1);
  const sum1carried = sum1 + carry0;
  const carry2 = u64(sum1carried < carry0);
  store<u64>(at, sum0);
  store<u64>(at, sum1carried, 8);
  store<u64>(at, load<u64>(at, 16) + word2 + carry1 + carry2, 16);
}
