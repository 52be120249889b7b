// Memory for tables, groups and names: a bump allocator that is freed as a whole. The largest region given back is filled
// again before the end moves on.

import { HEAP } from './layout';

/** The number of pages by which memory may grow. */
@external('host', 'pagesOfHeadroom')
declare function pagesOfHeadroom(): u32;

/** The bump pointer. */
export let heapEnd: u32 = HEAP;

/** The unused part of the region that was given back. */
let spare: u32 = 0;
let spareEnd: u32 = 0;

/** Whether a `reserve` has failed. */
export let isExhausted: bool = false;

/** Frees everything. */
export function clearHeap(): void {
  heapEnd = HEAP;
  forgetSpare();
}

/** Makes sure that this many bytes can be allocated; if memory cannot grow that far, sets `isExhausted`, returns false. */
export function reserve(bytes: u64): bool {
  if (hasRoom(bytes)) return true;
  isExhausted = true;
  return false;
}

/** Like `reserve`, for callers that can do without: leaves `isExhausted` alone. */
function hasRoom(bytes: u64): bool {
  const missing = i64(u64(heapEnd) + bytes) - (i64(memory.size()) << 16);
  if (missing <= 0) return true;
  const pages = i32((missing + 0xffff) >> 16);
  const size = memory.size();
  const most = i32(pagesOfHeadroom());
  // Grow by more than needed, to grow rarely: it is slow for the host when memory is short.
  for (let more = size >> 3; more > size >> 6; more >>= 1) {
    if (pages + more <= most && memory.grow(pages + more) >= 0) return true;
  }
  return false;
}

/** Allocates zeroed memory at a cache line. It must have been reserved. */
export function allocate(bytes: u32): u32 {
  return allocateAt(bytes, 64);
}

/** Allocates zeroed memory at a multiple of `alignment`, a power of two. It must have been reserved. */
export function allocateAt(bytes: u32, alignment: u32): u32 {
  const at = allocateUncleared(bytes, alignment);
  memory.fill(at, 0, bytes);
  return at;
}

/** Like `allocateAt`, but leaves the memory as it is. */
export function allocateUncleared(bytes: u32, alignment: u32): u32 {
  let at = (spare + alignment - 1) & -alignment;
  if (at + bytes <= spareEnd) spare = at + bytes;
  else {
    at = (heapEnd + alignment - 1) & -alignment;
    heapEnd = at + bytes;
  }
  return at;
}

/** Whether this many bytes, with padding for alignment, fit into the spare region. */
export function isSpare(bytes: u64): bool {
  return bytes + 64 <= u64(spareEnd - spare);
}

/** Extends the last allocation in place; false if it is not the last, or memory runs out. */
export function extendLast(at: u32, size: u32, bytes: u64): bool {
  if (at + size != heapEnd || !hasRoom(bytes - size)) return false;
  heapEnd = at + u32(bytes);
  return true;
}

/** Gives up the spare region, so that further allocations are contiguous. */
export function forgetSpare(): void {
  spare = 0;
  spareEnd = 0;
}

/** Gives memory back. Only the larger of this and the current spare region is reused. */
export function release(at: u32, bytes: u32): void {
  if (bytes <= spareEnd - spare) return;
  spare = at;
  spareEnd = at + bytes;
}
