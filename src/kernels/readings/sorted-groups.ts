// All groups in the order of rows: by the bytes of the sensor's name, then by pane.

import { groupCount, GROUP_BEFORE, GROUP_SENSOR, lastGroup, paneOfGroup } from './groups';
import { allocate, release, reserve } from './heap';
import { HASH_KEY } from './layout';
import { releaseTables, SENSOR_RANK, sensorCount } from './sensors';
import { ENTRY_SENSOR, ENTRY_SIZE, keyAt, sortNames } from './sort-names';

/** Marks, instead of its rank, a sensor that has been listed. */
const LISTED: u32 = u32.MAX_VALUE;

/** The sorted list of group addresses, u32 each. */
export let sortedGroups: u32 = 0;

/** Sorts all groups; false if memory runs out. No group can be made afterwards. */
export function sortGroups(): bool {
  const lists = u64(groupCount) * 8 + u64(sensorCount) * (ENTRY_SIZE + 4);
  if (!reserve(lists + 512)) return false;
  // The tables are no longer needed, and the lists mostly fit into their memory.
  releaseTables();
  const sensors = allocate(sensorCount * ENTRY_SIZE);
  const count = listSensors(sensors);
  sortNames(sensors, count, load<u32>(HASH_KEY));
  for (let rank: u32 = 0; rank < count; rank++)
    store<u32>(load<u32>(sensors + rank * ENTRY_SIZE, ENTRY_SENSOR), rank, SENSOR_RANK);
  release(sensors, sensorCount * ENTRY_SIZE);
  sortedGroups = allocate(groupCount * 4);
  distribute(count);
  return true;
}

/** Writes an entry for each sensor, the latest group first; returns how many. */
function listSensors(list: u32): u32 {
  let at = list;
  for (let group = lastGroup; group != 0; group = load<u32>(group, GROUP_BEFORE)) {
    const sensor = load<u32>(group, GROUP_SENSOR);
    if (load<u32>(sensor, SENSOR_RANK) == LISTED) continue;
    store<u32>(sensor, LISTED, SENSOR_RANK);
    store<u64>(at, keyAt(sensor, 0));
    store<u32>(at, sensor, ENTRY_SENSOR);
    at += ENTRY_SIZE;
  }
  return (at - list) / ENTRY_SIZE;
}

/** A stable counting sort by sensor: the groups of each stay in the order in which they were made, mostly that of time. */
function distribute(count: u32): void {
  const starts = allocate((count + 1) * 4);
  for (let group = lastGroup; group != 0; group = load<u32>(group, GROUP_BEFORE)) {
    const at = starts + rankOf(group) * 4;
    store<u32>(at, load<u32>(at) + 1);
  }
  let total: u32 = 0;
  for (let at = starts; at <= starts + count * 4; at += 4) {
    total += load<u32>(at);
    store<u32>(at, total);
  }
  for (let group = lastGroup; group != 0; group = load<u32>(group, GROUP_BEFORE)) {
    const start = starts + rankOf(group) * 4;
    const at = load<u32>(start) - 1;
    store<u32>(start, at);
    store<u32>(sortedGroups + at * 4, group);
  }
  const spare = allocate(groupCount * 4);
  for (let rank: u32 = 0; rank < count; rank++) {
    const first = load<u32>(starts + rank * 4);
    sortByPane(sortedGroups + first * 4, sortedGroups + load<u32>(starts + rank * 4, 4) * 4, spare);
  }
}

@inline
function rankOf(group: u32): u32 {
  return load<u32>(load<u32>(group, GROUP_SENSOR), SENSOR_RANK);
}

/** Natural merge sort of one sensor's groups: they consist of few sorted runs. `spare` has room for them. */
function sortByPane(start: u32, end: u32, spare: u32): void {
  if (runEnd(start, end) >= end) return;
  const size = end - start;
  let from = start;
  let to = spare;
  let runs: u32;
  do {
    runs = 0;
    for (let at: u32 = 0; at < size; runs++) {
      const middle = runEnd(from + at, from + size) - from;
      const last = runEnd(from + middle, from + size) - from;
      merge(from + at, from + middle, from + last, to + at);
      at = last;
    }
    const other = from;
    from = to;
    to = other;
  } while (runs > 1);
  if (from != start) memory.copy(start, from, size);
}

/** The end of the sorted run that begins here; the end of the list for an empty one. */
function runEnd(start: u32, end: u32): u32 {
  let at = start + 4;
  while (at < end && paneAt(at - 4) <= paneAt(at)) at += 4;
  return min(at, end);
}

function merge(start: u32, middle: u32, end: u32, to: u32): void {
  let left = start;
  let right = middle;
  while (left < middle || right < end) {
    const isLeft = right >= end || (left < middle && paneAt(left) <= paneAt(right));
    store<u32>(to, load<u32>(isLeft ? left : right));
    to += 4;
    if (isLeft) left += 4;
    else right += 4;
  }
}

@inline
function paneAt(at: u32): f64 {
  return paneOfGroup(load<u32>(at));
}
