// Readings: from plain lines to the batch of readings that are counted next.
//
// To read and to count in loops of their own is faster than in one: each is small enough that the processor works on
// several of its rounds at once.

import { isDigits, isPoint, longScale, pointOf, readLong, scaleOf, unitsOf, withoutPoint, wordOf } from './decimal';
import { readObject, sensorEnd, sensorStart, timeEnd, timeStart, valueEnd, valueStart } from './json';
import { BATCH, BRACE, MINUS, MOST_READINGS, NEWLINE, RETURN } from './layout';
import { cursor, filled } from './lines';
import { delimiter, endsWithReturn, endsWithValue, isJson, lineIndex } from './shape';
import { sensorField, timeField, valueField } from './shape';
import { readSimilar, remember } from './similar';
import { readTime } from './time';

// A reading of the batch; its time is NaN where it has none, and not there where lines have no times.
export const READING_UNITS: u32 = 0;
export const READING_TIME: u32 = 8;
export const READING_NAME: u32 = 16;
export const READING_LENGTH: u32 = 20;
export const READING_SCALE: u32 = 24;
export const READING_SIZE: u32 = 32;
const BATCH_END: u32 = BATCH + MOST_READINGS * READING_SIZE;

// How many bytes of index a line has, for the shapes that have a loop of their own: JSON, two fields, three fields.
const JSON: u32 = 0;
const PAIR: u32 = 8;
const TRIPLE: u32 = 12;
/** For all others, which each line must be asked. */
const ANY: u32 = 1;

/** Whether `readLines` has come to a line that is not plain. */
export let isOdd: bool = false;

/** Reads lines from the cursor on into the batch, up to its end, that of the index, or an odd line; says how many. */
export function readLines(): u32 {
  isOdd = false;
  if (isJson) return readInto(JSON, true);
  if (endsWithValue) {
    if (lineIndex == PAIR && timeField < 0 && sensorField == 0) return readInto(PAIR, false);
    if (lineIndex == TRIPLE && timeField >= 0 && sensorField >= 0) return readInto(TRIPLE, true);
  }
  return readInto(ANY, true);
}

/** With constants for its parameters the compiler leaves out what is not needed, so each call is a loop of its own. */
@inline
function readInto(shape: u32, timed: bool): u32 {
  const size: u32 = shape == PAIR || shape == TRIPLE ? shape : lineIndex;
  const returns = shape == PAIR || shape == TRIPLE ? 0 : endsWithReturn;
  const separator = delimiter;
  const end = filled - size;
  let reading = BATCH;
  for (let at = cursor; at <= end && reading < BATCH_END; at += size) {
    const start = load<u32>(at - 4) + 1;
    const last = at + size - 4;
    const newline = load<u32>(last);
    let name = start;
    let length: u32 = 0;
    let valueAt: u32 = 0;
    let valueLength: u32 = 0;
    let timeAt: u32 = 0;
    let timeStop: u32 = 0;
    if (shape == JSON) {
      if (u32(load<u8>(newline - 1) == RETURN) != returns) return oddAfter(reading);
      if (!readSimilar(start, newline - returns)) {
        if (!readObject(start, newline - returns)) return oddAfter(reading);
        remember(start, newline - returns);
      }
      valueAt = valueStart;
      valueLength = valueEnd - valueStart;
      timeAt = timeStart;
      timeStop = timeEnd;
      if (sensorStart != 0) {
        name = sensorStart;
        length = sensorEnd - sensorStart;
      }
    } else {
      let wrong = (u32(load<u8>(newline)) ^ NEWLINE) | u32(load<u8>(start) == BRACE);
      if (shape == ANY) wrong |= u32(load<u8>(newline - 1) == RETURN) ^ returns;
      if (shape == PAIR) wrong |= wrongAt(at, separator);
      else if (shape == TRIPLE) wrong |= wrongAt(at, separator) | wrongAt(at + 4, separator);
      else for (let place = at; place < last; place += 4) wrong |= wrongAt(place, separator);
      if (wrong != 0) return oddAfter(reading);
      const value = shape == PAIR || shape == TRIPLE ? last : at + valueField;
      valueAt = load<u32>(value - 4) + 1;
      valueLength = load<u32>(value) - (value == last ? returns : 0) - valueAt;
      if (timed && (shape == TRIPLE || timeField >= 0)) {
        const field = at + timeField;
        timeAt = load<u32>(field - 4) + 1;
        timeStop = load<u32>(field) - (field == last ? returns : 0);
      }
      if (shape == PAIR) length = load<u32>(at) - start;
      else if (shape == TRIPLE || sensorField >= 0) {
        const field = at + sensorField;
        name = load<u32>(field - 4) + 1;
        length = load<u32>(field) - (field == last ? returns : 0) - name;
      }
    }
    if (timed) {
      let time: f64 = NaN;
      if (timeAt != 0) {
        time = readTime(timeAt, timeStop);
        if (time != time) return oddAfter(reading);
      }
      store<f64>(reading, time, READING_TIME);
    }
    const negative = u32(load<u8>(valueAt) == MINUS);
    valueAt += negative;
    valueLength -= negative;
    let units: i64 = 0;
    if (valueLength - 1 < 8) {
      let word = wordOf(valueAt, valueLength);
      const point = pointOf(word);
      if (point != 0) {
        if (!isPoint(word, point) || valueLength == 1) return oddAfter(reading);
        word = withoutPoint(word, point);
      }
      if (!isDigits(word)) return oddAfter(reading);
      units = unitsOf(word);
      store<i32>(reading, scaleOf(point), READING_SCALE);
    } else {
      units = readLong(valueAt, valueAt + valueLength);
      if (longScale < 0) return oddAfter(reading);
      store<i32>(reading, longScale, READING_SCALE);
    }
    store<i64>(reading, (units ^ -i64(negative)) + i64(negative), READING_UNITS);
    store<u32>(reading, name, READING_NAME);
    store<u32>(reading, length, READING_LENGTH);
    reading += READING_SIZE;
  }
  return readingsBefore(reading);
}

/** 0 when a field ends here with a delimiter. */
@inline
function wrongAt(place: u32, separator: u32): u32 {
  return u32(load<u8>(load<u32>(place))) ^ separator;
}

function oddAfter(reading: u32): u32 {
  isOdd = true;
  return readingsBefore(reading);
}

@inline
export function readingsBefore(reading: u32): u32 {
  return (reading - BATCH) / READING_SIZE;
}
