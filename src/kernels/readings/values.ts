// The values of each group, for quantiles: a list of entries, in a block of memory of its own.
//
// A value is appended, which touches little memory. When the block is full, its entries are sorted and equal ones combined;
// if that frees too little, they move to a larger block.
// Memory: 8 bytes per distinct value, 16 in a group with a value of more than about eleven digits; blocks are up to twice
// as large as that.

import {
  GROUP_MAX,
  GROUP_MIN,
  GROUP_SCALE,
  GROUP_VALUES,
  GROUP_VALUES_CLASS,
  GROUP_VALUES_END,
  GROUP_VALUES_KIND,
  isShortGroup,
} from './groups';
import { allocateUncleared, extendLast, reserve } from './heap';
import { FREE_BLOCKS } from './layout';
import { powerOfTen } from './read-decimal';
import { sortEntries } from './sort-entries';
import { entryCount, entryScale, entryUnits, isShort, LONG_ENTRY, SHORT_ENTRY, storeEntry } from './value-entry';

/** Set in the kind if entries are long. The rest is the scale of their units, mostly that of the group. */
const LONG: u32 = 128;
/** The size classes of blocks: 32, 48, 64, 96, 128 bytes, and so on. */
const CLASSES: u32 = 64;
const ALIGNMENT: u32 = 8;

/** Forgets all blocks. */
export function clearValues(): void {
  memory.fill(FREE_BLOCKS, 0, CLASSES * 4);
}

/** Forgets the values of a group; new ones will have its scale. */
export function beginValues(group: u32): void {
  if (isShortGroup()) return;
  store<u32>(group, load<u32>(group, GROUP_VALUES), GROUP_VALUES_END);
  store<u8>(group, load<u8>(group, GROUP_SCALE), GROUP_VALUES_KIND);
}

/** Whether a group's entries are long. */
@inline
export function hasLong(group: u32): bool {
  return (load<u8>(group, GROUP_VALUES_KIND) & LONG) != 0;
}

/** The scale of the units in a group's entries, at most that of the group. */
@inline
export function valuesScale(group: u32): i32 {
  return i32(load<u8>(group, GROUP_VALUES_KIND) & ~LONG);
}

/** The start and end of a group's entries. */
@inline
export function valuesStart(group: u32): u32 {
  return isShortGroup() ? 0 : load<u32>(group, GROUP_VALUES);
}

@inline
export function valuesEnd(group: u32): u32 {
  return isShortGroup() ? 0 : load<u32>(group, GROUP_VALUES_END);
}

/** The size of a group's block in bytes; 0 without one. */
@inline
function blockSize(group: u32): u64 {
  return load<u32>(group, GROUP_VALUES) == 0 ? 0 : sizeOfClass(load<u8>(group, GROUP_VALUES_CLASS));
}

@inline
function sizeOfClass(index: u32): u64 {
  return u64(32 + ((index & 1) << 4)) << (index >> 1);
}

/** Makes sure that a value, in units of the group's scale, can be appended; false if memory runs out. */
@inline
export function hasRoom(group: u32, units: i64): bool {
  const room = load<u32>(group, GROUP_VALUES) + u32(blockSize(group)) - load<u32>(group, GROUP_VALUES_END);
  // The same scale, and short entries.
  const isUsual = load<u8>(group, GROUP_VALUES_KIND) == load<u8>(group, GROUP_SCALE) && isShort(units);
  return (isUsual && room >= SHORT_ENTRY) || ensureRoom(group, 1, units, units);
}

/** Appends a value in units of the group's scale; `scale` is the one it was written with. There must be room for it. */
@inline
export function putValue(group: u32, units: i64, scale: i32, count: u64): void {
  const end = load<u32>(group, GROUP_VALUES_END);
  const isLong = hasLong(group);
  storeEntry(end, isLong, units, scale, count);
  store<u32>(group, end + (isLong ? LONG_ENTRY : SHORT_ENTRY), GROUP_VALUES_END);
}

/** Makes sure that `count` values from `least` to `greatest` can be appended; false if memory runs out. */
function ensureRoom(group: u32, count: u32, least: i64, greatest: i64): bool {
  const fits = isShort(min(least, load<i64>(group, GROUP_MIN))) && isShort(max(greatest, load<i64>(group, GROUP_MAX)));
  const isLong = hasLong(group) || !fits;
  if (!rewriteValues(group, i32(load<u8>(group, GROUP_SCALE)), isLong)) return false;
  const missing = u64(count) * (isLong ? LONG_ENTRY : SHORT_ENTRY);
  if (bytesOf(group) + missing <= blockSize(group)) return true;
  sortValues(group);
  const used = bytesOf(group);
  return grow(group, max(used + missing, used + (used >> 1)));
}

/** The bytes used by a group's entries. */
@inline
function bytesOf(group: u32): u64 {
  return load<u32>(group, GROUP_VALUES_END) - load<u32>(group, GROUP_VALUES);
}

/** Sorts the values of a group, and combines equal ones. */
export function sortValues(group: u32): void {
  if (isShortGroup()) return;
  const end = sortEntries(load<u32>(group, GROUP_VALUES), load<u32>(group, GROUP_VALUES_END), hasLong(group));
  store<u32>(group, end, GROUP_VALUES_END);
}

