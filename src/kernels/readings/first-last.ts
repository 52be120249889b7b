// The first and last value of a group, by time.

import {
  GROUP_FIRST,
  GROUP_FIRST_SCALE,
  GROUP_FIRST_TIME,
  GROUP_LAST,
  GROUP_LAST_SCALE,
  GROUP_LAST_TIME,
} from './groups';

/** Keeps the earliest value (the smallest of several at that time) and the latest (the largest of several). */
export function addTimed(group: u32, time: f64, units: i64, scale: i32): void {
  const first = load<f64>(group, GROUP_FIRST_TIME);
  const firstUnits = load<i64>(group, GROUP_FIRST);
  if (time < first || (time == first && isBefore(units, scale, firstUnits, load<u8>(group, GROUP_FIRST_SCALE)))) {
    store<f64>(group, time, GROUP_FIRST_TIME);
    store<i64>(group, units, GROUP_FIRST);
    store<u8>(group, u8(scale), GROUP_FIRST_SCALE);
  }
  const last = load<f64>(group, GROUP_LAST_TIME);
  const lastUnits = load<i64>(group, GROUP_LAST);
  if (time > last || (time == last && isBefore(-units, scale, -lastUnits, load<u8>(group, GROUP_LAST_SCALE)))) {
    store<f64>(group, time, GROUP_LAST_TIME);
    store<i64>(group, units, GROUP_LAST);
    store<u8>(group, u8(scale), GROUP_LAST_SCALE);
  }
}

/** Whether a value sorts before another: the lower one or, of equal values, the one with more decimal places. */
function isBefore(units: i64, scale: i32, known: i64, knownScale: u8): bool {
  return units < known || (units == known && scale > i32(knownScale));
}
