// The windows of rows, one after the other: by sensor, then by window length in the order the host wants, then by start. A
// window merges the groups of its panes; where windows overlap, a pane is in several.

import { addGroup } from './group';
import {
  GROUP_IS_SHARED,
  GROUP_SCALE,
  GROUP_SENSOR,
  groupCount,
  groupSize,
  NO_SCALE,
  paneOfGroup,
  setPane,
} from './groups';
import { allocate, reserve } from './heap';
import { preloadListed } from './preload';
import { sortedGroups } from './sorted-groups';

/**
 * Asks the host for the first window of this length that contains this time and begins at `from` or later: it sets
 * `windowStart`, `windowEnd` and `windowNext`.
 */
@external('host', 'locateWindow')
declare function locateWindow(resolution: u32, time: f64, from: f64): void;

/**
 * A record written by the host for each window length: its size in bytes, the length in milliseconds (Infinity for the
 * window of all readings, 0 if the host must be asked), the step between window starts, and the program of its rows.
 */
const LENGTH_MS: u32 = 4;
const STEP_MS: u32 = 12;
const PROGRAM: u32 = 20;

/** The span of the window: start inclusive, end exclusive. */
export let windowStart: f64 = 0;
export let windowEnd: f64 = 0;
/** The earliest start of the next window: the end of this one, or earlier if windows overlap. */
export let windowNext: f64 = 0;
/** The index of its length. */
export let resolution: u32 = 0;
/** A group with its readings, except for those that the host holds. */
export let windowGroup: u32 = 0;
/** Whether the host holds none of its readings. */
export let isWhole: bool = false;
/** The start and end of the list of its groups' addresses. */
export let windowGroups: u32 = 0;
export let windowGroupsEnd: u32 = 0;

/** The start and end of the host's records, and the current one. */
let lengths: u32 = 0;
let lengthsEnd: u32 = 0;
let length: u32 = 0;
/** The start and end of the list of the sensor's groups. */
let sensorGroups: u32 = 0;
let sensorGroupsEnd: u32 = 0;
/** The end of the groups that have been prefetched. */
let loaded: u32 = 0;
/** Holds the merged groups, and a copy of a group that merging would change. */
let sum: u32 = 0;
let copy: u32 = 0;

/** Must be called once, after groups are sorted, with the address of the host's records; false if memory runs out. */
export function describeWindows(from: u32, to: u32): bool {
  if (!reserve(u64(groupSize) * 2 + 256)) return false;
  lengths = from;
  lengthsEnd = to;
  length = to;
  sum = allocate(groupSize);
  copy = allocate(groupSize);
  windowGroupsEnd = sortedGroups;
  sensorGroupsEnd = sortedGroups;
  loaded = sortedGroups;
  return true;
}

/** The program for rows of the window. */
export function rowProgram(): u32 {
  return length + PROGRAM;
}

/** Whether the window is that of all readings. */
export function isEndless(): bool {
  return windowEnd == Infinity;
}

/** Advances to the next window that holds readings; false if there is none. */
export function nextWindow(): bool {
  do {
    passGroups();
    while (windowGroups == sensorGroupsEnd) if (!nextLength()) return false;
    setSpan(paneOf(windowGroups));
    if (windowGroupsEnd == windowGroups) windowGroupsEnd += 4;
    while (windowGroupsEnd < sensorGroupsEnd && paneOf(windowGroupsEnd) < windowEnd) windowGroupsEnd += 4;
    addUp();
  } while (isWhole && load<u8>(windowGroup, GROUP_SCALE) == NO_SCALE);
  return true;
}

/** Skips the groups that are in no later window. */
function passGroups(): void {
  if (windowNext >= windowEnd) windowGroups = windowGroupsEnd;
  else while (windowGroups < windowGroupsEnd && paneOf(windowGroups) < windowNext) windowGroups += 4;
}

/** Advances to the next length, or to the first one of the next sensor. */
function nextLength(): bool {
  if (length != lengthsEnd) {
    length += load<u32>(length);
    resolution++;
  }
  if (length == lengthsEnd) {
    const end = sortedGroups + groupCount * 4;
    if (sensorGroupsEnd == end) return false;
    sensorGroups = sensorGroupsEnd;
    const sensor = sensorOf(sensorGroups);
    do {
      if (sensorGroupsEnd == loaded) loaded = preloadListed(loaded, end);
      sensorGroupsEnd += 4;
    } while (sensorGroupsEnd < end && sensorOf(sensorGroupsEnd) == sensor);
    length = lengths;
    resolution = 0;
  }
  windowGroups = sensorGroups;
  windowGroupsEnd = sensorGroups;
  windowNext = -Infinity;
  return true;
}

/** Sets the span of the first window from `windowNext` on that contains this time. */
function setSpan(time: f64): void {
  const milliseconds = load<f64>(length, LENGTH_MS);
  if (milliseconds == Infinity) {
    windowEnd = Infinity;
    windowNext = Infinity;
  } else if (milliseconds > 0) {
    const step = load<f64>(length, STEP_MS);
    const last = Math.floor(time / step) * step;
    windowStart = Math.max(last + step - milliseconds, windowNext);
    windowEnd = windowStart + milliseconds;
    windowNext = windowStart + step;
  } else locateWindow(resolution, time, windowNext);
}

function addUp(): void {
  const first = load<u32>(windowGroups);
  if (windowGroupsEnd - windowGroups == 4) {
    windowGroup = first;
    isWhole = load<u8>(first, GROUP_IS_SHARED) == 0;
    return;
  }
  windowGroup = sum;
  isWhole = true;
  store<u8>(sum, u8(NO_SCALE), GROUP_SCALE);
  setPane(sum, paneOfGroup(first));
  store<u32>(sum, load<u32>(first, GROUP_SENSOR), GROUP_SENSOR);
  for (let at = windowGroups; at < windowGroupsEnd; at += 4) {
    const group = load<u32>(at);
    if (load<u8>(group, GROUP_IS_SHARED) != 0) isWhole = false;
    if (!addGroup(sum, unchanged(group))) isWhole = false;
  }
}

/** The group, or a copy of it if merging would rescale it. */
function unchanged(group: u32): u32 {
  if (load<u8>(group, GROUP_SCALE) >= load<u8>(sum, GROUP_SCALE)) return group;
  memory.copy(copy, group, groupSize);
  return copy;
}

@inline
function paneOf(at: u32): f64 {
  return paneOfGroup(load<u32>(at));
}

@inline
function sensorOf(at: u32): u32 {
  return load<u32>(load<u32>(at), GROUP_SENSOR);
}
