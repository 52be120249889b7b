/**
 * The kernel of get-stats: from bytes to counts, minima, maxima and exact sums, per sensor and pane.
 *
 * (page of comment to come)
 */

import { isDigits, isPoint, longScale, pointOf, readLong, scaleOf, unitsOf, withoutPoint, wordOf } from './decimal';
import { add, addSquare, addTimed, aligned, empty, TOO_LARGE } from './group';
import { readObject, readSimilar, sensorEnd, sensorStart, timeEnd, timeStart, valueEnd, valueStart } from './json';
import { BATCH, BRACE, GREATEST, INDEX, LEAST, MASKS, MINUS, MOST_READINGS, NEWLINE, PAGE, POWERS, QUOTE, RETURN } from './layout';
import { clear as clearTables, countDistinct, groupOf, makeRoom } from './table';
import { readTime } from './time';

export { HEAP as heapStart } from './layout';
export { groupSize, heapEnd, lastGroup, lastValue } from './table';

/** Tells the span of the pane at this time: sets `paneStart` and `paneEnd`. */
// @ts-ignore: decorator
@external('host', 'locate')
declare function locate(time: f64): void;

// Why `scan` came back.
const ALL_READ: i32 = 0;
/** The line from `lineStart` to `lineEnd` is for the exact engine. */
const ODD_LINE: i32 = 1;
/** The reading just counted has moved the watermark to `watermarkGoal`. */
const PASSED: i32 = 2;
/** No memory is left for the line from `lineStart`. */
const FULL: i32 = 3;

// The shape of lines.
let isJson: bool = false;
let delimiter: u32 = 0;
/** Where in the index of a line the field ends, in bytes: four for each field before it; negative for none. */
let timeField: i32 = -1;
let sensorField: i32 = -1;
let valueField: i32 = 0;
/** Bytes of the index for one line: four for each field. */
let lineIndex: u32 = 4;
/** 1 when lines end with a carriage return. */
let endsWithReturn: u32 = 0;
/** Whether the value is the last field, and no carriage return follows. */
let endsWithValue: bool = false;

// What is wanted.
let keepsTimes: bool = false;
let keepsSquares: bool = false;
let keepsDistinct: bool = false;
let hasPanes: bool = false;
let hasRange: bool = false;
/** The length of panes that are aligned to the epoch, in milliseconds; 0 when the host knows. */
let paneLength: f64 = 0;

/** The pane of the reading before, in epoch milliseconds: inclusive, exclusive. */
export let paneStart: f64 = 0;
export let paneEnd: f64 = 0;
/** Readings before this time are late. */
export let earliest: f64 = -Infinity;
/** The newest time at which `scan` comes back. */
export let watermarkGoal: f64 = Infinity;
/** The newest time of all readings. */
export let newest: f64 = -Infinity;
/** The least digits after the point of the values so far. */
export let leastScale: i32 = 255;
/** How many lines were counted. */
export let counted: u32 = 0;
export let lineStart: u32 = 0;
export let lineEnd: u32 = 0;

let stopReason: i32 = ALL_READ;

// The index, and how far it was used and filled; how far input was indexed, and where it ends.
let cursor: u32 = 0;
let filled: u32 = 0;
let indexed: u32 = 0;
let limit: u32 = 0;

export function initialise(squares: bool, distinct: bool, panes: bool, length: f64, range: bool): void {
  memory.fill(MASKS, 0xff, 32);
  memory.fill(MASKS + 32, 0, 32);
  let power: i64 = 1;
  for (let exponent: u32 = 0; exponent < 19; exponent++, power *= 10) store<i64>(POWERS + exponent * 8, power);
  keepsSquares = squares;
  keepsDistinct = distinct;
  hasPanes = panes;
  paneLength = length;
  hasRange = range;
  clear(false);
}

/** Forgets all groups; `times` says whether those to come hold the first and the last reading. */
export function clear(times: bool): void {
  keepsTimes = times;
  clearTables(keepsTimes || keepsSquares);
}

/** What lines look like from here on; -1 for a field that they do not have. */
export function setShape(json: bool, separator: u32, time: i32, sensor: i32, value: i32, width: u32, carriageReturn: bool): void {
  isJson = json;
  delimiter = json ? NEWLINE : separator;
  timeField = time * 4;
  sensorField = sensor * 4;
  valueField = value * 4;
  endsWithReturn = u32(carriageReturn);
  lineIndex = json ? 4 : width * 4;
  endsWithValue = value == i32(width) - 1 && !carriageReturn;
}

/** New input lies from `start` to `end`, and a line begins at its start. */
export function feed(start: u32, end: u32): void {
  store<u32>(INDEX, start - 1);
  cursor = INDEX + 4;
  filled = INDEX + 4;
  indexed = start;
  limit = end;
}

