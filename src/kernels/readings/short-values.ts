// The values of common lines: up to eight digits, with a point where their scale says.
//
// A value ends at its newline, so each scale has a form: among the sixteen characters before the newline, each digit has a
// fixed weight and the point a fixed position. All sixteen are checked, and all digits converted, at once.

import { FORMS, POINT, WEIGHTS, ZERO } from './layout';

export const MAX_SCALE: u32 = 6;
export const MAX_CHARACTERS: u32 = 8;

const FORM_SIZE: u32 = 64;
const LIMITS: u32 = 16;
const LANES: u32 = 32;
const LEAST: u32 = 48;
const MOST: u32 = 52;
/** Weights of pairs of numbers: 10 and 1, 100 and 1, 10000 and 1. */
const TEN: u32 = 0x0001000a;
const HUNDRED: u32 = 0x00010064;
const TEN_THOUSAND: u32 = 0x00012710;

@inline
export function formOf(scale: u32): u32 {
  return FORMS + scale * FORM_SIZE;
}

/** The bytes xored with the characters: `0` for a digit, and the point for itself. */
@inline
export function expectedIn(form: u32): v128 {
  return v128.load(form);
}

/** The largest byte that may result: 9 for a digit, 0 for the point. */
@inline
export function limitsIn(form: u32): v128 {
  return v128.load(form, LIMITS);
}

/** The positions of the eight digits among the characters, most significant first, two bytes each. */
@inline
export function lanesIn(form: u32): v128 {
  return v128.load(form, LANES);
}

/** Bit mask of the characters that every value has: the last digit or, with a point, the point and all digits after it. */
@inline
export function leastIn(form: u32): u32 {
  return load<u32>(form, LEAST);
}

/** The bit of the character before the longest value. */
@inline
export function mostIn(form: u32): u32 {
  return load<u32>(form, MOST);
}

/** The number formed by eight digits of two bytes each: pairs of digits first, then fours, then all eight. */
@inline
export function numberOf(digits: v128, tens: v128, hundreds: v128, tenThousands: v128): i32 {
  const pairs = i32x4.dot_i16x8_s(digits, tens);
  const fours = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(pairs, pairs), hundreds);
  const all = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), tenThousands);
  return i32x4.extract_lane(all, 0);
}

/** Writes all forms and weights into memory. */
export function describeForms(): void {
  for (let scale: u32 = 0; scale <= MAX_SCALE; scale++) {
    const form = formOf(scale);
    memory.fill(form, u8(ZERO), 16);
    memory.fill(form + LIMITS, 9, 16);
    memory.fill(form + LANES, 0xff, 16);
    if (scale > 0) {
      store<u8>(form + 15 - scale, u8(POINT));
      store<u8>(form + LIMITS + 15 - scale, 0);
    }
    // A point needs no digit before it.
    store<u32>(form, (0xffff << (15 - scale)) & 0xffff, LEAST);
    store<u32>(form, 1 << (15 - MAX_CHARACTERS - u32(scale > 0)), MOST);
    for (let digit: u32 = 0; digit < MAX_CHARACTERS; digit++) {
      const isBeforePoint = scale > 0 && digit >= scale;
      store<u8>(form + LANES + 14 - 2 * digit, u8(15 - digit - u32(isBeforePoint)));
    }
  }
  for (let lane: u32 = 0; lane < 16; lane += 4) {
    store<u32>(WEIGHTS + lane, TEN);
    store<u32>(WEIGHTS + 16 + lane, HUNDRED);
    store<u32>(WEIGHTS + 32 + lane, TEN_THOUSAND);
  }
}
