// Memory for tables, groups and names: allocated by moving the end up, and freed only all at once. One region that was given
// back, the largest, is filled again before the end moves on.

import { HEAP } from './layout';

/** By how many pages memory may grow. */
@external('host', 'pagesOfHeadroom')
declare function pagesOfHeadroom(): u32;

/** Where the next allocation begins. */
export let heapEnd: u32 = HEAP;

/** What is left of the region that was given back. */
let spare: u32 = 0;
let spareEnd: u32 = 0;

/** Whether something was not done for want of memory. */
export let isExhausted: bool = false;

/** Frees all of it. */
export function clearHeap(): void {
  heapEnd = HEAP;
  forgetSpare();
}

/** Makes sure that this many bytes can be allocated; false, and `isExhausted`, if memory cannot grow that far. */
export function reserve(bytes: u64): bool {
  if (hasRoom(bytes)) return true;
  isExhausted = true;
  return false;
}

/** The same for callers that can do without: `isExhausted` is left alone. */
function hasRoom(bytes: u64): bool {
  const missing = i64(u64(heapEnd) + bytes) - (i64(memory.size()) << 16);
  if (missing <= 0) return true;
  const pages = i32((missing + 0xffff) >> 16);
  const size = memory.size();
  const most = i32(pagesOfHeadroom());
  // Grow by more than is needed, so that memory grows seldom: that takes the host long when little memory is left.
  for (let more = size >> 3; more > size >> 6; more >>= 1) {
    if (pages + more <= most && memory.grow(pages + more) >= 0) return true;
  }
  return false;
}

/** The address of zeroed memory that begins at a cache line; it must have been reserved. */
export function allocate(bytes: u32): u32 {
  return allocateAt(bytes, 64);
}

/** The address of zeroed memory at a multiple of `alignment`, a power of two; it must have been reserved. */
export function allocateAt(bytes: u32, alignment: u32): u32 {
  const at = allocateUncleared(bytes, alignment);
  memory.fill(at, 0, bytes);
  return at;
}

/** The same, but with whatever was there before. */
export function allocateUncleared(bytes: u32, alignment: u32): u32 {
  let at = (spare + alignment - 1) & -alignment;
  if (at + bytes <= spareEnd) spare = at + bytes;
  else {
    at = (heapEnd + alignment - 1) & -alignment;
    heapEnd = at + bytes;
  }
  return at;
}

/** Whether this many bytes, with what alignment adds, fit into what is left of the region given back. */
export function isSpare(bytes: u64): bool {
  return bytes + 64 <= u64(spareEnd - spare);
}

/** Extends the last allocation in place; false if it is not the last, or without memory for it. */
export function extendLast(at: u32, size: u32, bytes: u64): bool {
  if (at + size != heapEnd || !hasRoom(bytes - size)) return false;
  heapEnd = at + u32(bytes);
  return true;
}

/** Leaves the rest of the region unused, so that all further allocations are contiguous. */
export function forgetSpare(): void {
  spare = 0;
  spareEnd = 0;
}

/** Gives memory back; only the larger of this and what is left of the region before is used again. */
export function release(at: u32, bytes: u32): void {
  if (bytes <= spareEnd - spare) return;
  spare = at;
  spareEnd = at + bytes;
}
