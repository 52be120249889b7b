// Adds the readings of a batch to their groups.

import { groupOf } from './slots';
import { addTimed } from './first-last';
import { add, aligned, makeHeadroom, TOO_LARGE } from './group';
import { BATCH, GREATEST, LEAST } from './layout';
import { isOutside, noteScale, paneAt, reaches, wantPanes } from './event-time';
import { READING_LENGTH, READING_NAME, READING_SCALE, READING_SIZE, READING_TIME, READING_UNITS } from './read-batch';
import { readingsBefore } from './read-batch';
import { preload } from './preload';
import { addSquare } from './squares';
import { isLarge, NO_MEMORY, NOT_PLAIN } from './sensors';
import { hasRoom, putValue } from './values';

/** Whether groups keep their first and last reading. */
export let keepsTimes: bool = false;
/** Whether groups keep the sum of squares. */
export let keepsSquares: bool = false;
/** Whether groups keep their values. */
export let keepsDistinct: bool = false;
let hasRange: bool = false;

/** Whether `countReadings` stopped after a reading that reached `watermarkGoal`. */
export let isPassed: bool = false;
/** Whether it stopped for lack of memory. */
export let isFull: bool = false;

/** Sets what all groups keep, whether there are panes and of what length, and whether values have a range. */
export function want(squares: bool, distinct: bool, panes: bool, length: f64, range: bool): void {
  keepsSquares = squares;
  keepsDistinct = distinct;
  wantPanes(panes, length);
  hasRange = range;
}

/** Sets whether groups keep their first and last reading. */
export function wantTimes(times: bool): void {
  keepsTimes = times;
}

/** Whether all values are wanted, and only count, sum, minimum and maximum of them. */
export function isSimple(): bool {
  return !(keepsTimes || keepsSquares || keepsDistinct || hasRange);
}

/** Counts the first `count` readings of the batch, up to one that needs the host; returns how many it counted. */
export function countReadings(count: u32): u32 {
  isPassed = false;
  isFull = false;
  if (isLarge()) preload(count);
  const end = BATCH + count * READING_SIZE;
  let reading = BATCH;
  for (; reading < end; reading += READING_SIZE) {
    const scale = load<i32>(reading, READING_SCALE);
    const units = load<i64>(reading, READING_UNITS);
    const time = load<f64>(reading, READING_TIME);
    if (hasRange && !isInRange(units, scale)) break;
    if (isOutside(time)) break;
    const group = groupOf(load<u32>(reading, READING_NAME), load<u32>(reading, READING_LENGTH), paneAt(time));
    if (group == NOT_PLAIN) break;
    if (group == NO_MEMORY) {
      isFull = true;
      break;
    }
    const value = aligned(group, units, scale);
    if (value == TOO_LARGE) break;
    if (keepsDistinct && !hasRoom(group, value)) {
      isFull = true;
      break;
    }
    const isNear = add(group, value, scale);
    if (keepsTimes && time == time) addTimed(group, time, value, scale);
    if (keepsSquares) addSquare(group, value);
    if (keepsDistinct) putValue(group, value, scale, 1);
    if (isNear) makeHeadroom(group);
    if (time != time) continue;
    noteScale(scale);
    if (reaches(time)) {
      isPassed = true;
      reading += READING_SIZE;
      break;
    }
  }
  return readingsBefore(reading);
}

@inline
function isInRange(units: i64, scale: i32): bool {
  return units >= load<i64>(LEAST + (scale << 3)) && units <= load<i64>(GREATEST + (scale << 3));
}
