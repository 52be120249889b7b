// The tables: sensors by name, groups by sensor and pane, and for quantiles the distinct values of each group.
//
// All are open addressing with linear probing, at most half full, and grow by doubling.

import { HEAP, MASKS } from './layout';

// A sensor as it is found by its name: one cache line.
/** The first 32 bytes of the name, then zeros. */
const SLOT_PREFIX: u32 = 0;
/** The group that was used last, and its pane. */
const SLOT_PANE: u32 = 32;
const SLOT_GROUP: u32 = 40;
/** One more than the length of the name; 0 in an empty slot. */
const SLOT_LENGTH: u32 = 44;
/** The sensor: the address of its record. */
const SLOT_SENSOR: u32 = 48;
const SLOT_HASH: u32 = 52;
const SLOT_SIZE: u32 = 64;

/** A sensor's record: the length of its name, u32, and the name. */
const SENSOR_NAME: u32 = 4;

// A group: the readings of one sensor in one pane. The last half is there only when it is used.
export const GROUP_COUNT: u32 = 0;
export const GROUP_SUM: u32 = 8;
export const GROUP_MIN: u32 = 16;
export const GROUP_MAX: u32 = 24;
/** The scale of all units; NO_SCALE as long as the group is empty. */
export const GROUP_SCALE: u32 = 40;
export const NO_SCALE: u32 = 255;
export const GROUP_MIN_SCALE: u32 = 41;
export const GROUP_MAX_SCALE: u32 = 42;
export const GROUP_FIRST_SCALE: u32 = 43;
export const GROUP_LAST_SCALE: u32 = 44;
export const GROUP_PANE: u32 = 48;
export const GROUP_SENSOR: u32 = 56;
/** The group that was made before this one; 0 at the first. */
export const GROUP_BEFORE: u32 = 60;
export const GROUP_SIZE: u32 = 64;
export const GROUP_FIRST_TIME: u32 = 64;
export const GROUP_FIRST: u32 = 72;
export const GROUP_LAST_TIME: u32 = 80;
export const GROUP_LAST: u32 = 88;
/** 192 bits, the lowest first. */
export const GROUP_SQUARES: u32 = 96;
const LONG_GROUP_SIZE: u32 = 128;

// A distinct value of a group.
const VALUE_UNITS: u32 = 0;
const VALUE_COUNT: u32 = 8;
const VALUE_GROUP: u32 = 16;
/** The value that was made before this one; 0 at the first. */
const VALUE_BEFORE: u32 = 20;
const VALUE_SCALE: u32 = 24;
const VALUE_SIZE: u32 = 32;

const FIRST_SENSORS: u32 = 512;
const FIRST_GROUPS: u32 = 1024;
const FIRST_VALUES: u32 = 4096;
const K1: u64 = 0x9e3779b97f4a7c15;
const K2: u64 = 0xc2b2ae3d27d4eb4f;

/** Where the next allocation begins. */
export let heapEnd: u32 = 0;
export let lastGroup: u32 = 0;
export let lastValue: u32 = 0;

export let groupSize: u32 = GROUP_SIZE;

let slots: u32 = 0;
let slotMask: u32 = 0;
let slotCount: u32 = 0;
let groups: u32 = 0;
let groupMask: u32 = 0;
let groupCount: u32 = 0;
let values: u32 = 0;
let valueMask: u32 = 0;
let valueCount: u32 = 0;

/** Forgets all. */
export function clear(long: bool): void {
  heapEnd = HEAP;
  lastGroup = 0;
  lastValue = 0;
  groupSize = long ? LONG_GROUP_SIZE : GROUP_SIZE;
  slotMask = FIRST_SENSORS - 1;
  slotCount = 0;
  slots = allocateZeros(FIRST_SENSORS * SLOT_SIZE);
  groupMask = 0;
  groupCount = 0;
  valueMask = 0;
  valueCount = 0;
}

/** Whether as much as one reading may need is free, or could be made so. */
export function makeRoom(): bool {
  // A name, and each table doubled.
  const needed = u64(heapEnd) + (1 << 20) + (1 << 12) + (u64(slotMask) + 1) * 2 * SLOT_SIZE + (u64(groupMask) + 1) * 8 + (u64(valueMask) + 1) * 8;
  const missing = i64(needed) - (i64(memory.size()) << 16);
  if (missing <= 0) return true;
  const pages = i32((missing + 0xffff) >> 16);
  // More than is needed, so that it is not asked for all the time.
  return memory.grow(pages + (memory.size() >> 3)) >= 0 || memory.grow(pages) >= 0;
}

