// One line of NDJSON: a flat object whose strings have no escapes. Finds the members time, sensor and value.

import { BETWEEN, BRACE, COMMA, MASKS, MEMBERS, MEMBER_LENGTHS, MINUS, MOST_SEEN, POINT, QUOTE, RETURN, SEEN, ZERO } from './layout';

/** Where the members lie, without their quotes; 0 for one that is not there. */
export let timeStart: u32 = 0;
export let timeEnd: u32 = 0;
export let sensorStart: u32 = 0;
export let sensorEnd: u32 = 0;
export let valueStart: u32 = 0;
export let valueEnd: u32 = 0;

/**
 * The line before, if it had just the three members and little text between them: which member came first, second and
 * third, whether it was quoted, and how long the text was before, between and behind them.
 */
let isKnown: bool = false;
let order0: i32 = 0;
let order1: i32 = 0;
let order2: i32 = 0;
let quoted0: bool = false;
let quoted1: bool = false;
let quoted2: bool = false;
let between0: u32 = 0;
let between1: u32 = 0;
let between2: u32 = 0;
let between3: u32 = 0;

const TIME: i32 = 0;
const SENSOR: i32 = 1;
const VALUE: i32 = 2;
const OTHER: i32 = 3;

/** Reads a line that differs from the one before in nothing but its three values; false when it does not. */
// @ts-ignore: decorator
@inline
export function readSimilar(start: u32, end: u32, returns: u32): bool {
  if (!isKnown || u32(load<u8>(end + returns - 1) == RETURN) != returns) return false;
  let at = start;
  if (!isText(at, 0, between0)) return false;
  at += between0;
  const end0 = quoted0 ? endOfString(at, end) : endOfNumber(at, end);
  if (end0 == 0 || !isText(end0, 1, between1)) return false;
  setMember(order0, at, end0);
  at = end0 + between1;
  const end1 = quoted1 ? endOfString(at, end) : endOfNumber(at, end);
  if (end1 == 0 || !isText(end1, 2, between2)) return false;
  setMember(order1, at, end1);
  at = end1 + between2;
  const end2 = quoted2 ? endOfString(at, end) : endOfNumber(at, end);
  if (end2 == 0 || end2 + between3 != end || !isText(end2, 3, between3)) return false;
  setMember(order2, at, end2);
  return true;
}

// @ts-ignore: decorator
@inline
function isText(at: u32, which: u32, length: u32): bool {
  return isEqual(v128.and(v128.load(at), v128.load(MASKS + 32 - length)), v128.load(BETWEEN + which * 16));
}

