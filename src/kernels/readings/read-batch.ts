// Reads plain lines that are not common into a batch of readings, which are counted next.

import { isPoint, longScale, notDigits, pointOf, readLong, scaleOf, unitsOf, withoutPoint, wordOf } from './read-decimal';
import { readObject, sensorEnd, sensorStart, timeEnd, timeStart, valueEnd, valueStart } from './json-object';
import { BATCH, BRACE, MINUS, MAX_READINGS, NEWLINE, RETURN } from './layout';
import { behindDelimiter, cursor, filled, firstDelimiter } from './line-index';
import { delimiter, endsWithReturn, hasOnlyNewlines, isJson, lineIndex } from './shape';
import { sensorField, timeField, valueField } from './shape';
import { readSimilar, remember } from './json-template';
import { readTime } from './read-time';

// Offsets in a reading of the batch. Its time is NaN if it has none.
export const READING_UNITS: u32 = 0;
export const READING_TIME: u32 = 8;
export const READING_NAME: u32 = 16;
export const READING_LENGTH: u32 = 20;
export const READING_SCALE: u32 = 24;
export const READING_SIZE: u32 = 32;
const BATCH_END: u32 = BATCH + MAX_READINGS * READING_SIZE;

/** Whether `readLines` stopped at a line that is not plain. */
export let isOdd: bool = false;

/** Reads lines from the cursor on, up to the end of the batch or index, or to an odd line; returns how many. */
export function readLines(): u32 {
  isOdd = false;
  if (isJson) return readObjects();
  if (hasOnlyNewlines) return readEnds();
  return readFields();
}

/** Reads lines of `sensor,value` or `time,sensor,value`. */
function readEnds(): u32 {
  let reading = BATCH;
  for (let at = cursor; at < filled && reading < BATCH_END; at += 4) {
    const newline = load<u32>(at);
    let name = load<u32>(at - 4) + 1;
    let time: f64 = NaN;
    if (timeField >= 0) {
      const timeEnd = firstDelimiter(name, newline);
      time = readTime(name, timeEnd);
      if (time != time) return oddAfter(reading);
      name = timeEnd + 1;
    }
    store<f64>(reading, time, READING_TIME);
    const value = behindDelimiter(name, newline);
    if (value <= name || !readValue(reading, value, newline)) return oddAfter(reading);
    store<u32>(reading, name, READING_NAME);
    store<u32>(reading, value - 1 - name, READING_LENGTH);
    reading += READING_SIZE;
  }
  return readingsBefore(reading);
}

/** Reads delimited lines with any other fields. */
function readFields(): u32 {
  const returns = endsWithReturn;
  const size = lineIndex;
  const end = filled - size;
  let reading = BATCH;
  for (let at = cursor; at <= end && reading < BATCH_END; at += size) {
    const start = load<u32>(at - 4) + 1;
    const last = at + size - 4;
    const newline = load<u32>(last);
    let wrong = (u32(load<u8>(newline)) ^ NEWLINE) | u32(load<u8>(start) == BRACE);
    wrong |= u32(load<u8>(newline - 1) == RETURN) ^ returns;
    for (let entry = at; entry < last; entry += 4) wrong |= wrongAt(entry, delimiter);
    if (wrong != 0) return oddAfter(reading);
    let time: f64 = NaN;
    if (timeField >= 0) {
      const field = at + timeField;
      time = readTime(load<u32>(field - 4) + 1, load<u32>(field) - (field == last ? returns : 0));
      if (time != time) return oddAfter(reading);
    }
    store<f64>(reading, time, READING_TIME);
    const value = at + valueField;
    if (!readValue(reading, load<u32>(value - 4) + 1, load<u32>(value) - (value == last ? returns : 0)))
      return oddAfter(reading);
    let name = start;
    let length: u32 = 0;
    if (sensorField >= 0) {
      const field = at + sensorField;
      name = load<u32>(field - 4) + 1;
      length = load<u32>(field) - (field == last ? returns : 0) - name;
    }
    store<u32>(reading, name, READING_NAME);
    store<u32>(reading, length, READING_LENGTH);
    reading += READING_SIZE;
  }
  return readingsBefore(reading);
}

function readObjects(): u32 {
  const returns = endsWithReturn;
  let reading = BATCH;
  for (let at = cursor; at < filled && reading < BATCH_END; at += 4) {
    const start = load<u32>(at - 4) + 1;
    const newline = load<u32>(at);
    if (u32(load<u8>(newline - 1) == RETURN) != returns) return oddAfter(reading);
    if (!readSimilar(start, newline - returns)) {
      if (!readObject(start, newline - returns)) return oddAfter(reading);
      remember(start, newline - returns);
    }
    let time: f64 = NaN;
    if (timeStart != 0) {
      time = readTime(timeStart, timeEnd);
      if (time != time) return oddAfter(reading);
    }
    store<f64>(reading, time, READING_TIME);
    if (!readValue(reading, valueStart, valueEnd)) return oddAfter(reading);
    store<u32>(reading, sensorStart == 0 ? start : sensorStart, READING_NAME);
    store<u32>(reading, sensorStart == 0 ? 0 : sensorEnd - sensorStart, READING_LENGTH);
    reading += READING_SIZE;
  }
  return readingsBefore(reading);
}

/** Reads the units and the scale of a value; false if it is not plain. */
@inline
function readValue(reading: u32, start: u32, end: u32): bool {
  const negative = u32(load<u8>(start) == MINUS);
  const at = start + negative;
  const length = end - at;
  let units: i64 = 0;
  let scale: i32 = 0;
  if (length - 1 < 8) {
    let word = wordOf(at, length);
    const point = pointOf(word);
    if (point != 0) {
      if (!isPoint(word, point) || length == 1) return false;
      word = withoutPoint(word, point);
    }
    if (notDigits(word) != 0) return false;
    units = unitsOf(word);
    scale = scaleOf(point);
  } else {
    units = readLong(at, end);
    scale = longScale;
    if (scale < 0) return false;
  }
  store<i64>(reading, (units ^ -i64(negative)) + i64(negative), READING_UNITS);
  store<i32>(reading, scale, READING_SCALE);
  return true;
}

/** 0 if the field of this index entry ends with the delimiter. */
@inline
function wrongAt(entry: u32, separator: u32): u32 {
  return u32(load<u8>(load<u32>(entry))) ^ separator;
}

function oddAfter(reading: u32): u32 {
  isOdd = true;
  return readingsBefore(reading);
}

/** The number of readings in the batch before this address. */
@inline
export function readingsBefore(reading: u32): u32 {
  return (reading - BATCH) / READING_SIZE;
}
