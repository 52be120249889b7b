// Finds the members time, sensor and value in a line of NDJSON: a flat object whose strings have no escapes.

import { BRACE, COMMA, MASKS, MEMBERS, MEMBER_LENGTHS, MINUS, MAX_SEEN, POINT, QUOTE, SEEN, ZERO } from './layout';

/** The addresses of the members' values, without quotes; 0 for a missing member. */
export let timeStart: u32 = 0;
export let timeEnd: u32 = 0;
export let sensorStart: u32 = 0;
export let sensorEnd: u32 = 0;
export let valueStart: u32 = 0;
export let valueEnd: u32 = 0;

export const TIME: i32 = 0;
export const SENSOR: i32 = 1;
export const VALUE: i32 = 2;
const OTHER: i32 = 3;

/** Records where the value of a member lies. */
@inline
export function setMember(member: i32, start: u32, end: u32): void {
  if (member == TIME) {
    timeStart = start;
    timeEnd = end;
  } else if (member == SENSOR) {
    sensorStart = start;
    sensorEnd = end;
  } else {
    valueStart = start;
    valueEnd = end;
  }
}

/** Finds the members of a line; false if it is not such an object, which leaves it to the exact engine. */
export function readObject(start: u32, end: u32): bool {
  timeStart = 0;
  sensorStart = 0;
  valueStart = 0;
  if (start >= end || load<u8>(start) != BRACE) return false;
  let at = start + 1;
  let seen: u32 = 0;
  while (true) {
    at = skipBlanks(at, end);
    if (at >= end || load<u8>(at) != QUOTE) return false;
    const name = ++at;
    at = endOfString(at, end);
    const length = at - name;
    // Names that are too long, not ASCII, or like __proto__ are left to the exact engine.
    if (at == 0 || length > 16 || seen == MAX_SEEN || load<u16>(name) == 0x5f5f) return false;
    const text = v128.and(v128.load(name), v128.load(MASKS + 32 - length));
    if (i8x16.bitmask(text) != 0 || isSeen(text, seen)) return false;
    const member = memberOf(text, length);
    seen++;
    at = skipBlanks(at + 1, end);
    if (at >= end || load<u8>(at) != 0x3a) return false;
    at = skipBlanks(at + 1, end);
    if (at >= end) return false;
    const quoted = load<u8>(at) == QUOTE;
    const from = at + u32(quoted);
    let to: u32;
    if (quoted) to = endOfString(from, end);
    else to = member == OTHER ? endOfPlain(from, end) : endOfNumber(from, end);
    if (to == 0) return false;
    if (member == SENSOR && !quoted) return false;
    if (member != OTHER) setMember(member, from, to);
    at = skipBlanks(to + u32(quoted), end);
    if (at >= end) return false;
    const next = load<u8>(at++);
    if (next == 0x7d) return valueStart != 0 && skipBlanks(at, end) == end;
    if (next != COMMA) return false;
  }
}

@inline
function skipBlanks(start: u32, end: u32): u32 {
  let at = start;
  while (at < end && (load<u8>(at) == 0x20 || load<u8>(at) == 9)) at++;
  return at;
}

/** The address of the quote that ends a string; 0 if there is none, or an escape or control character comes first. */
@inline
export function endOfString(start: u32, end: u32): u32 {
  for (let at = start; at < end; at += 16) {
    const bytes = v128.load(at);
    const quotes = i8x16.eq(bytes, i8x16.splat(i8(QUOTE)));
    const special = v128.or(i8x16.eq(bytes, i8x16.splat(0x5c)), i8x16.lt_u(bytes, i8x16.splat(0x20)));
    const found = i8x16.bitmask(v128.or(quotes, special));
    if (found == 0) continue;
    const first = at + ctz(found);
    return first < end && load<u8>(first) == QUOTE ? first : 0;
  }
  return 0;
}

/** The end of a JSON number without exponent; 0 if there is none. */
@inline
export function endOfNumber(start: u32, end: u32): u32 {
  let at = start + u32(load<u8>(start) == MINUS);
  const whole = at;
  while (at < end && isDigit(at)) at++;
  if (at == whole || (load<u8>(whole) == ZERO && at - whole > 1)) return 0;
  if (at < end && load<u8>(at) == POINT) {
    const fraction = ++at;
    while (at < end && isDigit(at)) at++;
    if (at == fraction) return 0;
  }
  return at;
}

/** The end of a number, true, false or null; 0 if there is none. */
function endOfPlain(start: u32, end: u32): u32 {
  const word = load<u32>(start);
  // Little-endian: true, null, fals.
  if (end - start >= 4 && (word == 0x65757274 || word == 0x6c6c756e)) return start + 4;
  if (end - start >= 5 && word == 0x736c6166 && load<u8>(start + 4) == 0x65) return start + 5;
  return endOfNumber(start, end);
}

@inline
function isDigit(at: u32): bool {
  return u32(load<u8>(at)) - ZERO < 10;
}

/** The member with this name of up to 16 bytes. */
@inline
function memberOf(name: v128, length: u32): i32 {
  for (let member = TIME; member < OTHER; member++) {
    if (load<u32>(MEMBER_LENGTHS + member * 4) != length) continue;
    if (isEqual(v128.load(MEMBERS + member * 16), name)) return member;
  }
  return OTHER;
}

/** Whether the line has already had this name; records it if not. */
@inline
function isSeen(name: v128, seen: u32): bool {
  for (let one = SEEN; one < SEEN + seen * 16; one += 16) if (isEqual(v128.load(one), name)) return true;
  v128.store(SEEN + seen * 16, name);
  return false;
}

@inline
export function isEqual(a: v128, b: v128): bool {
  return i8x16.bitmask(i8x16.eq(a, b)) == 0xffff;
}
