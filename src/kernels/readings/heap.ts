// Memory for tables, groups and names: handed out from one end, given back only all at once.

import { HEAP } from './layout';

/** Where the next allocation begins. */
export let heapEnd: u32 = HEAP;

/** Gives all of it back. */
export function clearHeap(): void {
  heapEnd = HEAP;
}

/** Whether so many bytes can be allocated; asks for more memory where they are missing. */
export function reserve(bytes: u64): bool {
  const missing = i64(u64(heapEnd) + bytes) - (i64(memory.size()) << 16);
  if (missing <= 0) return true;
  const pages = i32((missing + 0xffff) >> 16);
  // More than is needed, so that it is not asked for all the time.
  return memory.grow(pages + (memory.size() >> 3)) >= 0 || memory.grow(pages) >= 0;
}

/** Zeros at a whole cache line; they must have been reserved. */
export function allocate(bytes: u32): u32 {
  const at = (heapEnd + 63) & ~63;
  heapEnd = at + bytes;
  memory.fill(at, 0, bytes);
  return at;
}