// @ts-ignore: decorator
@inline
function setMember(member: i32, start: u32, end: u32): void {
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

/** Remembers what a line looks like that `readObject` has read. */
function remember(start: u32, end: u32): void {
  isKnown = false;
  if (timeStart == 0 || sensorStart == 0 || valueStart == 0) return;
  order0 = timeStart < sensorStart ? (timeStart < valueStart ? TIME : VALUE) : sensorStart < valueStart ? SENSOR : VALUE;
  order2 = timeStart > sensorStart ? (timeStart > valueStart ? TIME : VALUE) : sensorStart > valueStart ? SENSOR : VALUE;
  order1 = TIME + SENSOR + VALUE - order0 - order2;
  between0 = startOf(order0) - start;
  between1 = startOf(order1) - endOf(order0);
  between2 = startOf(order2) - endOf(order1);
  between3 = end - endOf(order2);
  if (between0 > 16 || between1 > 16 || between2 > 16 || between3 > 16) return;
  quoted0 = load<u8>(startOf(order0) - 1) == QUOTE;
  quoted1 = load<u8>(startOf(order1) - 1) == QUOTE;
  quoted2 = load<u8>(startOf(order2) - 1) == QUOTE;
  setText(0, start, between0);
  setText(1, endOf(order0), between1);
  setText(2, endOf(order1), between2);
  setText(3, endOf(order2), between3);
  isKnown = true;
}

function startOf(member: i32): u32 {
  return member == TIME ? timeStart : member == SENSOR ? sensorStart : valueStart;
}

function endOf(member: i32): u32 {
  return member == TIME ? timeEnd : member == SENSOR ? sensorEnd : valueEnd;
}

function setText(which: u32, at: u32, length: u32): void {
  v128.store(BETWEEN + which * 16, v128.and(v128.load(at), v128.load(MASKS + 32 - length)));
}

/** False when the line is anything but what is said above; the exact engine knows what it is. */
export function readObject(start: u32, end: u32, returns: u32): bool {
  timeStart = 0;
  sensorStart = 0;
  valueStart = 0;
  if (start >= end || load<u8>(start) != BRACE || u32(load<u8>(end + returns - 1) == RETURN) != returns) return false;
  let at = start + 1;
  let seen: u32 = 0;
  while (true) {
    at = skipBlanks(at, end);
    if (at >= end || load<u8>(at) != QUOTE) return false;
    const name = ++at;
    at = endOfString(at, end);
    const length = at - name;
    // A name that is longer, not ASCII, or such as __proto__, is for the exact engine.
    if (at == 0 || length > 16 || seen == MOST_SEEN || load<u16>(name) == 0x5f5f) return false;
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
    const to = quoted ? endOfString(from, end) : member == OTHER ? endOfPlain(from, end) : endOfNumber(from, end);
    if (to == 0) return false;
    if (member == TIME) {
      timeStart = from;
      timeEnd = to;
    } else if (member == SENSOR) {
      if (!quoted) return false;
      sensorStart = from;
      sensorEnd = to;
    } else if (member == VALUE) {
      valueStart = from;
      valueEnd = to;
    }
    at = skipBlanks(to + u32(quoted), end);
    if (at >= end) return false;
    const next = load<u8>(at++);
    if (next == 0x7d) {
      if (valueStart == 0 || skipBlanks(at, end) != end) return false;
      remember(start, end);
      return true;
    }
    if (next != COMMA) return false;
  }
}

// @ts-ignore: decorator
@inline
function skipBlanks(start: u32, end: u32): u32 {
  let at = start;
  while (at < end && (load<u8>(at) == 0x20 || load<u8>(at) == 9)) at++;
  return at;
}

/** The place of the quote that ends a string; 0 when there is none, or an escape or control character before it. */
// @ts-ignore: decorator
@inline
function endOfString(start: u32, end: u32): u32 {
  for (let at = start; at < end; at += 16) {
    const bytes = v128.load(at);
    const quotes = i8x16.eq(bytes, i8x16.splat(i8(QUOTE)));
    const special = v128.or(i8x16.eq(bytes, i8x16.splat(0x5c)), i8x16.lt_u(bytes, i8x16.splat(0x20)));
    const found = i8x16.bitmask(v128.or(quotes, special));
    if (found == 0) continue;
    const place = at + ctz(found);
    return place < end && load<u8>(place) == QUOTE ? place : 0;
  }
  return 0;
}

/** The end of a JSON number without exponent; 0 when there is none. */
// @ts-ignore: decorator
@inline
function endOfNumber(start: u32, end: u32): u32 {
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

/** The end of a number, true, false or null; 0 when there is none of them. */
function endOfPlain(start: u32, end: u32): u32 {
  const word = load<u32>(start);
  // Little-endian: true, null, fals.
  if (end - start >= 4 && (word == 0x65757274 || word == 0x6c6c756e)) return start + 4;
  if (end - start >= 5 && word == 0x736c6166 && load<u8>(start + 4) == 0x65) return start + 5;
  return endOfNumber(start, end);
}

// @ts-ignore: decorator
@inline
function isDigit(at: u32): bool {
  return u32(load<u8>(at)) - ZERO < 10;
}

/** Which member has this name of up to 16 bytes. */
// @ts-ignore: decorator
@inline
function memberOf(name: v128, length: u32): i32 {
  for (let member = TIME; member < OTHER; member++) {
    if (load<u32>(MEMBER_LENGTHS + member * 4) == length && isEqual(v128.load(MEMBERS + member * 16), name)) return member;
  }
  return OTHER;
}

/** Whether the line has this name twice; if not, it is remembered. */
// @ts-ignore: decorator
@inline
function isSeen(name: v128, seen: u32): bool {
  for (let one = SEEN; one < SEEN + seen * 16; one += 16) if (isEqual(v128.load(one), name)) return true;
  v128.store(SEEN + seen * 16, name);
  return false;
}

// @ts-ignore: decorator
@inline
function isEqual(a: v128, b: v128): bool {
  return i8x16.bitmask(i8x16.eq(a, b)) == 0xffff;
}