/** Converts the entries of a group to a scale that is not lower than theirs, and to a length; false if memory runs out. */
function rewriteValues(group: u32, scale: i32, isLong: bool): bool {
  const wasLong = hasLong(group);
  const known = valuesScale(group);
  if (known == scale && wasLong == isLong) return true;
  const from = load<u32>(group, GROUP_VALUES);
  const end = load<u32>(group, GROUP_VALUES_END);
  const index = load<u8>(group, GROUP_VALUES_CLASS);
  // Entries of twice the length would overwrite each other in place.
  const moves = end > from && isLong && !wasLong;
  if (moves && !takeBlock(group, bytesOf(group) * 2)) return false;
  const factor = powerOfTen(scale - known);
  let to = load<u32>(group, GROUP_VALUES);
  for (let at = from; at < end; at += wasLong ? LONG_ENTRY : SHORT_ENTRY) {
    storeEntry(to, isLong, entryUnits(at, wasLong) * factor, entryScale(at, wasLong), entryCount(at, wasLong));
    to += isLong ? LONG_ENTRY : SHORT_ENTRY;
  }
  if (moves) freeBlock(from, index);
  store<u32>(group, to, GROUP_VALUES_END);
  store<u8>(group, u8(scale | (isLong ? LONG : 0)), GROUP_VALUES_KIND);
  return true;
}

/** Grows the block of a group to at least this many bytes; false if memory runs out. */
function grow(group: u32, bytes: u64): bool {
  const size = blockSize(group);
  if (bytes <= size) return true;
  const from = load<u32>(group, GROUP_VALUES);
  const index = load<u8>(group, GROUP_VALUES_CLASS);
  const wanted = classFor(bytes);
  // The last block in memory, such as that of the only group, can grow in place.
  if (size > 0 && extendLast(from, u32(size), sizeOfClass(wanted))) {
    store<u8>(group, u8(wanted), GROUP_VALUES_CLASS);
    return true;
  }
  const used = u32(bytesOf(group));
  if (!takeBlock(group, bytes)) return false;
  memory.copy(load<u32>(group, GROUP_VALUES), from, used);
  store<u32>(group, load<u32>(group, GROUP_VALUES) + used, GROUP_VALUES_END);
  if (size > 0) freeBlock(from, index);
  return true;
}

function classFor(bytes: u64): u32 {
  let index: u32 = 0;
  while (sizeOfClass(index) < bytes) index++;
  return index;
}

/** Gives a group another, empty block; false, with nothing changed, if memory runs out. */
function takeBlock(group: u32, bytes: u64): bool {
  const index = classFor(bytes);
  const free = FREE_BLOCKS + index * 4;
  let block = load<u32>(free);
  if (block != 0) store<u32>(free, load<u32>(block));
  else {
    if (!reserve(sizeOfClass(index) + ALIGNMENT)) return false;
    block = allocateUncleared(u32(sizeOfClass(index)), ALIGNMENT);
  }
  store<u32>(group, block, GROUP_VALUES);
  store<u32>(group, block, GROUP_VALUES_END);
  store<u8>(group, u8(index), GROUP_VALUES_CLASS);
  return true;
}

/** Puts a block on the free list of its class. */
function freeBlock(block: u32, index: u32): void {
  const free = FREE_BLOCKS + index * 4;
  store<u32>(block, load<u32>(free));
  store<u32>(free, block);
}

/** Adds all values of another group, none of which needs a higher scale than this group's; false if memory runs out. */
export function addValues(group: u32, other: u32): bool {
  const start = valuesStart(other);
  const end = valuesEnd(other);
  if (start == end) return true;
  const isLong = hasLong(other);
  const size = isLong ? LONG_ENTRY : SHORT_ENTRY;
  if (!ensureRoom(group, (end - start) / size, load<i64>(other, GROUP_MIN), load<i64>(other, GROUP_MAX))) return false;
  const factor = powerOfTen(i32(load<u8>(group, GROUP_SCALE)) - valuesScale(other));
  for (let at = start; at < end; at += size)
    putValue(group, entryUnits(at, isLong) * factor, entryScale(at, isLong), entryCount(at, isLong));
  return true;
}

/** Copies the values of a group to an address, as those of `copy`. */
export function copyValues(group: u32, copy: u32, to: u32): void {
  if (isShortGroup()) return;
  const size = u32(bytesOf(group));
  memory.copy(to, load<u32>(group, GROUP_VALUES), size);
  store<u32>(copy, to, GROUP_VALUES);
  store<u32>(copy, to + size, GROUP_VALUES_END);
}

/** Adjusts the pointers to a group's values after they moved by this many bytes. */
export function moveValues(group: u32, moved: u32): void {
  if (isShortGroup()) return;
  store<u32>(group, load<u32>(group, GROUP_VALUES) + moved, GROUP_VALUES);
  store<u32>(group, load<u32>(group, GROUP_VALUES_END) + moved, GROUP_VALUES_END);
}
