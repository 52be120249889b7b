// Sorts sensors by the bytes of their names: multikey quicksort (Bentley and Sedgewick, 1997), eight bytes at a time.
//
// An entry caches the eight bytes of its name that are compared next, so most comparisons touch no other memory. Names
// contain no NUL, so zero padding sorts a shorter name first.

import { SENSOR_NAME } from './sensors';

/** An entry in a list of sensors: eight bytes of the name, big-endian, and the sensor. */
export const ENTRY_SENSOR: u32 = 8;
export const ENTRY_SIZE: u32 = 16;

/** Fewer entries are sorted by insertion. */
const FEW: u32 = 12;

/** State of the generator that chooses pivots: nobody can craft names that make all pivots bad. */
let state: u32 = 0;

/** Sorts entries whose keys are the first eight bytes of names; `seed` must be secret. */
export function sortNames(first: u32, count: u32, seed: u32): void {
  state = seed | 1;
  sortFrom(first, count, 0);
}

/** Sorts entries whose names share their first `depth` bytes. */
function sortFrom(first: u32, count: u32, depth: u32): void {
  while (count >= FEW) {
    const pivot = pivotOf(first, count);
    let less = first;
    let more = first + count * ENTRY_SIZE;
    for (let at = first; at < more; ) {
      const key = load<u64>(at);
      if (key < pivot) {
        swap(less, at);
        less += ENTRY_SIZE;
        at += ENTRY_SIZE;
      } else if (key > pivot) {
        more -= ENTRY_SIZE;
        swap(at, more);
      } else at += ENTRY_SIZE;
    }
    const end = first + count * ENTRY_SIZE;
    const lessCount = (less - first) / ENTRY_SIZE;
    const moreCount = (end - more) / ENTRY_SIZE;
    const sameCount = count - lessCount - moreCount;
    if (sameCount > 1) nextKeys(less, more, depth + 8);
    // Loop on the largest part, so that the recursion depth is at most the logarithm of the count.
    if (sameCount >= lessCount && sameCount >= moreCount) {
      sortFrom(first, lessCount, depth);
      sortFrom(more, moreCount, depth);
      first = less;
      count = sameCount;
      depth += 8;
    } else {
      sortFrom(less, sameCount, depth + 8);
      const isLess = lessCount > moreCount;
      sortFrom(isLess ? more : first, isLess ? moreCount : lessCount, depth);
      first = isLess ? first : more;
      count = isLess ? lessCount : moreCount;
    }
  }
  insert(first, count, depth);
}

/** The median of three random keys. */
function pivotOf(first: u32, count: u32): u64 {
  const a = load<u64>(first + (next() % count) * ENTRY_SIZE);
  const b = load<u64>(first + (next() % count) * ENTRY_SIZE);
  const c = load<u64>(first + (next() % count) * ENTRY_SIZE);
  return max(min(a, b), min(max(a, b), c));
}

/** Marsaglia's xorshift (2003). */
function next(): u32 {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

@inline
function swap(a: u32, b: u32): void {
  const bytes = v128.load(a);
  v128.store(a, v128.load(b));
  v128.store(b, bytes);
}

/** Loads the eight bytes at this depth of their names into the entries' keys. */
function nextKeys(first: u32, end: u32, depth: u32): void {
  for (let at = first; at < end; at += ENTRY_SIZE) store<u64>(at, keyAt(load<u32>(at, ENTRY_SENSOR), depth));
}

/** Eight bytes of a sensor's name, big-endian and zero-padded. */
export function keyAt(sensor: u32, depth: u32): u64 {
  const length = load<u32>(sensor);
  if (depth >= length) return 0;
  const bytes = bswap(load<u64>(sensor + SENSOR_NAME + depth));
  const rest = length - depth;
  return rest >= 8 ? bytes : bytes & ~(u64.MAX_VALUE >> (u64(rest) << 3));
}

function insert(first: u32, count: u32, depth: u32): void {
  const end = first + count * ENTRY_SIZE;
  for (let at = first + ENTRY_SIZE; at < end; at += ENTRY_SIZE) {
    const entry = v128.load(at);
    const key = v128.extract_lane<u64>(entry, 0);
    const sensor = v128.extract_lane<u32>(entry, 2);
    let to = at;
    for (; to > first && isBefore(key, sensor, to - ENTRY_SIZE, depth); to -= ENTRY_SIZE)
      v128.store(to, v128.load(to - ENTRY_SIZE));
    v128.store(to, entry);
  }
}

/** Whether a sensor sorts before that of an entry; both keys are the bytes at this depth. */
function isBefore(key: u64, sensor: u32, entry: u32, depth: u32): bool {
  const other = load<u64>(entry);
  if (key != other) return key < other;
  const rival = load<u32>(entry, ENTRY_SENSOR);
  const longest = max(load<u32>(sensor), load<u32>(rival));
  for (let at = depth + 8; at < longest; at += 8) {
    const own = keyAt(sensor, at);
    const others = keyAt(rival, at);
    if (own != others) return own < others;
  }
  return false;
}
