// Moves all groups from one kernel to another of the same plan, as a block of memory that can be copied to any address.
//
// A block is a list of groups, each followed by its sensor's record and its values. Pointers in it still refer to the
// address where it was built.

import { dropOutgrownSlots, groupOf, settleAll } from './slots';
import { addGroup } from './group';
import { GROUP_BEFORE, GROUP_SENSOR, groupSize, lastGroup, paneOfGroup } from './groups';
import { allocate, allocateAt, forgetSpare, isSpare, release, reserve } from './heap';
import { isDue, preloadSensors, preloadTargets } from './preload';
import { NOT_PLAIN, releaseTables, SENSOR_NAME } from './sensors';
import { copyValues, moveValues, sortValues, valuesEnd, valuesStart } from './values';

/** The addresses of the block, of its end and of its first group; 0 for none. */
export let blockStart: u32 = 0;
export let blockEnd: u32 = 0;
export let blockGroup: u32 = 0;

const ALIGNMENT: u32 = 8;

/** The allocation of the latest `makeRoom`. */
let room: u32 = 0;
let roomSize: u32 = 0;

/** Packs all groups into a block; false if memory runs out. Nothing can be counted afterwards. */
export function pack(): bool {
  settleAll();
  let size: u64 = 64;
  for (let group = lastGroup; group != 0; group = load<u32>(group, GROUP_BEFORE)) {
    sortValues(group);
    size += sizeInBlock(group);
  }
  // Reuse the memory of the tables if the block fits there; otherwise append it.
  releaseTables();
  if (!isSpare(size)) {
    forgetSpare();
    if (!reserve(size)) return false;
  }
  blockStart = 0;
  for (let group = lastGroup; group != 0; ) {
    const copy = allocateAt(sizeInBlock(group), ALIGNMENT);
    if (blockStart == 0) blockStart = copy;
    blockEnd = copy + sizeInBlock(group);
    const sensor = load<u32>(group, GROUP_SENSOR);
    memory.copy(copy, group, groupSize);
    memory.copy(copy + groupSize, sensor, recordSize(sensor));
    copyValues(group, copy, copy + groupSize + padded(recordSize(sensor)));
    store<u32>(copy, copy + groupSize, GROUP_SENSOR);
    store<u32>(copy, blockGroup, GROUP_BEFORE);
    blockGroup = copy;
    group = load<u32>(group, GROUP_BEFORE);
  }
  return true;
}

/** A multiple of the alignment. */
function sizeInBlock(group: u32): u32 {
  return groupSize + padded(recordSize(load<u32>(group, GROUP_SENSOR))) + valuesEnd(group) - valuesStart(group);
}

@inline
function recordSize(sensor: u32): u32 {
  return SENSOR_NAME + load<u32>(sensor);
}

@inline
function padded(bytes: u32): u32 {
  return (bytes + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

/** An address where the host can put a block of `size` bytes; 0 if there is no memory for it. */
export function makeRoom(size: u32): u32 {
  // Names are read 16 bytes at a time, past their end.
  if (!reserve(u64(size) + 128)) return 0;
  room = allocate(size);
  roomSize = size;
  return room;
}

/**
 * Adds the block that the host put where the latest `makeRoom` said, and frees it. `moved` is the distance in bytes from
 * the address where it was built; `firstGroup` is the address that its first group had there. False, with nothing added, if
 * the host must add it.
 */
export function absorb(moved: u32, firstGroup: u32): bool {
  if (!findTargets(moved, firstGroup)) {
    release(room, roomSize);
    return false;
  }
  for (let from = firstGroup, added: u32 = 0; from != 0; added++) {
    if (isDue(added)) preloadTargets(from, moved);
    const group = from + moved;
    from = load<u32>(group, GROUP_BEFORE);
    const target = load<u32>(group, GROUP_SENSOR);
    store<u32>(group, load<u32>(target, GROUP_SENSOR), GROUP_SENSOR);
    moveValues(group, moved);
    addGroup(target, group);
  }
  release(room, roomSize);
  return true;
}

/** Replaces the sensor of each group by the group that it will be added to; false if one of them cannot be made. */
function findTargets(moved: u32, firstGroup: u32): bool {
  for (let from = firstGroup, found: u32 = 0; from != 0; found++) {
    if (isDue(found)) {
      dropOutgrownSlots();
      preloadSensors(from, moved);
    }
    const group = from + moved;
    const sensor = load<u32>(group, GROUP_SENSOR) + moved;
    const target = groupOf(sensor + SENSOR_NAME, load<u32>(sensor), paneOfGroup(group));
    if (target <= NOT_PLAIN) return false;
    store<u32>(group, target, GROUP_SENSOR);
    from = load<u32>(group, GROUP_BEFORE);
  }
  return true;
}
