// Adds values to a group: count, sum, minimum, maximum, and whatever else is wanted.

import { addTimed } from './first-last';
import { powerOfTen } from './read-decimal';
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
  GROUP_SIZE,
  GROUP_SQUARES,
  GROUP_SUM,
  groupSize,
  NO_SCALE,
  TIMED_GROUP_SIZE,
} from './groups';
import { addWords, rescaleSquares } from './squares';
import { addCarry, carrySum, rescaleSum, SUM_LIMIT } from './sum';
import { addValues, beginValues } from './values';

/** Hands everything a group holds to the host. */
@external('host', 'spill')
declare function spill(group: u32): void;

/** A group is spilled at this count, so that the sum of two counts cannot overflow. */
const MAX_COUNT: u32 = 1 << 31;

/** Marks a value that does not fit into 64 bits at the scale of its group. */
export const TOO_LARGE: i64 = i64.MIN_VALUE;

/** The units of a value at the scale of its group, or TOO_LARGE. Rescales the group first if its scale is lower. */
@inline
export function aligned(group: u32, units: i64, scale: i32): i64 {
  return i32(load<u8>(group, GROUP_SCALE)) == scale ? units : align(group, units, scale);
}

function align(group: u32, units: i64, scale: i32): i64 {
  const known = i32(load<u8>(group, GROUP_SCALE));
  if (known == i32(NO_SCALE) || known < scale) {
    bringTo(group, scale);
    return units;
  }
  const factor = powerOfTen(known - scale);
  const most = (SUM_LIMIT - 1) / factor;
  return units <= most && units >= -most ? units * factor : TOO_LARGE;
}

/** Raises a group to a scale that is not lower than its own; spills the group if it does not fit. */
function bringTo(group: u32, scale: i32): void {
  if (load<u8>(group, GROUP_SCALE) == NO_SCALE) begin(group, scale);
  else if (!rescale(group, scale)) {
    spill(group);
    begin(group, scale);
  }
}

/** Rewrites a group's units at a scale that is not lower than its own; false, with nothing changed, if they do not fit. */
function rescale(group: u32, scale: i32): bool {
  const known = i32(load<u8>(group, GROUP_SCALE));
  if (known == scale) return true;
  if (known > scale) return false;
  const digits = scale - known;
  if (!fits(load<i64>(group, GROUP_MIN), digits) || !fits(load<i64>(group, GROUP_MAX), digits)) return false;
  rescaleSum(group, digits);
  const factor = powerOfTen(digits);
  multiply(group + GROUP_MIN, factor);
  multiply(group + GROUP_MAX, factor);
  store<u8>(group, u8(scale), GROUP_SCALE);
  // Values have at most 62 bits, so the squares have room for their sum.
  if (groupSize > TIMED_GROUP_SIZE) rescaleSquares(group, digits);
  if (groupSize <= GROUP_SIZE || load<f64>(group, GROUP_LAST_TIME) == -Infinity) return true;
  multiply(group + GROUP_FIRST, factor);
  multiply(group + GROUP_LAST, factor);
  return true;
}

@inline
function multiply(at: u32, factor: i64): void {
  store<i64>(at, load<i64>(at) * factor);
}

function begin(group: u32, scale: i32): void {
  // Clears the carry too.
  store<u64>(group, 0, GROUP_COUNT);
  store<i64>(group, 0, GROUP_SUM);
  store<i64>(group, i64.MAX_VALUE, GROUP_MIN);
  store<i64>(group, i64.MIN_VALUE, GROUP_MAX);
  store<u8>(group, u8(scale), GROUP_SCALE);
  beginValues(group);
  if (groupSize <= GROUP_SIZE) return;
  store<f64>(group, Infinity, GROUP_FIRST_TIME);
  store<f64>(group, -Infinity, GROUP_LAST_TIME);
  if (groupSize == TIMED_GROUP_SIZE) return;
  store<u64>(group, 0, GROUP_SQUARES);
  store<u64>(group, 0, GROUP_SQUARES + 8);
  store<u64>(group, 0, GROUP_SQUARES + 16);
}

/**
 * Counts a value in units of the group's scale; `scale` is the number of places it was written with.
 *
 * @returns whether `makeHeadroom` must be called before the next value, which might overflow the sum
 */
@inline
export function add(group: u32, units: i64, scale: i32): bool {
  const count = load<u32>(group, GROUP_COUNT) + 1;
  store<u32>(group, count, GROUP_COUNT);
  const sum = load<i64>(group, GROUP_SUM) + units;
  store<i64>(group, sum, GROUP_SUM);
  noteLeast(group, units, scale);
  noteGreatest(group, units, scale);
  return isNearOverflow(count, sum);
}