function allocateZeros(size: u32): u32 {
  const at = (heapEnd + 63) & ~63;
  heapEnd = at + size;
  memory.fill(at, 0, size);
  return at;
}

/** The group of a sensor in a pane, made when it is new; 0 when there is no memory for it. */
// @ts-ignore: decorator
@inline
export function groupOf(name: u32, length: u32, pane: f64, panes: bool): u32 {
  const mask = MASKS + 32 - min(length, 32);
  const head = v128.and(v128.load(name), v128.load(mask));
  const tail = v128.and(v128.load(name, 16), v128.load(mask, 16));
  // One vector for both: names mostly differ in all their letters.
  const both = v128.xor(head, i64x2.shl(tail, 1));
  let mixed = (v128.extract_lane<u64>(both, 0) ^ u64(length)) * K1 ^ v128.extract_lane<u64>(both, 1) * K2;
  if (length > 32) mixed = hashRest(name, length, mixed);
  const hash = u32(mixed >> 32) ^ u32(mixed);
  let slot = slots + (hash & slotMask) * SLOT_SIZE;
  while (true) {
    const heads = i8x16.eq(v128.load(slot, SLOT_PREFIX), head);
    const tails = i8x16.eq(v128.load(slot, SLOT_PREFIX + 16), tail);
    if (i8x16.bitmask(v128.and(heads, tails)) == 0xffff) {
      if (load<u32>(slot, SLOT_LENGTH) == length + 1) {
        if (length <= 32) break;
        if (sameRest(slot, name, length)) break;
      }
    }
    if (load<u32>(slot, SLOT_LENGTH) == 0) return firstGroup(slot, head, tail, name, length, hash, pane);
    slot += SLOT_SIZE;
    if (slot > slots + slotMask * SLOT_SIZE) slot = slots;
  }
  return !panes || load<f64>(slot, SLOT_PANE) == pane ? load<u32>(slot, SLOT_GROUP) : otherGroup(slot, pane);
}

function hashRest(name: u32, length: u32, start: u64): u64 {
  let mixed = start;
  for (let at: u32 = 32; at < length; at += 16) {
    // The last 16 bytes overlap those before.
    const bytes = v128.load(name + min(at, length - 16));
    mixed = rotl(mixed ^ v128.extract_lane<u64>(bytes, 0), 29) * K1 ^ v128.extract_lane<u64>(bytes, 1) * K2;
  }
  return mixed;
}

function sameRest(slot: u32, name: u32, length: u32): bool {
  const known = load<u32>(slot, SLOT_SENSOR) + SENSOR_NAME;
  for (let at: u32 = 32; at < length; at += 16) {
    const place = min(at, length - 16);
    if (v128.any_true(v128.xor(v128.load(known + place), v128.load(name + place)))) return false;
  }
  return true;
}

function firstGroup(slot: u32, head: v128, tail: v128, name: u32, length: u32, hash: u32, pane: f64): u32 {
  if (!makeRoom()) return 0;
  const sensor = (heapEnd + 7) & ~7;
  heapEnd = sensor + SENSOR_NAME + length;
  store<u32>(sensor, length);
  memory.copy(sensor + SENSOR_NAME, name, length);
  v128.store(slot, head, SLOT_PREFIX);
  v128.store(slot, tail, SLOT_PREFIX + 16);
  store<u32>(slot, length + 1, SLOT_LENGTH);
  store<u32>(slot, sensor, SLOT_SENSOR);
  store<u32>(slot, hash, SLOT_HASH);
  const group = otherGroup(slot, pane);
  slotCount++;
  if (slotCount * 4 > slotMask) growSensors();
  return group;
}

function growSensors(): void {
  const old = slots;
  const end = old + (slotMask + 1) * SLOT_SIZE;
  slotMask = slotMask * 2 + 1;
  slots = allocateZeros((slotMask + 1) * SLOT_SIZE);
  for (let from = old; from < end; from += SLOT_SIZE) {
    if (load<u32>(from, SLOT_LENGTH) == 0) continue;
    let at = load<u32>(from, SLOT_HASH) & slotMask;
    while (load<u32>(slots + at * SLOT_SIZE, SLOT_LENGTH) != 0) at = (at + 1) & slotMask;
    memory.copy(slots + at * SLOT_SIZE, from, SLOT_SIZE);
  }
}

