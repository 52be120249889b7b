// The output buffer for rows: bytes, integers, decimals and times.

import { MINUS, POINT, ZERO } from './layout';
import { powerOfTen } from './read-decimal';

const DAY: i64 = 86_400_000;

/** The address of the next byte. */
export let textEnd: u32 = 0;

/** Continues at this address. An earlier one discards what was written after it. */
export function writeAt(at: u32): void {
  textEnd = at;
}

@inline
export function putByte(byte: u32): void {
  store<u8>(textEnd, u8(byte));
  textEnd++;
}

export function putBytes(from: u32, length: u32): void {
  // Copies whole words, past the end, because a call of memory.copy would take longer.
  for (let at: u32 = 0; at < length; at += 8) store<u64>(textEnd + at, load<u64>(from + at));
  textEnd += length;
}

export function putWhole(number: u64): void {
  putDigits(number, countDigits(number));
}

/** Writes `units` / 10^`scale` with exactly `scale` places, like `formatDecimal` in src/stats/decimal.ts. */
export function putDecimal(units: i64, scale: i32): void {
  if (units < 0) putByte(MINUS);
  putMagnitude(u64(units < 0 ? -units : units), scale);
}

export function putMagnitude(units: u64, scale: i32): void {
  const digits = max(countDigits(units), scale + 1);
  if (scale == 0) {
    putDigits(units, digits);
    return;
  }
  const start = textEnd;
  textEnd += u32(digits) + 1;
  const point = textEnd - u32(scale) - 1;
  let rest = units;
  for (let at = textEnd - 1; at > point; at--) rest = putLast(rest, at);
  store<u8>(point, u8(POINT));
  for (let at = point - 1; at >= start; at--) rest = putLast(rest, at);
}

/** Writes the last digit of a number; returns the number without it. */
@inline
function putLast(number: u64, at: u32): u64 {
  const tenth = number / 10;
  store<u8>(at, u8(ZERO + u32(number - tenth * 10)));
  return tenth;
}

/** Writes an integer with this many digits, padded with zeros. */
export function putDigits(number: u64, digits: i32): void {
  const start = textEnd;
  textEnd += u32(digits);
  let rest = number;
  for (let at = textEnd - 1; at >= start; at--) rest = putLast(rest, at);
}

function countDigits(number: u64): i32 {
  let digits = 1;
  while (digits < 19 && number >= u64(powerOfTen(digits - 1)) * 10) digits++;
  return digits + i32(number >= 10_000_000_000_000_000_000);
}

/** Writes RFC 3339 in UTC, like `formatTime` in src/readings/time.ts; the year has four digits. */
export function putTime(time: f64): void {
  const milliseconds = i64(Math.floor(time));
  let day = milliseconds / DAY;
  if (milliseconds < day * DAY) day--;
  const ofDay = u32(milliseconds - day * DAY);
  putDate(i32(day));
  putByte(0x54);
  const seconds = ofDay / 1000;
  putTwo(seconds / 3600);
  putByte(0x3a);
  putTwo((seconds / 60) % 60);
  putByte(0x3a);
  putTwo(seconds % 60);
  const fraction = ofDay % 1000;
  if (fraction != 0) {
    putByte(POINT);
    putByte(ZERO + fraction / 100);
    putTwo(fraction % 100);
  }
  putByte(0x5a);
}

/** Writes the date of a day counted from the epoch. Counts years from March, so that a leap day is the last of its year. */
function putDate(day: i32): void {
  // Days since 1 March of the year -400: the inverse of `daysSinceEpoch` in read-time.ts.
  const days = u32(day + 865_565);
  const era = days / 146_097;
  const ofEra = days - era * 146_097;
  const yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
  const ofYear = ofEra - (yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100);
  const march = (5 * ofYear + 2) / 153;
  const month = march < 10 ? march + 3 : march - 9;
  const year = era * 400 + yearOfEra + u32(month <= 2) - 400;
  putTwo(year / 100);
  putTwo(year % 100);
  putByte(MINUS);
  putTwo(month);
  putByte(MINUS);
  putTwo(ofYear - (153 * march + 2) / 5 + 1);
}

@inline
function putTwo(number: u32): void {
  store<u8>(textEnd, u8(ZERO + number / 10));
  store<u8>(textEnd, u8(ZERO + (number % 10)), 1);
  textEnd += 2;
}
