// Sorts the values of a group, and combines equal ones into one entry.
//
// An in-place MSD radix sort (American flag sort; McIlroy, Bostic, McIlroy, Engineering Radix Sort, 1993) on the distance
// from the minimum, so no input makes it slow. Short runs are sorted by insertion.

import { DIGITS } from './layout';
import { entryCount, entryScale, entryUnits, LONG_ENTRY, mostIn, SHORT_ENTRY, storeEntry } from './value-entry';

/** Up to this many are sorted by insertion. */
const FEW: u32 = 40;
/** For each byte value, u32 each: where the next entry with that byte goes, and (from ENDS on) where those entries end. */
const ENDS: u32 = 1024;
const DIGITS_SIZE: u32 = 2048;

/**
 * Sorts entries by units, and combines equal ones into an entry with their largest scale. If their count is too large for
 * one, there are several, and the last has that scale.
 *
 * @returns the new end of the entries
 */
export function sortEntries(start: u32, end: u32, isLong: bool): u32 {
  if (start == end) return end;
  if (isLong) sort(start, end, true, DIGITS);
  else sort(start, end, false, DIGITS);
  return isLong ? combine(start, end, true) : combine(start, end, false);
}

@inline
function sizeOf(isLong: bool): u32 {
  return isLong ? LONG_ENTRY : SHORT_ENTRY;
}

function combine(start: u32, end: u32, isLong: bool): u32 {
  const size = sizeOf(isLong);
  const most = mostIn(isLong);
  let last = start;
  for (let at = start + size; at < end; at += size) {
    const units = entryUnits(at, isLong);
    let scale = entryScale(at, isLong);
    let count = entryCount(at, isLong);
    if (units == entryUnits(last, isLong)) {
      scale = max(scale, entryScale(last, isLong));
      const sum = count + entryCount(last, isLong);
      storeEntry(last, isLong, units, scale, min(sum, most));
      if (sum <= most) continue;
      count = sum - most;
    }
    last += size;
    storeEntry(last, isLong, units, scale, count);
  }
  return last + size;
}

/** `digits` is the scratch space of this level; that of deeper levels follows it. */
function sort(start: u32, end: u32, isLong: bool, digits: u32): void {
  const size = sizeOf(isLong);
  if (end - start <= FEW * size) {
    insert(start, end, isLong);
    return;
  }
  let least = entryUnits(start, isLong);
  let greatest = least;
  let before = least;
  let isSorted = true;
  for (let at = start + size; at < end; at += size) {
    const units = entryUnits(at, isLong);
    isSorted = isSorted && before <= units;
    least = min(least, units);
    greatest = max(greatest, units);
    before = units;
  }
  if (isSorted) return;
  const bits = 64 - clz(u64(greatest - least));
  const shift = bits > 8 ? bits - 8 : 0;
  distribute(start, end, isLong, digits, least, shift);
  if (shift == 0) return;
  let from = start;
  for (let digit: u32 = 0; digit < 256; digit++) {
    const to = load<u32>(digits + digit * 4, ENDS);
    if (to > from + size) sort(from, to, isLong, digits + DIGITS_SIZE);
    from = to;
  }
}

/** Distributes entries by the highest byte of their distance from the minimum. */
function distribute(start: u32, end: u32, isLong: bool, digits: u32, least: i64, shift: u64): void {
  const size = sizeOf(isLong);
  memory.fill(digits, 0, ENDS);
  for (let at = start; at < end; at += size) {
    const count = digits + digitOf(at, isLong, least, shift) * 4;
    store<u32>(count, load<u32>(count) + size);
  }
  let from = start;
  for (let at = digits; at < digits + ENDS; at += 4) {
    const to = from + load<u32>(at);
    store<u32>(at, from);
    store<u32>(at, to, ENDS);
    from = to;
  }
  for (let digit: u32 = 0; digit < 256; digit++) {
    const next = digits + digit * 4;
    const last = load<u32>(next, ENDS);
    while (load<u32>(next) < last) {
      const at = load<u32>(next);
      const other = digits + digitOf(at, isLong, least, shift) * 4;
      const to = load<u32>(other);
      store<u32>(other, to + size);
      if (to != at) swap(at, to, isLong);
    }
  }
}

@inline
function digitOf(entry: u32, isLong: bool, least: i64, shift: u64): u32 {
  return u32(u64(entryUnits(entry, isLong) - least) >> shift);
}

@inline
function swap(one: u32, other: u32, isLong: bool): void {
  const first = load<u64>(one);
  store<u64>(one, load<u64>(other));
  store<u64>(other, first);
  if (!isLong) return;
  const second = load<u64>(one, 8);
  store<u64>(one, load<u64>(other, 8), 8);
  store<u64>(other, second, 8);
}

function insert(start: u32, end: u32, isLong: bool): void {
  const size = sizeOf(isLong);
  for (let at = start + size; at < end; at += size) {
    const units = entryUnits(at, isLong);
    const first = load<u64>(at);
    const second = isLong ? load<u64>(at, 8) : 0;
    let to = at;
    for (; to > start && entryUnits(to - size, isLong) > units; to -= size) {
      store<u64>(to, load<u64>(to - size));
      if (isLong) store<u64>(to, load<u64>(to - size, 8), 8);
    }
    store<u64>(to, first);
    if (isLong) store<u64>(to, second, 8);
  }
}
