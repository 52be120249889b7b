// The distinct values of each group in their order, for quantiles.

import { lastValue, VALUE_BEFORE, VALUE_COUNT, VALUE_GROUP, VALUE_SCALE, VALUE_UNITS, countValues } from './distinct';
import { GROUP_BEFORE, groupCount } from './groups';
import { allocate, reserve } from './heap';
import { powerOfTen } from './read-decimal';
import { sortedGroups } from './sorted-groups';

/** The units of the values of a group, and the scale of one of them, are copied to where they are sorted. */
const ENTRY_UNITS: u32 = 0;
const ENTRY_COUNT: u32 = 8;
const ENTRY_SCALE: u32 = 16;
const ENTRY_SIZE: u32 = 32;

/** The addresses of all values, by group, u32 each; and where those of each group begin among them, in the order of groups. */
let values: u32 = 0;
let starts: u32 = 0;
/** The entries of a group, and how many there are. */
let entries: u32 = 0;
let entryCount: u32 = 0;
/** The group whose entries they are. */
let knownGroup: u32 = 0;

/** The value that `findQuantile` has found. */
export let quantileUnits: i64 = 0;
export let quantileScale: i32 = 0;

/** Puts the values of each group side by side; false without memory for it. Groups are sorted, and no list any more. */
export function sortValues(): bool {
  const count = countValues(lastValue, 0);
  // Before anything is changed; the entries are those of one group, at most of all values.
  if (!reserve(u64(count) * (4 + ENTRY_SIZE) + u64(groupCount) * 4 + 512)) return false;
  for (let index: u32 = 0; index < groupCount; index++)
    store<u32>(load<u32>(sortedGroups + index * 4), index, GROUP_BEFORE);
  starts = allocate((groupCount + 1) * 4);
  values = allocate(count * 4);
  for (let value = lastValue; value != 0; value = load<u32>(value, VALUE_BEFORE)) {
    const at = startOf(load<u32>(value, VALUE_GROUP));
    store<u32>(at, load<u32>(at) + 1);
  }
  let total: u32 = 0;
  let most: u32 = 0;
  for (let at = starts; at <= starts + groupCount * 4; at += 4) {
    most = max(most, load<u32>(at));
    total += load<u32>(at);
    store<u32>(at, total);
  }
  for (let value = lastValue; value != 0; value = load<u32>(value, VALUE_BEFORE)) {
    const at = startOf(load<u32>(value, VALUE_GROUP));
    store<u32>(at, load<u32>(at) - 1);
    store<u32>(values + load<u32>(at) * 4, value);
  }
  knownGroup = 0;
  entries = allocate(most * ENTRY_SIZE);
  return true;
}

@inline
function startOf(group: u32): u32 {
  return starts + load<u32>(group, GROUP_BEFORE) * 4;
}

/** Where the addresses of a group's values begin; they end where those of the next group begin. */
export function valuesOf(group: u32): u32 {
  return values + load<u32>(startOf(group)) * 4;
}

/** Where they end. */
export function valuesEnd(group: u32): u32 {
  return values + load<u32>(startOf(group), 4) * 4;
}

/**
 * Finds the nearest-rank quantile, the smallest value that at least `units` / `hundred` of `count` values do not exceed, in
 * its most precise writing. False when the numbers are too large for 64 bits.
 */
export function findQuantile(group: u32, count: u64, units: u64, hundred: u64): bool {
  if (count > 50_000_000) return false;
  if (group != knownGroup) listEntries(group);
  const rank = (units * count + hundred - 1) / hundred;
  let below: u64 = 0;
  let writing = entries;
  for (let entry = entries; entry < entries + entryCount * ENTRY_SIZE; entry += ENTRY_SIZE) {
    // Of equal values the most precise one comes first.
    if (order(entry, writing) != 0) writing = entry;
    below += load<u64>(entry, ENTRY_COUNT);
    if (below < rank) continue;
    quantileUnits = load<i64>(writing, ENTRY_UNITS);
    quantileScale = load<i32>(writing, ENTRY_SCALE);
    return true;
  }
  return false;
}

function listEntries(group: u32): void {
  knownGroup = group;
  const end = valuesEnd(group);
  let entry = entries;
  for (let at = valuesOf(group); at < end; at += 4, entry += ENTRY_SIZE) {
    const value = load<u32>(at);
    store<i64>(entry, load<i64>(value, VALUE_UNITS), ENTRY_UNITS);
    store<u64>(entry, load<u64>(value, VALUE_COUNT), ENTRY_COUNT);
    store<i32>(entry, load<i32>(value, VALUE_SCALE), ENTRY_SCALE);
  }
  entryCount = (entry - entries) / ENTRY_SIZE;
  sortEntries();
}

/** Shell's sort, with steps of about a third of the one before (Knuth): most groups have few values. */
function sortEntries(): void {
  let step: u32 = 1;
  while (step < entryCount / 3) step = step * 3 + 1;
  for (; step > 0; step /= 3) {
    const size = step * ENTRY_SIZE;
    for (let at = entries + size; at < entries + entryCount * ENTRY_SIZE; at += ENTRY_SIZE) {
      const low = v128.load(at);
      const high = v128.load(at, 16);
      let to = at;
      const units = v128.extract_lane<i64>(low, 0);
      const scale = v128.extract_lane<i32>(high, 0);
      while (to >= entries + size && comesFirst(units, scale, to - size)) {
        v128.store(to, v128.load(to - size));
        v128.store(to, v128.load(to - size, 16), 16);
        to -= size;
      }
      v128.store(to, low);
      v128.store(to, high, 16);
    }
  }
}

function comesFirst(units: i64, scale: i32, entry: u32): bool {
  const difference = compare(units, scale, load<i64>(entry, ENTRY_UNITS), load<i32>(entry, ENTRY_SCALE));
  return difference != 0 ? difference < 0 : scale > load<i32>(entry, ENTRY_SCALE);
}

function order(one: u32, other: u32): i32 {
  const units = load<i64>(other, ENTRY_UNITS);
  return compare(load<i64>(one, ENTRY_UNITS), load<i32>(one, ENTRY_SCALE), units, load<i32>(other, ENTRY_SCALE));
}

/** Negative, 0 or positive as one decimal is below, equal to or above another; both have up to 18 digits. */
@inline
function compare(units: i64, scale: i32, other: i64, otherScale: i32): i32 {
  if (scale == otherScale) return i32(units > other) - i32(units < other);
  return scale < otherScale ? compareFiner(units, other, otherScale - scale) : -compareFiner(other, units, scale - otherScale);
}

/** The same where the other has so many decimals more. */
function compareFiner(units: i64, other: i64, digits: i32): i32 {
  const factor = powerOfTen(digits);
  const most = i64.MAX_VALUE / factor;
  // More than any number of 18 digits.
  if (units > most) return 1;
  if (units < -most) return -1;
  const aligned = units * factor;
  return i32(aligned > other) - i32(aligned < other);
}