function otherGroup(slot: u32, pane: f64): u32 {
  const sensor = load<u32>(slot, SLOT_SENSOR);
  const group = findGroup(sensor, pane);
  if (group == 0) return 0;
  store<f64>(slot, pane, SLOT_PANE);
  store<u32>(slot, group, SLOT_GROUP);
  return group;
}

function findGroup(sensor: u32, pane: f64): u32 {
  if (groupMask == 0) {
    groupMask = FIRST_GROUPS - 1;
    groups = allocateZeros(FIRST_GROUPS * 4);
  }
  let at = hashGroup(sensor, pane) & groupMask;
  while (true) {
    const group = load<u32>(groups + at * 4);
    if (group == 0) break;
    if (load<u32>(group, GROUP_SENSOR) == sensor && load<f64>(group, GROUP_PANE) == pane) return group;
    at = (at + 1) & groupMask;
  }
  if (!makeRoom()) return 0;
  const group = allocateZeros(groupSize);
  store<f64>(group, pane, GROUP_PANE);
  store<u32>(group, sensor, GROUP_SENSOR);
  store<u32>(group, lastGroup, GROUP_BEFORE);
  store<u8>(group, u8(NO_SCALE), GROUP_SCALE);
  lastGroup = group;
  store<u32>(groups + at * 4, group);
  groupCount++;
  if (groupCount * 2 > groupMask) growGroups();
  return group;
}

function hashGroup(sensor: u32, pane: f64): u32 {
  const mixed = (reinterpret<u64>(pane) ^ u64(sensor) * K2) * K1;
  return u32(mixed >> 32);
}

function growGroups(): void {
  groupMask = groupMask * 2 + 1;
  groups = allocateZeros((groupMask + 1) * 4);
  for (let group = lastGroup; group != 0; group = load<u32>(group, GROUP_BEFORE)) {
    let at = hashGroup(load<u32>(group, GROUP_SENSOR), load<f64>(group, GROUP_PANE)) & groupMask;
    while (load<u32>(groups + at * 4) != 0) at = (at + 1) & groupMask;
    store<u32>(groups + at * 4, group);
  }
}

/** Counts a value of a group, for quantiles. */
export function countDistinct(group: u32, units: i64, scale: i32): void {
  if (valueMask == 0) {
    valueMask = FIRST_VALUES - 1;
    values = allocateZeros(FIRST_VALUES * 4);
  }
  let at = hashValue(group, units, scale) & valueMask;
  while (true) {
    const value = load<u32>(values + at * 4);
    if (value == 0) break;
    if (load<i64>(value, VALUE_UNITS) == units && load<u32>(value, VALUE_GROUP) == group && load<i32>(value, VALUE_SCALE) == scale) {
      store<u64>(value, load<u64>(value, VALUE_COUNT) + 1, VALUE_COUNT);
      return;
    }
    at = (at + 1) & valueMask;
  }
  const value = (heapEnd + 7) & ~7;
  heapEnd = value + VALUE_SIZE;
  store<i64>(value, units, VALUE_UNITS);
  store<u64>(value, 1, VALUE_COUNT);
  store<u32>(value, group, VALUE_GROUP);
  store<u32>(value, lastValue, VALUE_BEFORE);
  store<i32>(value, scale, VALUE_SCALE);
  lastValue = value;
  store<u32>(values + at * 4, value);
  valueCount++;
  if (valueCount * 2 > valueMask) growValues();
}

function hashValue(group: u32, units: i64, scale: i32): u32 {
  const mixed = (u64(units) ^ u64(group) * K2) * K1 + u64(scale);
  return u32(mixed >> 32);
}

function growValues(): void {
  valueMask = valueMask * 2 + 1;
  values = allocateZeros((valueMask + 1) * 4);
  for (let value = lastValue; value != 0; value = load<u32>(value, VALUE_BEFORE)) {
    let at = hashValue(load<u32>(value, VALUE_GROUP), load<i64>(value, VALUE_UNITS), load<i32>(value, VALUE_SCALE)) & valueMask;
    while (load<u32>(values + at * 4) != 0) at = (at + 1) & valueMask;
    store<u32>(values + at * 4, value);
  }
}
