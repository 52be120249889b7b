// Memory for tables, groups and names: allocated from one end, freed only all at once.

import { HEAP } from './layout';

/** Where the next allocation begins. */
export let heapEnd: u32 = HEAP;

/** Frees all of it. */
export function clearHeap(): void {
  heapEnd = HEAP;
}

/** Makes sure that this many bytes can be allocated; false when the memory cannot grow that far. */
export function reserve(bytes: u64): bool {
  const missing = i64(u64(heapEnd) + bytes) - (i64(memory.size()) << 16);
  if (missing <= 0) return true;
  const pages = i32((missing + 0xffff) >> 16);
  // More than is needed, so that memory seldom grows.
  return memory.grow(pages + (memory.size() >> 3)) >= 0 || memory.grow(pages) >= 0;
}

/** The address of zeros that begin at a cache line; they must have been reserved. */
export function allocate(bytes: u32): u32 {
  const at = (heapEnd + 63) & ~63;
  heapEnd = at + bytes;
  memory.fill(at, 0, bytes);
  return at;
}
