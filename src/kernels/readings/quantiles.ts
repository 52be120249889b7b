// Quantiles by nearest rank, from the values of a group.

import { GROUP_COUNT } from './groups';
import { entryCount, entryScale, entryUnits, LONG_ENTRY, SHORT_ENTRY } from './value-entry';
import { hasLong, sortValues, valuesEnd, valuesScale, valuesStart } from './values';

/** The result of `findQuantile`: units at the scale of the group's values, that scale, and the value's own scale. */
export let quantileUnits: i64 = 0;
export let quantileUnitsScale: i32 = 0;
export let quantileScale: i32 = 0;

/**
 * Finds the smallest value v such that at least `part` / `whole` of a group's values are at most v, with the most decimal
 * places it was written with. False if the rank does not fit into 64 bits. Nothing can be counted afterwards.
 */
export function findQuantile(group: u32, part: u64, whole: u64): bool {
  const count = u64(load<u32>(group, GROUP_COUNT));
  if (part > (u64.MAX_VALUE - whole) / count) return false;
  sortValues(group);
  const isLong = hasLong(group);
  const size = isLong ? LONG_ENTRY : SHORT_ENTRY;
  const rank = (part * count + whole - 1) / whole;
  let entry = valuesStart(group);
  // The first value has at least the rank 1.
  for (let below = entryCount(entry, isLong); below < rank; below += entryCount(entry, isLong)) entry += size;
  // Of several entries for one value, the last has the largest scale.
  const last = valuesEnd(group) - size;
  while (entry < last && entryUnits(entry + size, isLong) == entryUnits(entry, isLong)) entry += size;
  quantileUnits = entryUnits(entry, isLong);
  quantileUnitsScale = valuesScale(group);
  quantileScale = entryScale(entry, isLong);
  return true;
}
