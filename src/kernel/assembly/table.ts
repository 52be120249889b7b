// The tables: sensors by name, and groups by sensor and pane. Open addressing with linear probing; they grow by doubling.

import { allocate, reserve } from './heap';
import { MASKS } from './layout';

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

const FIRST_SENSORS: u32 = 512;
const FIRST_GROUPS: u32 = 1024;
const K1: u64 = 0x9e3779b97f4a7c15;
const K2: u64 = 0xc2b2ae3d27d4eb4f;

export let lastGroup: u32 = 0;

export let groupSize: u32 = GROUP_SIZE;

let slots: u32 = 0;
let slotMask: u32 = 0;
let slotCount: u32 = 0;
let groups: u32 = 0;
let groupMask: u32 = 0;
let groupCount: u32 = 0;

/** Forgets all; `long` says whether groups to come have their last half. */
export function clearTables(long: bool): void {
  groupSize = long ? LONG_GROUP_SIZE : GROUP_SIZE;
  lastGroup = 0;
  slotMask = FIRST_SENSORS - 1;
  slotCount = 0;
  slots = allocate(FIRST_SENSORS * SLOT_SIZE);
  groupMask = FIRST_GROUPS - 1;
  groupCount = 0;
  groups = allocate(FIRST_GROUPS * 4);
}

/** The group of a sensor in a pane, made when it is new; 0 when there is no memory for it. */
@inline
export function groupOf(name: u32, length: u32, pane: f64, panes: bool): u32 {
  const mask = MASKS + 32 - min(length, 32);
  const head = v128.and(v128.load(name), v128.load(mask));
  const tail = v128.and(v128.load(name, 16), v128.load(mask, 16));
  // One vector for both: names mostly differ in all their letters.
  const both = v128.xor(head, i64x2.shl(tail, 1));
  const low = v128.extract_lane<u64>(both, 0) ^ u64(length);
  let mixed = low * K1 ^ v128.extract_lane<u64>(both, 1) * K2;
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
  // For the name, the table twice as large, and then the group.
  if (!reserve(u64(length) + 256 + (u64(slotMask) + 1) * 2 * SLOT_SIZE + groupNeeds())) return 0;
  const sensor = allocate(SENSOR_NAME + length);
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
  slots = allocate((slotMask + 1) * SLOT_SIZE);
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
  let at = hashGroup(sensor, pane) & groupMask;
  while (true) {
    const group = load<u32>(groups + at * 4);
    if (group == 0) break;
    if (load<u32>(group, GROUP_SENSOR) == sensor && load<f64>(group, GROUP_PANE) == pane) return group;
    at = (at + 1) & groupMask;
  }
  if (!reserve(groupNeeds())) return 0;
  const group = allocate(groupSize);
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

/** Bytes for one more group, and for the table twice as large. */
function groupNeeds(): u64 {
  return LONG_GROUP_SIZE + 256 + (u64(groupMask) + 1) * 8;
}

function hashGroup(sensor: u32, pane: f64): u32 {
  const mixed = (reinterpret<u64>(pane) ^ u64(sensor) * K2) * K1;
  return u32(mixed >> 32);
}

function growGroups(): void {
  groupMask = groupMask * 2 + 1;
  groups = allocate((groupMask + 1) * 4);
  for (let group = lastGroup; group != 0; group = load<u32>(group, GROUP_BEFORE)) {
    let at = hashGroup(load<u32>(group, GROUP_SENSOR), load<f64>(group, GROUP_PANE)) & groupMask;
    while (load<u32>(groups + at * 4) != 0) at = (at + 1) & groupMask;
    store<u32>(groups + at * 4, group);
  }
}

