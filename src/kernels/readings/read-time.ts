// Parses the time of a field into epoch milliseconds; NaN for anything but the usual formats.

import { BLANK, COMMA, MINUS, PLUS, POINT, SLASH, ZERO } from './layout';

const NOT_A_TIME: f64 = NaN;
const MINUTE: f64 = 60_000;
const DAY: f64 = 86_400_000;
/** Epoch numbers from here on are milliseconds, microseconds, nanoseconds. */
const FIRST_MILLISECONDS: u64 = 100_000_000_000;
const FIRST_MICROSECONDS: u64 = 100_000_000_000_000;
const FIRST_NANOSECONDS: u64 = 100_000_000_000_000_000;
/** Longer numbers may overflow 64 bits. */
const MAX_DIGITS: u32 = 19;

/** `00:00:00` */
const CLOCK: u64 = 0x30303a30303a3030;
/** `TC` */
const TC: u32 = 0x4354;
/** `19` and `20` */
const NINETEEN: u32 = 0x3931;
const TWENTY: u32 = 0x3032;
/** `:00Z` */
const SECOND: u32 = 0x5a30303a;
const COLONS: u64 = 0x0000ff0000ff0000;
const ABOVE_NINE: u64 = 0x7676767676767676;
const TOP_BITS: u64 = 0x8080808080808080;

/** The day parsed last: its ten characters, and its start in UTC. */
let dayHead: u64 = 0;
let dayTail: u32 = 0;
let dayStart: f64 = 0;

/** The minute parsed last: its sixteen characters, and its start. */
let minuteText: v128 = i64x2.splat(0);
let minuteStart: f64 = 0;

/** Parses times with seconds (0 to 59) and an offset in the formats of src/readings/written-time.ts, and epoch numbers. */
@inline
export function readTime(start: u32, end: u32): f64 {
  const rest = load<u32>(start, 16) ^ SECOND;
  const tens = (rest >> 8) & 0xff;
  const ones = (rest >> 16) & 0xff;
  const isSameMinute =
    u32(i8x16.bitmask(i8x16.eq(v128.load(start), minuteText)) == 0xffff) &
    u32((rest & 0xff0000ff) == 0) &
    u32(tens < 6) &
    u32(ones < 10) &
    u32(end - start == 20);
  return isSameMinute ? minuteStart + f64((tens * 10 + ones) * 1000) : readOther(start, end);
}

/** Parses a time in another minute of the same day. */
function readOther(start: u32, end: u32): f64 {
  const sameDay = load<u64>(start) == dayHead && u32(load<u16>(start + 8)) == dayTail;
  const clock = load<u64>(start + 11) ^ CLOCK;
  const pairs = clock * 10 + (clock >> 8);
  const hour = u32(pairs) & 0xff;
  const minute = u32(pairs >> 24) & 0xff;
  const second = u32(pairs >> 48) & 0xff;
  const right =
    u32(sameDay) &
    u32(end - start == 20) &
    u32(load<u8>(start + 10) == 0x54) &
    u32(load<u8>(start + 19) == 0x5a) &
    u32(((clock & COLONS) | (((clock + ABOVE_NINE) | clock) & TOP_BITS)) == 0) &
    u32(hour < 24) &
    u32(minute < 60) &
    u32(second < 60);
  if (!right) return readUnusual(start, end);
  minuteText = v128.load(start);
  minuteStart = dayStart + f64((hour * 60 + minute) * 60_000);
  return minuteStart + f64(second * 1000);
}

/** Parses a time on another day, or with a fraction or an offset, or an epoch number. */
function readUnusual(start: u32, end: u32): f64 {
  const length = end - start;
  const separator = load<u8>(start + 4);
  if (length < 20 || (separator != MINUS && separator != SLASH)) return readEpoch(start, end);
  if (load<u64>(start) != dayHead || u32(load<u16>(start + 8)) != dayTail) {
    if (!readDay(start)) return NOT_A_TIME;
  }
  const between = load<u8>(start + 10);
  if (between != 0x54 && between != 0x74 && between != 0x20) return NOT_A_TIME;
  const clock = load<u64>(start + 11) ^ CLOCK;
  if ((clock & COLONS) != 0 || (((clock + ABOVE_NINE) | clock) & TOP_BITS) != 0) return NOT_A_TIME;
  const pairs = clock * 10 + (clock >> 8);
  const hour = u32(pairs) & 0xff;
  const minute = u32(pairs >> 24) & 0xff;
  const second = u32(pairs >> 48) & 0xff;
  if (hour > 23 || minute > 59 || second > 59) return NOT_A_TIME;
  return dayStart + f64(((hour * 60 + minute) * 60 + second) * 1000) + readRest(start + 19, end);
}

