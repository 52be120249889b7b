// The columns of a row, written from a group as text.

import { putAverage } from './average';
import { putDeviation, putVariance } from './deviations';
import {
  GROUP_COUNT,
  GROUP_FIRST,
  GROUP_FIRST_SCALE,
  GROUP_FIRST_TIME,
  GROUP_LAST,
  GROUP_LAST_SCALE,
  GROUP_LAST_TIME,
  GROUP_MAX,
  GROUP_MAX_SCALE,
  GROUP_MIN,
  GROUP_MIN_SCALE,
  GROUP_SCALE,
  GROUP_SENSOR,
  GROUP_SIZE,
  GROUP_SUM,
  groupSize,
} from './groups';
import { findQuantile, quantileScale, quantileUnits, quantileUnitsScale } from './quantiles';
import { powerOfTen } from './read-decimal';
import { describeNotation, putMoment, putName, putNothing, putStamp, putUnit } from './row-notation';
import { putDecimal, putWhole } from './row-text';
import { isEndless, windowEnd, windowStart } from './row-windows';
import { hasCarry } from './sum';

// The columns, as in `src/counting/kernel/row-program.ts`.
export const END_OF_ROW: u32 = 0;
const SENSOR: u32 = 1;
const START: u32 = 2;
const END: u32 = 3;
const COUNT: u32 = 4;
const MIN: u32 = 5;
const MAX: u32 = 6;
const AVG: u32 = 7;
const EXPECTED: u32 = 8;
const MISSING: u32 = 9;
const SUM: u32 = 10;
const RANGE: u32 = 11;
const FIRST: u32 = 12;
const LAST: u32 = 13;
const FIRST_TIME: u32 = 14;
const LAST_TIME: u32 = 15;
const QUANTILE: u32 = 16;
const VARIANCE: u32 = 17;
const DEVIATION: u32 = 18;
const UNIT: u32 = 19;
const START_STAMP: u32 = 20;
const END_STAMP: u32 = 21;

/** The expected interval between readings, in milliseconds. */
let expected: f64 = 0;
/** The decimal places of averages; -1 for two more than the group's scale. */
let decimals: i32 = -1;

/** The span of the row's window; NaN if readings have no time. */
let start: f64 = NaN;
let end: f64 = NaN;

/** Sets the format of columns: the expected interval in milliseconds, and the decimal places of averages or -1. */
export function describeColumns(notation: u32, expect: f64, places: i32): void {
  describeNotation(notation);
  expected = expect;
  decimals = places;
}

/** Must be called before the columns of a window's group are written. */
export function setSpan(group: u32): void {
  start = isEndless() ? timeOf(group, GROUP_FIRST_TIME) : windowStart;
  end = isEndless() ? timeOf(group, GROUP_LAST_TIME) : windowEnd;
}

/**
 * Writes a column of a group. A quantile is that of `part` / `whole`; a timestamp is in units of `whole` milliseconds with
 * `part` zeros appended. Returns false for what the host must write: a number that 64 bits cannot hold exactly, a name that
 * needs quotes or escapes, and a timestamp if readings have no time.
 */
export function writeColumn(column: u32, group: u32, part: u64, whole: u64): bool {
  switch (column) {
    case END_OF_ROW:
      return true;
    case SENSOR:
      return putName(load<u32>(group, GROUP_SENSOR));
    case START:
      putMoment(start);
      return true;
    case END:
      putMoment(end);
      return true;
    case COUNT:
      putWhole(load<u32>(group, GROUP_COUNT));
      return true;
    case MIN:
      writeValue(group, load<i64>(group, GROUP_MIN), load<u8>(group, GROUP_MIN_SCALE));
      return true;
    case MAX:
      writeValue(group, load<i64>(group, GROUP_MAX), load<u8>(group, GROUP_MAX_SCALE));
      return true;
    case AVG:
      return putAverage(group, placesOf(group));
    case EXPECTED:
    case MISSING:
      writeCompleteness(group, column == MISSING);
      return true;
    case SUM:
      return writeSum(group);
    case RANGE:
      writeRange(group);
      return true;
    case FIRST:
    case LAST:
      writeTimed(group, column == FIRST);
      return true;
    case FIRST_TIME:
      putMoment(timeOf(group, GROUP_FIRST_TIME));
      return true;
    case LAST_TIME:
      putMoment(timeOf(group, GROUP_LAST_TIME));
      return true;
    case QUANTILE:
      return writeQuantile(group, part, whole);
    case VARIANCE:
    case DEVIATION:
      return writeSpread(group, column == VARIANCE);
    case UNIT:
      putUnit(load<u32>(group, GROUP_SENSOR));
      return true;
    case START_STAMP:
      return putStamp(start, i32(part), i64(whole));
    case END_STAMP:
      return putStamp(end, i32(part), i64(whole));
    default:
      return false;
  }
}

/** The time of a group's first or last reading; NaN if readings have none. */
function timeOf(group: u32, offset: u32): f64 {
  return isTimed(group) ? load<f64>(group + offset) : NaN;
}

function isTimed(group: u32): bool {
  return groupSize > GROUP_SIZE && load<f64>(group, GROUP_LAST_TIME) > -Infinity;
}

/** Writes a value, given in units of its group's scale, with its own number of places. */
function writeValue(group: u32, units: i64, scale: u32): void {
  putDecimal(units / powerOfTen(u32(load<u8>(group, GROUP_SCALE)) - scale), i32(scale));
}

function writeRange(group: u32): void {
  const scale = max(load<u8>(group, GROUP_MIN_SCALE), load<u8>(group, GROUP_MAX_SCALE));
  writeValue(group, load<i64>(group, GROUP_MAX) - load<i64>(group, GROUP_MIN), scale);
}

function writeTimed(group: u32, isFirst: bool): void {
  if (!isTimed(group)) putNothing();
  else if (isFirst) writeValue(group, load<i64>(group, GROUP_FIRST), load<u8>(group, GROUP_FIRST_SCALE));
  else writeValue(group, load<i64>(group, GROUP_LAST), load<u8>(group, GROUP_LAST_SCALE));
}

function writeCompleteness(group: u32, isMissing: bool): void {
  if (start != start) {
    putNothing();
    return;
  }
  const due = Math.floor((end - start) / expected) + (isEndless() ? 1 : 0);
  putWhole(u64(isMissing ? Math.max(0, due - f64(load<u32>(group, GROUP_COUNT))) : due));
}

function writeQuantile(group: u32, part: u64, whole: u64): bool {
  if (!findQuantile(group, part, whole)) return false;
  putDecimal(quantileUnits / powerOfTen(quantileUnitsScale - quantileScale), quantileScale);
  return true;
}

function writeSum(group: u32): bool {
  if (hasCarry(group)) return false;
  putDecimal(load<i64>(group, GROUP_SUM), i32(load<u8>(group, GROUP_SCALE)));
  return true;
}

function writeSpread(group: u32, isVariance: bool): bool {
  if (load<u32>(group, GROUP_COUNT) > 1)
    return isVariance ? putVariance(group, placesOf(group)) : putDeviation(group, placesOf(group));
  putNothing();
  return true;
}

/** The decimal places of averages and the like. */
function placesOf(group: u32): i32 {
  return decimals < 0 ? i32(load<u8>(group, GROUP_SCALE)) + 2 : decimals;
}