@inline
function noteLeast(group: u32, units: i64, scale: i32): void {
  const lowest = load<i64>(group, GROUP_MIN);
  if (units > lowest) return;
  if (units < lowest || scale > i32(load<u8>(group, GROUP_MIN_SCALE))) {
    store<i64>(group, units, GROUP_MIN);
    store<u8>(group, u8(scale), GROUP_MIN_SCALE);
  }
}

@inline
function noteGreatest(group: u32, units: i64, scale: i32): void {
  const highest = load<i64>(group, GROUP_MAX);
  if (units < highest) return;
  if (units > highest || scale > i32(load<u8>(group, GROUP_MAX_SCALE))) {
    store<i64>(group, units, GROUP_MAX);
    store<u8>(group, u8(scale), GROUP_MAX_SCALE);
  }
}

@inline
function isNearOverflow(count: u32, sum: i64): bool {
  return ((sum + SUM_LIMIT) | (i64(count) << 32)) < 0;
}

/** Moves a large sum into the carry, or spills a group with too many values; returns whether nothing was spilled. */
export function makeHeadroom(group: u32): bool {
  if (load<u32>(group, GROUP_COUNT) >= MAX_COUNT) {
    spill(group);
    store<u8>(group, u8(NO_SCALE), GROUP_SCALE);
    return false;
  }
  carrySum(group);
  return true;
}

/** Adds `count` values of one scale, given their sum, minimum and maximum. */
export function addMany(group: u32, scale: i32, count: u32, sum: i64, least: i64, greatest: i64): void {
  const known = i32(load<u8>(group, GROUP_SCALE));
  if (known == i32(NO_SCALE) || known < scale) bringTo(group, scale);
  else if (known > scale && !(fits(sum, known - scale) && fits(least, known - scale) && fits(greatest, known - scale))) {
    spill(group);
    begin(group, scale);
  }
  const factor = powerOfTen(i32(load<u8>(group, GROUP_SCALE)) - scale);
  const counted = load<u32>(group, GROUP_COUNT) + count;
  store<u32>(group, counted, GROUP_COUNT);
  noteLeast(group, least * factor, scale);
  noteGreatest(group, greatest * factor, scale);
  const total = load<i64>(group, GROUP_SUM) + sum * factor;
  store<i64>(group, total, GROUP_SUM);
  if (isNearOverflow(counted, total)) makeHeadroom(group);
}

/**
 * Merges another group of the same layout, which is rescaled in place if its scale is lower.
 *
 * @returns false if something was spilled: `other` if it does not fit or memory is full, `group` if it has too many values
 */
export function addGroup(group: u32, other: u32): bool {
  const scale = load<u8>(other, GROUP_SCALE);
  if (u32(scale) == NO_SCALE) return true;
  const known = load<u8>(group, GROUP_SCALE);
  let fits = true;
  if (u32(known) == NO_SCALE) begin(group, i32(scale));
  else fits = known < scale ? rescale(group, i32(scale)) : rescale(other, i32(known));
  if (!fits || !addValues(group, other)) {
    spill(other);
    return false;
  }
  const count = load<u32>(group, GROUP_COUNT) + load<u32>(other, GROUP_COUNT);
  store<u32>(group, count, GROUP_COUNT);
  addCarry(group, other);
  noteLeast(group, load<i64>(other, GROUP_MIN), i32(load<u8>(other, GROUP_MIN_SCALE)));
  noteGreatest(group, load<i64>(other, GROUP_MAX), i32(load<u8>(other, GROUP_MAX_SCALE)));
  if (groupSize > GROUP_SIZE) addRest(group, other);
  const sum = load<i64>(group, GROUP_SUM) + load<i64>(other, GROUP_SUM);
  store<i64>(group, sum, GROUP_SUM);
  return !isNearOverflow(count, sum) || makeHeadroom(group);
}

function addRest(group: u32, other: u32): void {
  if (load<f64>(other, GROUP_LAST_TIME) > -Infinity) {
    const first = load<i64>(other, GROUP_FIRST);
    const last = load<i64>(other, GROUP_LAST);
    addTimed(group, load<f64>(other, GROUP_FIRST_TIME), first, i32(load<u8>(other, GROUP_FIRST_SCALE)));
    addTimed(group, load<f64>(other, GROUP_LAST_TIME), last, i32(load<u8>(other, GROUP_LAST_SCALE)));
  }
  if (groupSize == TIMED_GROUP_SIZE) return;
  const squares = other + GROUP_SQUARES;
  addWords(group + GROUP_SQUARES, load<u64>(squares), load<u64>(squares, 8), load<u64>(squares, 16));
}

/** Whether a number stays below the limit after it is multiplied by 10^`digits`. */
function fits(units: i64, digits: i32): bool {
  const most = (SUM_LIMIT - 1) / powerOfTen(digits);
  return units <= most && units >= -most;
}
