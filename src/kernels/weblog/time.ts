// Converts the times of a log, `[30/Apr/2019:21:11:42 +0000]` or RFC 3339 in brackets, to RFC 3339.

import { BLANK, MINUS, MONTH_DAYS, MONTHS, TIME, ZERO } from './layout';
import { ZONE_MINUTE, ZONE_MINUTE_LENGTH, ZONE_OFFSET } from './layout';
import { copy, skip } from './byte-runs';

const COLON: u32 = 58;
const OPENING: u32 = 91;
const CLOSING: u32 = 93;
const PLUS: u32 = 43;
const LETTER_T: u32 = 84;
const LETTER_Z: u32 = 90;
const LAST_YEAR: u32 = 9999;
/** The offset of the clock in the log and in RFC 3339, and its end in the latter. */
const CLOCK: u32 = 12;
const RFC_CLOCK: u32 = 11;
const RFC_END: u32 = 19;

/** The length of the time in RFC 3339; 0 if lines have none. */
export let timeLength: u32 = 0;
/** Whether times without an offset are UTC; if not, the length of ZONE_OFFSET. */
let isUtc: bool = false;
let offsetLength: u32 = 1;
/** The bytes of the previous line's date, with its bracket. */
let known0: u64 = 0;
let known1: u32 = 0;

export function setUtc(utc: bool): void {
  isUtc = utc;
}

/** Sets the length of the offset in ZONE_OFFSET. */
export function setOffset(length: u32): void {
  offsetLength = length;
}

/** Reads the time at `at`. @returns its end; 0 if it is not plain */
export function readTime(at: u32): u32 {
  if (load<u64>(at) != known0 || load<u32>(at + 8) != known1) {
    if (!readDate(at)) return readIsoTime(at);
    known0 = load<u64>(at);
    known1 = load<u32>(at + 8);
  }
  if (!copyTwo(at + CLOCK, RFC_CLOCK, 23)) return 0;
  if (!copyTwo(at + CLOCK + 3, RFC_CLOCK + 3, 59)) return 0;
  // 60 is a leap second.
  if (!copyTwo(at + CLOCK + 6, RFC_CLOCK + 6, 60)) return 0;
  store<u8>(TIME + RFC_CLOCK - 1, LETTER_T);
  return load<u8>(at + CLOCK + 9) == CLOSING ? addOffset(at) : readOffset(at + CLOCK + 9);
}

/** Reads `[2019-04-30T21:11:42+02:00]`, or the like without an offset. @returns its end; 0 if it is not plain */
function readIsoTime(at: u32): u32 {
  // TIME is about to be overwritten, so the cached date is no longer in it.
  known0 = 0;
  const century = two(at + 1);
  const rest = two(at + 3);
  const month = two(at + 6);
  if (load<u8>(at) != OPENING || century > 99 || rest > 99 || load<u8>(at + 11) != LETTER_T) return 0;
  if (load<u8>(at + 5) != MINUS || load<u8>(at + 8) != MINUS) return 0;
  if (month == 0 || month > 12 || !isPlainDate(two(at + 9), month, century * 100 + rest)) return 0;
  if (two(at + 12) > 23 || load<u8>(at + 14) != COLON || two(at + 15) > 59) return 0;
  // 60 is a leap second.
  if (load<u8>(at + 17) != COLON || two(at + 18) > 60) return 0;
  memory.copy(TIME, at + 1, RFC_END);
  return readIsoOffset(at + 1 + RFC_END);
}