/** Counts lines up to the end of what was fed, or to one that needs the host: see the reasons above. */
export function scan(): i32 {
  while (true) {
    const size = lineIndex;
    if (cursor + size > filled && indexed < limit) cursor = indexPage(cursor);
    const first = cursor;
    const readings = readLines();
    const lines = countReadings(readings);
    counted += lines;
    cursor = first + lines * size;
    if (stopReason == FULL || stopReason == PASSED) break;
    if (lines < readings || stopReason == ODD_LINE) return findOddLine();
    if (cursor + size > filled && indexed >= limit) {
      // What is left is less than a line, or a line with fewer fields.
      if (cursor != filled) return findOddLine();
      break;
    }
  }
  lineStart = load<u32>(cursor - 4) + 1;
  return stopReason;
}

// A reading of the batch.
const READING_UNITS: u32 = 0;
const READING_TIME: u32 = 8;
const READING_NAME: u32 = 16;
const READING_LENGTH: u32 = 20;
const READING_SCALE: u32 = 24;
const READING_SIZE: u32 = 32;

/** Reads lines into the batch, up to one that is not plain, and says how many. */
function readLines(): u32 {
  stopReason = ALL_READ;
  if (isJson) return readInto(0, true);
  if (endsWithValue) {
    if (lineIndex == 8 && timeField < 0 && sensorField == 0) return readInto(8, false);
    if (lineIndex == 12 && timeField >= 0 && sensorField >= 0) return readInto(12, true);
  }
  return readInto(ANY_SIZE, true);
}

const ANY_SIZE: u32 = 1;

/**
 * Reads lines whose index has `size` bytes; 0 for JSON, ANY_SIZE for all other shapes.
 *
 * With constants for its parameters the compiler leaves out what is not needed, so each call is a loop of its own.
 */
