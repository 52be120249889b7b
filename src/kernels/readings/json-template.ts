// Parses a line of NDJSON by a template made from an earlier line: most lines differ only in their three values.

import { endOfNumber, endOfString, isEqual, SENSOR, setMember, TIME, VALUE } from './json-object';
import { sensorEnd, sensorStart, timeEnd, timeStart, valueEnd, valueStart } from './json-object';
import { BETWEEN, MASKS, QUOTE } from './layout';

/**
 * The template, from a line with just the three members and little text around them: the order of the members, whether each
 * was quoted, and the lengths of the texts before, between and after them.
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

/** Finds the members of a line that matches the template; false if it does not match. */
@inline
export function readSimilar(start: u32, end: u32): bool {
  if (!isKnown) return false;
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

@inline
function isText(at: u32, which: u32, length: u32): bool {
  return isEqual(v128.and(v128.load(at), v128.load(MASKS + 32 - length)), v128.load(BETWEEN + which * 16));
}

/** Makes the line that `readObject` has just read the template. */
export function remember(start: u32, end: u32): void {
  isKnown = false;
  if (timeStart == 0 || sensorStart == 0 || valueStart == 0) return;
  order0 = timeStart < sensorStart ? TIME : SENSOR;
  if (valueStart < startOf(order0)) order0 = VALUE;
  order2 = timeStart > sensorStart ? TIME : SENSOR;
  if (valueStart > startOf(order2)) order2 = VALUE;
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
