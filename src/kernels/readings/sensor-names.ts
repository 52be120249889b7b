// Sensor names: the first 32 bytes are hashed at once; names are compared in full.

import { hashVectors } from './keyed-hash';
import { BLANK, BRACE, MASKS, QUOTE, TAB } from './layout';
import { delimiter } from './shape';

/** The longest name that fits into its slot, and is compared at once. */
export const LONGEST_QUICK: u32 = 32;

/** The first 16 bytes of a name, zero-padded. */
@inline
export function headOf(name: u32, length: u32): v128 {
  return v128.and(v128.load(name), v128.load(MASKS + LONGEST_QUICK - length));
}

/** The next 16 bytes of a name, zero-padded. */
@inline
export function tailOf(name: u32, length: u32): v128 {
  return v128.and(v128.load(name, 16), v128.load(MASKS + LONGEST_QUICK - length, 16));
}

/** The hash of a name. Up to 32 bytes, it is the upper half of `hashVectors` of head and tail. */
@inline
export function hashOf(name: u32, length: u32): u32 {
  const start = min(length, LONGEST_QUICK);
  const mixed = u32(hashVectors(headOf(name, start), tailOf(name, start)) >> 32);
  return length > LONGEST_QUICK ? mixRest(name, length, mixed) : mixed;
}

/** The hash of a longer name, given that of its first 32 bytes. */
function mixRest(name: u32, length: u32, start: u32): u32 {
  let mixed = u64(start);
  for (let at: u32 = LONGEST_QUICK; at < length; at += 16) {
    // The last 16 bytes overlap those before.
    const bytes = v128.load(name + min(at, length - 16));
    mixed = hashVectors(bytes, i64x2.splat(mixed));
  }
  return u32(mixed >> 32);
}

/** Whether a known name of the same length equals this one. */
@inline
export function isNamed(known: u32, name: u32, length: u32): bool {
  const start = min(length, LONGEST_QUICK);
  const heads = v128.xor(headOf(known, start), headOf(name, start));
  const tails = v128.xor(tailOf(known, start), tailOf(name, start));
  if (v128.any_true(v128.or(heads, tails))) return false;
  return length <= LONGEST_QUICK || hasRest(known, name, length);
}

/** Whether longer names are equal from their 33rd byte on. */
function hasRest(known: u32, name: u32, length: u32): bool {
  for (let at: u32 = LONGEST_QUICK; at < length; at += 16) {
    const offset = min(at, length - 16);
    if (v128.any_true(v128.xor(v128.load(known + offset), v128.load(name + offset)))) return false;
  }
  return true;
}

/** Whether a name is a single field without quotes. */
export function isPlain(name: u32, length: u32): bool {
  if (length > 0 && load<u8>(name) == BRACE) return false;
  for (let at = name; at < name + length; at++) {
    const byte = u32(load<u8>(at));
    if (byte == QUOTE || byte == delimiter) return false;
  }
  return true;
}

/** Whether a name has leading or trailing blanks, which CSV trims. */
export function isPadded(name: u32, length: u32): bool {
  return length > 0 && (isBlank(load<u8>(name)) || isBlank(load<u8>(name + length - 1)));
}

function isBlank(byte: u32): bool {
  return byte == BLANK || byte == TAB;
}

/** Whether a name is valid UTF-8 without NUL, as the exact engine demands. */
export function isText(name: u32, length: u32): bool {
  const end = name + length;
  let at = name;
  while (at < end) {
    const first = u32(load<u8>(at++));
    if (first == 0) return false;
    if (first < 0x80) continue;
    if (first < 0xc2 || first > 0xf4) return false;
    const more: u32 = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if (at + more > end) return false;
    // The second byte rules out overlong forms, surrogates, and code points beyond U+10FFFF.
    const second = u32(load<u8>(at));
    const least: u32 = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const most: u32 = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) return false;
    for (let next = at + 1; next < at + more; next++) if ((load<u8>(next) & 0xc0) != 0x80) return false;
    at += more;
  }
  return true;
}