/** The milliseconds to add for a fraction of a second and an offset from UTC; NaN if the text is neither. */
function readRest(start: u32, end: u32): f64 {
  let at = start;
  let milliseconds: u32 = 0;
  const mark = load<u8>(at);
  if (mark == POINT || mark == COMMA) {
    const first = ++at;
    let unit: u32 = 100;
    while (at < end && isDigit(at)) {
      milliseconds += digit(at++) * unit;
      unit /= 10;
    }
    if (at == first) return NOT_A_TIME;
  }
  return at < end ? f64(milliseconds) + readOffset(at, end) : NOT_A_TIME;
}

/** The milliseconds to add for an offset from UTC: `Z`, `UTC`, `+01:00`, `+0100` or `+01`, optionally after a blank. */
function readOffset(start: u32, end: u32): f64 {
  let at = start + u32(load<u8>(start) == BLANK);
  const sign = load<u8>(at++);
  if (sign == 0x5a || sign == 0x7a) return at == end ? 0 : NOT_A_TIME;
  if (sign == 0x55) return end - at == 2 && load<u16>(at) == TC ? 0 : NOT_A_TIME;
  if (sign != PLUS && sign != MINUS) return NOT_A_TIME;
  if (!isDigit(at) || !isDigit(at + 1)) return NOT_A_TIME;
  const hours = twoDigits(at);
  let minutes: u32 = 0;
  if (end - at != 2) {
    const colon: u32 = end - at == 5 ? 1 : 0;
    if (end - at != 4 + colon || (colon && load<u8>(at + 2) != 0x3a)) return NOT_A_TIME;
    const minutesAt = at + 2 + colon;
    if (!isDigit(minutesAt) || !isDigit(minutesAt + 1)) return NOT_A_TIME;
    minutes = twoDigits(minutesAt);
  }
  if (hours > 23 || minutes > 59) return NOT_A_TIME;
  const offset = f64(hours * 60 + minutes) * MINUTE;
  return sign == MINUS ? offset : -offset;
}

/** Caches the day of these ten characters; false if there is no such day. */
function readDay(start: u32): bool {
  if (load<u8>(start + 7) != load<u8>(start + 4)) return false;
  for (let at = start; at < start + 10; at++) if (!isDigit(at) && at != start + 4 && at != start + 7) return false;
  const year = twoDigits(start) * 100 + twoDigits(start + 2);
  const month = twoDigits(start + 5);
  const day = twoDigits(start + 8);
  // Dates near the limits of the range are left to the exact engine, with a year's margin for the offset.
  if (year < 3 || year > 9997) return false;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false;
  dayHead = load<u64>(start);
  dayTail = load<u16>(start + 8);
  dayStart = f64(daysSinceEpoch(year, month, day)) * DAY;
  return true;
}

function daysIn(year: u32, month: u32): u32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** Days from the epoch to a date. Counts years from March, so that a leap day is the last day of its year. */
function daysSinceEpoch(year: u32, month: u32, day: u32): i32 {
  const years = month > 2 ? year + 400 : year + 399;
  const months = month > 2 ? month - 3 : month + 9;
  const days = years * 365 + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + day - 1;
  // Days from 1 March of the year -400 to the epoch.
  return i32(days) - 865_565;
}

/** Parses `1774951200`, `1774951200.25`, `1774951200250`, and finer units. */
function readEpoch(start: u32, end: u32): f64 {
  let at = start;
  let whole: u64 = 0;
  while (at < end && isDigit(at)) whole = whole * 10 + u64(digit(at++));
  const digits = at - start;
  if (digits == 0 || digits > MAX_DIGITS || mayBeDate(start, digits)) return NOT_A_TIME;
  let milliseconds: u32 = 0;
  if (at < end) {
    if (load<u8>(at++) != POINT || at == end) return NOT_A_TIME;
    for (let unit: u32 = 100; at < end; unit /= 10, at++) {
      if (!isDigit(at)) return NOT_A_TIME;
      milliseconds += digit(at) * unit;
    }
  }
  // Signed integers convert to f64 in one instruction.
  if (whole < FIRST_MILLISECONDS) return f64(i64(whole * 1000)) + f64(milliseconds);
  if (whole < FIRST_MICROSECONDS) return f64(i64(whole));
  return f64(i64(whole < FIRST_NANOSECONDS ? whole / 1000 : whole / 1_000_000));
}

/** Whether digits could be a compact date (YYYYMMDD...) of 1900 to 2099, which is left to the exact engine. */
@inline
function mayBeDate(start: u32, digits: u32): bool {
  const century = load<u16>(start);
  if (century != NINETEEN && century != TWENTY) return false;
  return digits >= 8 && digits <= 14 && (digits & 1) == 0 && twoDigits(start + 4) <= 12 && twoDigits(start + 6) <= 31;
}

@inline
function digit(at: u32): u32 {
  return u32(load<u8>(at)) - ZERO;
}

@inline
function isDigit(at: u32): bool {
  return digit(at) < 10;
}

@inline
function twoDigits(at: u32): u32 {
  return digit(at) * 10 + digit(at + 1);
}
