// Groups by sensor and pane: a hash table with open addressing and linear probing, which grows by doubling.

import { hashNumbers } from './keyed-hash';
import { hasPanes } from './event-time';
import { allocate, allocateAt, release, reserve } from './heap';

// Offsets in a group: the readings of one sensor in one pane. Unwanted parts at the end are left out.
/** Below `MAX_COUNT`, at which a group is spilled. */
export const GROUP_COUNT: u32 = 0;
/** The sum is `GROUP_SUM` + `GROUP_CARRY` × 2^62 (i32): 50 values of 17 digits can already need it. */
export const GROUP_CARRY: u32 = 4;
export const GROUP_SUM: u32 = 8;
export const GROUP_MIN: u32 = 16;
export const GROUP_MAX: u32 = 24;
/** The scale of all units; NO_SCALE while the group is empty. */
export const GROUP_SCALE: u32 = 32;
export const NO_SCALE: u32 = 255;
export const GROUP_MIN_SCALE: u32 = 33;
export const GROUP_MAX_SCALE: u32 = 34;
export const GROUP_FIRST_SCALE: u32 = 35;
export const GROUP_LAST_SCALE: u32 = 36;
/** Whether the host holds a part of the group: see `shared-groups.ts`. */
export const GROUP_IS_SHARED: u32 = 37;
/** The size class of the block of its values, and their kind: see `values.ts`. */
export const GROUP_VALUES_CLASS: u32 = 38;
export const GROUP_VALUES_KIND: u32 = 39;
export const GROUP_SENSOR: u32 = 40;
/** The previously made group; 0 for the first. */
export const GROUP_BEFORE: u32 = 44;
/** Size in bytes of a group without pane, values, times and squares. */
const SHORT_GROUP_SIZE: u32 = 48;
/** The start of its pane in epoch milliseconds, f64: see `paneOfGroup`. */
const GROUP_PANE: u32 = 48;
/** The values, for quantiles: the address of the first, and the end. */
export const GROUP_VALUES: u32 = 56;
export const GROUP_VALUES_END: u32 = 60;
/** Size in bytes of a group with pane and values, but without times and squares. */
export const GROUP_SIZE: u32 = 64;
export const GROUP_FIRST_TIME: u32 = 64;
export const GROUP_FIRST: u32 = 72;
export const GROUP_LAST_TIME: u32 = 80;
export const GROUP_LAST: u32 = 88;
/** Size in bytes of a group with times, but without squares. */
export const TIMED_GROUP_SIZE: u32 = 96;
/** 192 bits, least significant word first. */
export const GROUP_SQUARES: u32 = 96;
const LONG_GROUP_SIZE: u32 = 128;

/** A group begins at a cache line or half of one; a short group at any word, to save memory. */
const GROUP_ALIGNMENT: u32 = 32;
const SHORT_ALIGNMENT: u32 = 4;
const FIRST_GROUPS: u32 = 1024;

/** The group made last; 0 if there is none. */
export let lastGroup: u32 = 0;
/** Size in bytes of a group. */
export let groupSize: u32 = GROUP_SIZE;

export let groupCount: u32 = 0;

let groups: u32 = 0;
let groupMask: u32 = 0;

/** Forgets all groups; new ones have room for what is wanted. */
export function clearGroups(times: bool, squares: bool, values: bool): void {
  if (squares) groupSize = LONG_GROUP_SIZE;
  else if (times) groupSize = TIMED_GROUP_SIZE;
  else groupSize = hasPanes || values ? GROUP_SIZE : SHORT_GROUP_SIZE;
  lastGroup = 0;
  groupMask = FIRST_GROUPS - 1;
  groupCount = 0;
  groups = allocate(FIRST_GROUPS * 4);
}

/** Whether groups have no room for panes and values. */
@inline
export function isShortGroup(): bool {
  return groupSize == SHORT_GROUP_SIZE;
}

/** The start of a group's pane in epoch milliseconds; 0 without panes. */
@inline
export function paneOfGroup(group: u32): f64 {
  return isShortGroup() ? 0 : load<f64>(group, GROUP_PANE);
}

@inline
export function setPane(group: u32, pane: f64): void {
  if (!isShortGroup()) store<f64>(group, pane, GROUP_PANE);
}

/** Finds or makes the group of a sensor in a pane; 0 if memory runs out. */
export function groupFor(sensor: u32, pane: f64): u32 {
  // Without panes each sensor has a single group, which its record points to.
  if (!hasPanes) return reserve(groupNeeds()) ? newGroup(sensor, 0) : 0;
  let at = hashGroup(sensor, pane) & groupMask;
  while (true) {
    const group = load<u32>(groups + at * 4);
    if (group == 0) break;
    if (load<u32>(group, GROUP_SENSOR) == sensor && paneOfGroup(group) == pane) return group;
    at = (at + 1) & groupMask;
  }
  if (!reserve(groupNeeds())) return 0;
  const group = newGroup(sensor, pane);
  store<u32>(groups + at * 4, group);
  if (groupCount * 2 > groupMask) growGroups();
  return group;
}

function newGroup(sensor: u32, pane: f64): u32 {
  const group = allocateAt(groupSize, isShortGroup() ? SHORT_ALIGNMENT : GROUP_ALIGNMENT);
  setPane(group, pane);
  store<u32>(group, sensor, GROUP_SENSOR);
  store<u32>(group, lastGroup, GROUP_BEFORE);
  store<u8>(group, u8(NO_SCALE), GROUP_SCALE);
  lastGroup = group;
  groupCount++;
  return group;
}

/** The bytes needed for another group, including a table of twice the size. */
export function groupNeeds(): u64 {
  return LONG_GROUP_SIZE + 256 + (u64(groupMask) + 1) * 8;
}

function hashGroup(sensor: u32, pane: f64): u32 {
  const mixed = hashNumbers(reinterpret<u64>(pane), sensor, 0);
  return u32(mixed >> 32);
}

function growGroups(): void {
  release(groups, (groupMask + 1) * 4);
  groupMask = groupMask * 2 + 1;
  groups = allocate((groupMask + 1) * 4);
  for (let group = lastGroup; group != 0; group = load<u32>(group, GROUP_BEFORE)) {
    let at = hashGroup(load<u32>(group, GROUP_SENSOR), paneOfGroup(group)) & groupMask;
    while (load<u32>(groups + at * 4) != 0) at = (at + 1) & groupMask;
    store<u32>(groups + at * 4, group);
  }
}

