// An entry: a value of a group, the scale it was written with, and how often it occurred. The units of all entries of a
// group have one scale.
//
// A short entry is 8 bytes: from the highest bit, 38 bits of units, 5 of scale and 21 of count. A long one is 16 bytes: 64
// bits of units, then 5 of scale and 59 of count. All entries of a group have the same length.

const SCALE_BITS: u64 = 5;
const SCALE_MASK: u64 = 31;
const SHORT_COUNT_BITS: u64 = 21;
const LONG_COUNT_BITS: u64 = 59;
const SHORT_COUNT: u64 = (1 << SHORT_COUNT_BITS) - 1;
const LONG_COUNT: u64 = (1 << LONG_COUNT_BITS) - 1;
/** The bits of a short entry below its units. */
const BELOW_UNITS: u64 = SCALE_BITS + SHORT_COUNT_BITS;

/** Sizes in bytes. */
export const SHORT_ENTRY: u32 = 8;
export const LONG_ENTRY: u32 = 16;

/** Whether these units fit into a short entry. */
@inline
export function isShort(units: i64): bool {
  return (units << BELOW_UNITS) >> BELOW_UNITS == units;
}

@inline
export function entryUnits(entry: u32, isLong: bool): i64 {
  return isLong ? load<i64>(entry) : load<i64>(entry) >> BELOW_UNITS;
}

@inline
export function entryScale(entry: u32, isLong: bool): i32 {
  return i32(isLong ? load<u64>(entry, 8) >> LONG_COUNT_BITS : (load<u64>(entry) >> SHORT_COUNT_BITS) & SCALE_MASK);
}

@inline
export function entryCount(entry: u32, isLong: bool): u64 {
  return isLong ? load<u64>(entry, 8) & LONG_COUNT : load<u64>(entry) & SHORT_COUNT;
}

/** The largest count of an entry: a value that occurs more often has several. */
@inline
export function mostIn(isLong: bool): u64 {
  return isLong ? LONG_COUNT : SHORT_COUNT;
}

@inline
export function storeEntry(entry: u32, isLong: bool, units: i64, scale: i32, count: u64): void {
  if (isLong) {
    store<i64>(entry, units);
    store<u64>(entry, (u64(scale) << LONG_COUNT_BITS) | count, 8);
  } else store<u64>(entry, (u64(units) << BELOW_UNITS) | (u64(scale) << SHORT_COUNT_BITS) | count);
}
