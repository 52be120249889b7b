// The sum of squares of a group: an integer of 192 bits.

import { GROUP_SQUARES } from './groups';

/** The result of `square`: 128 bits. */
export let squareLow: u64 = 0;
export let squareHigh: u64 = 0;

export function addSquare(group: u32, units: i64): void {
  square(units);
  addWords(group + GROUP_SQUARES, squareLow, squareHigh, 0);
}

/** Squares a value: 64 × 64 bits, from 32-bit halves. */
export function square(units: i64): void {
  const size = u64(units < 0 ? -units : units);
  const low = size & 0xffffffff;
  const high = size >> 32;
  const middle = low * high;
  const lowest = low * low;
  const shifted = middle << 33;
  squareLow = lowest + shifted;
  squareHigh = high * high + (middle >> 31) + u64(squareLow < shifted);
}

/** Multiplies the sum of squares by 10^(2 × `digits`), for units that are smaller by this many digits; it must fit. */
export function rescaleSquares(group: u32, digits: i32): void {
  const end = group + GROUP_SQUARES + 24;
  for (let more = 2 * digits; more > 0; more--) {
    let carry: u64 = 0;
    for (let at = group + GROUP_SQUARES; at < end; at += 4) {
      carry += u64(load<u32>(at)) * 10;
      store<u32>(at, u32(carry));
      carry >>= 32;
    }
  }
}

/** Adds a 192-bit number, least significant word first. */
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