// @ts-ignore: decorator
@inline
function readInto(size: u32, timed: bool): u32 {
  const step: u32 = size > ANY_SIZE ? size : lineIndex;
  const separator = delimiter;
  const returns = size > ANY_SIZE ? 0 : endsWithReturn;
  const end = filled - step;
  let reading = BATCH;
  for (let at = cursor; at <= end && reading < BATCH + MOST_READINGS * READING_SIZE; at += step) {
    const start = load<u32>(at - 4) + 1;
    const last = at + step - 4;
    const newline = load<u32>(last);
    let name = start;
    let length: u32 = 0;
    let valueAt: u32 = 0;
    let valueLength: u32 = 0;
    let timeAt: u32 = 0;
    let timeStop: u32 = 0;
    if (size == 0) {
      if (!readSimilar(start, newline - returns, returns) && !readObject(start, newline - returns, returns)) return oddAfter(reading);
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
      if (size == ANY_SIZE) wrong |= u32(load<u8>(newline - 1) == RETURN) ^ returns;
      if (size == 8) wrong |= u32(load<u8>(load<u32>(at))) ^ separator;
      else if (size == 12) wrong |= (u32(load<u8>(load<u32>(at))) ^ separator) | (u32(load<u8>(load<u32>(at + 4))) ^ separator);
      else for (let place = at; place < last; place += 4) wrong |= u32(load<u8>(load<u32>(place))) ^ separator;
      if (wrong != 0) return oddAfter(reading);
      const value = at + (size == 8 ? 4 : size == 12 ? 8 : valueField);
      valueAt = load<u32>(value - 4) + 1;
      valueLength = load<u32>(value) - (value == last ? returns : 0) - valueAt;
      if (timed && (size == 12 || timeField >= 0)) {
        const field = at + timeField;
        timeAt = load<u32>(field - 4) + 1;
        timeStop = load<u32>(field) - (field == last ? returns : 0);
      }
      if (size == 8) length = load<u32>(at) - start;
      else if (size == 12 || sensorField >= 0) {
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

function oddAfter(reading: u32): u32 {
  stopReason = ODD_LINE;
  return readingsBefore(reading);
}

// @ts-ignore: decorator
@inline
function readingsBefore(reading: u32): u32 {
  return (reading - BATCH) / READING_SIZE;
}

/** Counts so many readings of the batch, up to one for which the host is needed, and says how many it has counted. */
function countReadings(count: u32): u32 {
  if (isJson || keepsTimes || keepsSquares || keepsDistinct || hasRange) return countInto(count, hasPanes, true);
  return hasPanes ? countInto(count, true, false) : countInto(count, false, false);
}

// @ts-ignore: decorator
@inline
function countInto(count: u32, panes: bool, extras: bool): u32 {
  let least = leastScale;
  const end = BATCH + count * READING_SIZE;
  let reading = BATCH;
  for (; reading < end; reading += READING_SIZE) {
    const scale = load<i32>(reading, READING_SCALE);
    const units = load<i64>(reading, READING_UNITS);
    const time: f64 = panes || extras ? load<f64>(reading, READING_TIME) : NaN;
    if (extras && hasRange && (units < load<i64>(LEAST + (scale << 3)) || units > load<i64>(GREATEST + (scale << 3)))) break;
    let pane: f64 = 0;
    if (panes) {
      // Also where there is no time.
      if (!(time >= earliest)) break;
      if (!(time >= paneStart && time < paneEnd)) findPane(time);
      pane = paneStart;
    }
    const group = groupOf(load<u32>(reading, READING_NAME), load<u32>(reading, READING_LENGTH), pane, panes);
    if (group == 0 || (extras && keepsDistinct && !makeRoom())) {
      stopReason = FULL;
      break;
    }
    const value = aligned(group, units, scale);
    if (value == TOO_LARGE) break;
    const isFull = add(group, value, scale);
    if (extras) {
      if (keepsTimes && time == time) addTimed(group, time, value, scale);
      if (keepsSquares) addSquare(group, value);
      if (keepsDistinct) countDistinct(group, units, scale);
    }
    if (isFull) empty(group);
    if (panes || extras) {
      if (time == time) least = min(least, scale);
      if (time > newest) {
        newest = time;
        if (time >= watermarkGoal) {
          stopReason = PASSED;
          reading += READING_SIZE;
          break;
        }
      }
    }
  }
  leastScale = least;
  return readingsBefore(reading);
}

function findPane(time: f64): void {
  if (paneLength > 0) {
    paneStart = Math.floor(time / paneLength) * paneLength;
    paneEnd = paneStart + paneLength;
  } else locate(time);
}

/** Steps over the line at the cursor, which is not for the kernel, if it is whole. */
function findOddLine(): i32 {
  lineStart = load<u32>(cursor - 4) + 1;
  let at = cursor;
  while (true) {
    if (at == filled) {
      if (indexed >= limit) return ALL_READ;
      // Of the places in the line so far none is needed any more.
      filled = cursor;
      at = indexPage(cursor);
    } else if (load<u8>(load<u32>(at)) == NEWLINE) break;
    else at += 4;
  }
  lineEnd = load<u32>(at);
  cursor = at + 4;
  return ODD_LINE;
}

/** Moves what is left of the index, and the place before it, to its beginning; adds the next page; the new cursor. */
function indexPage(at: u32): u32 {
  const left = filled - (at - 4);
  memory.copy(INDEX, at - 4, left);
  let out = INDEX + left;
  const end = min(indexed + PAGE, limit);
  const newlines = i8x16.splat(i8(NEWLINE));
  const quotes = i8x16.splat(i8(isJson ? NEWLINE : QUOTE));
  const separators = i8x16.splat(i8(delimiter));
  for (let block = indexed; block < end; block += 64) {
    let places = places16(block, newlines, quotes, separators) | (places16(block + 16, newlines, quotes, separators) << 16) | (places16(block + 32, newlines, quotes, separators) << 32) | (places16(block + 48, newlines, quotes, separators) << 48);
    if (end - block < 64) places &= (u64(1) << (end - block)) - 1;
    const next = out + (u32(popcnt(places)) << 2);
    // Eight at once, as many as a block mostly has; those too many do no harm, the next block writes over them.
    do {
      store<u32>(out, block + u32(ctz(places)));
      places &= places - 1;
      store<u32>(out, block + u32(ctz(places)), 4);
      places &= places - 1;
      store<u32>(out, block + u32(ctz(places)), 8);
      places &= places - 1;
      store<u32>(out, block + u32(ctz(places)), 12);
      places &= places - 1;
      store<u32>(out, block + u32(ctz(places)), 16);
      places &= places - 1;
      store<u32>(out, block + u32(ctz(places)), 20);
      places &= places - 1;
      store<u32>(out, block + u32(ctz(places)), 24);
      places &= places - 1;
      store<u32>(out, block + u32(ctz(places)), 28);
      places &= places - 1;
      out += 32;
    } while (places != 0);
    out = next;
  }
  indexed = end;
  filled = out;
  return INDEX + 4;
}

// @ts-ignore: decorator
@inline
function places16(at: u32, newlines: v128, quotes: v128, separators: v128): u64 {
  const bytes = v128.load(at);
  return u64(i8x16.bitmask(v128.or(v128.or(i8x16.eq(bytes, newlines), i8x16.eq(bytes, quotes)), i8x16.eq(bytes, separators))));
}
