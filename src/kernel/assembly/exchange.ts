// From one kernel to another of the same plan: a copy of the heap of one, put anywhere into the memory of the other.
//
// What counts are the groups, their sensors' records, and the distinct values. The addresses in the block are those at
// which it was made.

import { groupOf } from './collect';
import {
  addDistinct,
  countValues,
  reserveDistincts,
  VALUE_BEFORE,
  VALUE_COUNT,
  VALUE_GROUP,
  VALUE_SCALE,
  VALUE_UNITS,
} from './distinct';
import { addGroup } from './group';
import { GROUP_BEFORE, GROUP_PANE, GROUP_SENSOR } from './groups';
import { allocate, reserve } from './heap';
import { NOT_PLAIN, SENSOR_NAME } from './sensors';

/** Where the host can put a block of so many bytes; 0 without memory for it. */
export function makeRoom(size: u32): u32 {
  return reserve(u64(size) + 64) ? allocate(size) : 0;
}

/**
 * Adds what is in a block, given its address now, less that at which it was made, and its first group and value. False, and
 * nothing is added, where the host must do that.
 */
export function absorb(moved: u32, firstGroup: u32, firstValue: u32): bool {
  if (!findTargets(moved, firstGroup) || !reserveDistincts(countValues(firstValue, moved))) return false;
  for (let from = firstValue; from != 0; ) {
    const value = from + moved;
    const target = load<u32>(load<u32>(value, VALUE_GROUP) + moved, GROUP_SENSOR);
    addDistinct(target, load<i64>(value, VALUE_UNITS), load<i32>(value, VALUE_SCALE), load<u64>(value, VALUE_COUNT));
    from = load<u32>(value, VALUE_BEFORE);
  }
  for (let from = firstGroup; from != 0; ) {
    const group = from + moved;
    from = load<u32>(group, GROUP_BEFORE);
    const target = load<u32>(group, GROUP_SENSOR);
    store<u32>(group, load<u32>(target, GROUP_SENSOR), GROUP_SENSOR);
    addGroup(target, group);
  }
  return true;
}

/** Notes in each group, in the place of its sensor, to which one it is to be added; false when one has no such. */
function findTargets(moved: u32, firstGroup: u32): bool {
  for (let from = firstGroup; from != 0; ) {
    const group = from + moved;
    const sensor = load<u32>(group, GROUP_SENSOR) + moved;
    const target = groupOf(sensor + SENSOR_NAME, load<u32>(sensor), load<f64>(group, GROUP_PANE));
    if (target <= NOT_PLAIN) return false;
    store<u32>(group, target, GROUP_SENSOR);
    from = load<u32>(group, GROUP_BEFORE);
  }
  return true;
}
