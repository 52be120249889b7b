// The hash of all tables. The host draws a random key per process, so nobody can choose names or values that collide.
//
// Its core is NH (Black and others, UMAC, 1999): a sum of products of 32-bit words, with a word of the key added to each.

import { HASH_KEY } from './layout';

const SPREAD: u64 = 0x9e3779b97f4a7c15;

/** The hash of two vectors; its upper bits are the best. */
@inline
export function hashVectors(head: v128, tail: v128): u64 {
  const left = i32x4.add(head, v128.load(HASH_KEY));
  const right = i32x4.add(tail, v128.load(HASH_KEY, 16));
  const sums = i64x2.add(i64x2.extmul_low_i32x4_u(left, right), i64x2.extmul_high_i32x4_u(left, right));
  return spread(v128.extract_lane<u64>(sums, 0) + v128.extract_lane<u64>(sums, 1));
}

/** The hash of numbers; its upper bits are the best. */
@inline
export function hashNumbers(long: u64, one: u32, other: u32): u64 {
  const first = u64(u32(long) + load<u32>(HASH_KEY)) * u64(u32(long >> 32) + load<u32>(HASH_KEY, 4));
  return spread(first + u64(one + load<u32>(HASH_KEY, 8)) * u64(other + load<u32>(HASH_KEY, 12)));
}

/** Lets every bit affect the upper ones. */
@inline
function spread(sum: u64): u64 {
  return (sum ^ (sum >> 32)) * SPREAD;
}
