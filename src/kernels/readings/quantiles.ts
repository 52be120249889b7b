// Quantiles by nearest rank, from the values of a group.

import { GROUP_COUNT } from './groups';
import { entryCount, entryScale, entryUnits, LONG_ENTRY, SHORT_ENTRY } from './value-entry';
import { hasLong, sortValues, valuesEnd, valuesScale, valuesStart } from './values';

/** What `findQuantile` has found: units in the scale of the group's values, and the scale with which the value was written. */
export let quantileUnits: i64 = 0;
export let quantileUnitsScale: i32 = 0;
export let quantileScale: i32 = 0;

/**
 * Finds the smallest value that at least `part` / `whole` of all values of a group do not exceed, in its most precise
 * writing. False when the rank is too large for 64 bits. Nothing is counted afterwards.
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
  // Of several entries for one value the last has the most precise scale of all.
  const last = valuesEnd(group) - size;
  while (entry < last && entryUnits(entry + size, isLong) == entryUnits(entry, isLong)) entry += size;
  quantileUnits = entryUnits(entry, isLong);
  quantileUnitsScale = valuesScale(group);
  quantileScale = entryScale(entry, isLong);
  return true;
}
