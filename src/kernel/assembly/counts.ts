// Counts: from the batch of readings to their groups.

import { countDistinct, reserveDistinct } from './distinct';
import { add, addSquare, addTimed, aligned, empty, TOO_LARGE } from './group';
import { BATCH, GREATEST, LEAST } from './layout';
import { READING_LENGTH, READING_NAME, READING_SCALE, READING_SIZE, READING_TIME, READING_UNITS } from './readings';
import { readingsBefore } from './readings';
import { isJson, timeField } from './shape';
import { groupOf } from './table';

/** Tells the span of the pane at this time: sets `paneStart` and `paneEnd`. */
@external('host', 'locate')
declare function locate(time: f64): void;

// What is wanted.
let keepsTimes: bool = false;
let keepsSquares: bool = false;
let keepsDistinct: bool = false;
let hasPanes: bool = false;
let hasRange: bool = false;
/** The length of panes that count from the epoch, in milliseconds; 0 when the host must be asked. */
let paneLength: f64 = 0;

/** The pane of the reading before, in epoch milliseconds: inclusive, exclusive. */
export let paneStart: f64 = 0;
export let paneEnd: f64 = 0;
/** A reading before this time is late. */
export let earliest: f64 = -Infinity;
/** The time from which on a reading moves the watermark past the end of a window. */
export let watermarkGoal: f64 = Infinity;
/** The newest time of all readings. */
export let newest: f64 = -Infinity;
/** The least digits after the point of the values with a time. */
export let leastScale: i32 = 255;

/** Whether `countReadings` has counted a reading that has reached the goal. */
export let isPassed: bool = false;
/** Whether it had no memory for the next reading. */
export let isFull: bool = false;

export function want(squares: bool, distinct: bool, panes: bool, length: f64, range: bool): void {
  keepsSquares = squares;
  keepsDistinct = distinct;
  hasPanes = panes;
  paneLength = length;
  hasRange = range;
}

/** Whether groups hold the first and the last reading. */
export function wantTimes(times: bool): void {
  keepsTimes = times;
}

/** Whether groups need their last half. */
export function isLong(): bool {
  return keepsTimes || keepsSquares;
}

/** Counts so many readings of the batch, up to one for which the host is needed, and says how many it has counted. */
export function countReadings(count: u32): u32 {
  isPassed = false;
  isFull = false;
  if (isJson || keepsTimes || keepsSquares || keepsDistinct || hasRange) return countInto(count, hasPanes, true);
  return hasPanes ? countInto(count, true, false) : countInto(count, false, false);
}

/** With constants for its parameters the compiler leaves out what is not needed, so each call is a loop of its own. */
@inline
function countInto(count: u32, panes: bool, extras: bool): u32 {
  const hasTimes = panes || (extras && (isJson || timeField >= 0));
  const end = BATCH + count * READING_SIZE;
  let least = leastScale;
  let reading = BATCH;
  for (; reading < end; reading += READING_SIZE) {
    const scale = load<i32>(reading, READING_SCALE);
    const units = load<i64>(reading, READING_UNITS);
    const time: f64 = hasTimes ? load<f64>(reading, READING_TIME) : NaN;
    if (extras && hasRange && !isInRange(units, scale)) break;
    let pane: f64 = 0;
    if (panes) {
      // Not so for a reading without a time either.
      if (!(time >= earliest)) break;
      if (!(time >= paneStart && time < paneEnd)) findPane(time);
      pane = paneStart;
    }
    const group = groupOf(load<u32>(reading, READING_NAME), load<u32>(reading, READING_LENGTH), pane, panes);
    if (group == 0 || (extras && keepsDistinct && !reserveDistinct())) {
      isFull = true;
      break;
    }
    const value = aligned(group, units, scale);
    if (value == TOO_LARGE) break;
    const mustEmpty = add(group, value, scale);
    if (extras) {
      if (keepsTimes && time == time) addTimed(group, time, value, scale);
      if (keepsSquares) addSquare(group, value);
      if (keepsDistinct) countDistinct(group, units, scale);
    }
    if (mustEmpty) empty(group);
    if (hasTimes && time == time) {
      least = min(least, scale);
      if (time > newest) {
        newest = time;
        if (time >= watermarkGoal) {
          isPassed = true;
          reading += READING_SIZE;
          break;
        }
      }
    }
  }
  leastScale = least;
  return readingsBefore(reading);
}

@inline
function isInRange(units: i64, scale: i32): bool {
  return units >= load<i64>(LEAST + (scale << 3)) && units <= load<i64>(GREATEST + (scale << 3));
}

function findPane(time: f64): void {
  if (paneLength > 0) {
    paneStart = Math.floor(time / paneLength) * paneLength;
    paneEnd = paneStart + paneLength;
  } else locate(time);
}