/** Reads `Z]`, `+02:00]` or, if times are UTC, `]`. @returns the end of the time; 0 if it is not plain */
function readIsoOffset(at: u32): u32 {
  store<u8>(TIME + RFC_END, LETTER_Z);
  timeLength = RFC_END + 1;
  const sign: u32 = load<u8>(at);
  if (sign == CLOSING) return isUtc ? at + 1 : 0;
  if (sign == LETTER_Z) return load<u8>(at + 1) == CLOSING ? at + 2 : 0;
  const hours = two(at + 1);
  const minutes = two(at + 4);
  if ((sign != PLUS && sign != MINUS) || hours > 23 || minutes > 59) return 0;
  if (load<u8>(at + 3) != COLON || load<u8>(at + 6) != CLOSING) return 0;
  if (hours + minutes > 0) {
    memory.copy(TIME + RFC_END, at, 6);
    timeLength = RFC_END + 6;
  }
  return at + 7;
}

/** Whether this date exists, in a year that no offset can move out of the range of RFC 3339. */
function isPlainDate(day: u32, month: u32, year: u32): bool {
  const isLeap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (year == 0 || year == LAST_YEAR) return false;
  return day > 0 && day <= u32(load<u8>(MONTH_DAYS + month - 1)) + u32(isLeap);
}

/** `[30/Apr/2019` becomes `2019-04-30`. */
function readDate(at: u32): bool {
  const day = two(at + 1);
  const century = two(at + 8);
  const rest = two(at + 10);
  if (load<u8>(at) != OPENING || load<u8>(at + 7) != 47 || day > 31 || century > 99 || rest > 99) return false;
  let month: u32 = 1;
  while (month <= 12 && load<u32>(MONTHS + (month - 1) * 4) != load<u32>(at + 3)) month++;
  if (month > 12) return false;
  if (!isPlainDate(day, month, century * 100 + rest)) return false;
  store<u32>(TIME, load<u32>(at + 8));
  store<u8>(TIME + 4, MINUS);
  store<u8>(TIME + 5, ZERO + month / 10);
  store<u8>(TIME + 6, ZERO + (month % 10));
  store<u8>(TIME + 7, MINUS);
  store<u16>(TIME + 8, load<u16>(at + 1));
  return true;
}

/** The number of two digits; above 99 if they are not digits. */
@inline
function two(at: u32): u32 {
  const tens = u32(load<u8>(at)) - ZERO;
  const ones = u32(load<u8>(at + 1)) - ZERO;
  return tens < 10 && ones < 10 ? tens * 10 + ones : 100;
}

/** Copies a colon and two digits; false if they are anything else, or the number is above `most`. */
@inline
function copyTwo(at: u32, to: u32, most: u32): bool {
  store<u8>(TIME + to - 1, COLON);
  store<u16>(TIME + to, load<u16>(at + 1));
  return load<u8>(at) == COLON && two(at + 1) <= most;
}

/** Adds the offset of the zone to the time at `at`. @returns its end; 0 if the offset is not known */
function addOffset(at: u32): u32 {
  if (!isUtc && skip(at + 1, ZONE_MINUTE, ZONE_MINUTE_LENGTH) == 0) return 0;
  copy(TIME + RFC_END, ZONE_OFFSET, offsetLength);
  timeLength = RFC_END + offsetLength;
  return at + CLOCK + 10;
}

/** Reads the offset at `at`. @returns the end of the time; 0 if it is not plain */
function readOffset(at: u32): u32 {
  store<u8>(TIME + RFC_END, LETTER_Z);
  timeLength = RFC_END + 1;
  const sign: u32 = load<u8>(at + 1);
  const hours = two(at + 2);
  const minutes = two(at + 4);
  if (load<u8>(at) != BLANK || (sign != PLUS && sign != MINUS) || hours > 23 || minutes > 59) return 0;
  if (load<u8>(at + 6) != CLOSING) return 0;
  if (hours + minutes > 0) {
    store<u8>(TIME + RFC_END, sign);
    store<u16>(TIME + RFC_END + 1, load<u16>(at + 2));
    store<u8>(TIME + RFC_END + 3, COLON);
    store<u16>(TIME + RFC_END + 4, load<u16>(at + 4));
    timeLength = RFC_END + 6;
  }
  return at + 7;
}
