// For quantiles: how often each group has had each value, by units and scale.

import { allocate, reserve } from './heap';
import { hashNumbers } from './keyed-hash';

// Offsets in a distinct value of a group.
export const VALUE_UNITS: u32 = 0;
export const VALUE_COUNT: u32 = 8;
export const VALUE_GROUP: u32 = 16;
/** The value that was made before this one; 0 for the first. */
export const VALUE_BEFORE: u32 = 20;
export const VALUE_SCALE: u32 = 24;
export const VALUE_SIZE: u32 = 32;

const FIRST_VALUES: u32 = 4096;

/** The value that was made last; 0 when there is none. */
export let lastValue: u32 = 0;

let values: u32 = 0;
let valueMask: u32 = 0;
let valueCount: u32 = 0;

/** Forgets all. */
export function clearDistinct(): void {
  lastValue = 0;
  valueMask = FIRST_VALUES - 1;
  valueCount = 0;
  values = allocate(FIRST_VALUES * 4);
}

/** Whether there is memory for one more value. */
export function reserveDistinct(): bool {
  return reserve(256 + (u64(valueMask) + 1) * 8);
}

/** Whether there is memory for `count` more values: 64 bytes for each, and tables with up to four entries of four bytes for each. */
export function reserveDistincts(count: u32): bool {
  return count == 0 || reserve(256 + u64(count) * 64 + (u64(valueMask) + 1 + count * 2) * 16);
}

/** The length of a list of values whose addresses have moved by `moved` bytes. */
export function countValues(first: u32, moved: u32): u32 {
  let count: u32 = 0;
  for (let value = first; value != 0; value = load<u32>(value + moved, VALUE_BEFORE)) count++;
  return count;
}

/** Counts a value of a group. There must be memory for it. */
export function countDistinct(group: u32, units: i64, scale: i32): void {
  addDistinct(group, units, scale, 1);
}

/** Counts a value of a group `count` times. There must be memory for it. */
export function addDistinct(group: u32, units: i64, scale: i32, count: u64): void {
  let at = hashValue(group, units, scale) & valueMask;
  while (true) {
    const value = load<u32>(values + at * 4);
    if (value == 0) break;
    if (isValue(value, group, units, scale)) {
      store<u64>(value, load<u64>(value, VALUE_COUNT) + count, VALUE_COUNT);
      return;
    }
    at = (at + 1) & valueMask;
  }
  const value = allocate(VALUE_SIZE);
  store<i64>(value, units, VALUE_UNITS);
  store<u64>(value, count, VALUE_COUNT);
  store<u32>(value, group, VALUE_GROUP);
  store<u32>(value, lastValue, VALUE_BEFORE);
  store<i32>(value, scale, VALUE_SCALE);
  lastValue = value;
  store<u32>(values + at * 4, value);
  valueCount++;
  if (valueCount * 2 > valueMask) growValues();
}

function isValue(value: u32, group: u32, units: i64, scale: i32): bool {
  if (load<i64>(value, VALUE_UNITS) != units || load<u32>(value, VALUE_GROUP) != group) return false;
  return load<i32>(value, VALUE_SCALE) == scale;
}

function hashValue(group: u32, units: i64, scale: i32): u32 {
  return u32(hashNumbers(u64(units), group, u32(scale)) >> 32);
}

function growValues(): void {
  valueMask = valueMask * 2 + 1;
  values = allocate((valueMask + 1) * 4);
  for (let value = lastValue; value != 0; value = load<u32>(value, VALUE_BEFORE)) {
    const units = load<i64>(value, VALUE_UNITS);
    let at = hashValue(load<u32>(value, VALUE_GROUP), units, load<i32>(value, VALUE_SCALE)) & valueMask;
    while (load<u32>(values + at * 4) != 0) at = (at + 1) & valueMask;
    store<u32>(values + at * 4, value);
  }
}
