// Memory for tables, groups and names: allocated from one end, and freed only all at once; but what is small enough is put
// where something was that is not needed any more.

import { HEAP } from './layout';

/** Where the next allocation begins. */
export let heapEnd: u32 = HEAP;

/** What is left of it. */
let spare: u32 = 0;
let spareEnd: u32 = 0;

/** Whether something could not be done since there was no memory for it. */
export let isExhausted: bool = false;

/** Frees all of it. */
export function clearHeap(): void {
  heapEnd = HEAP;
  forgetSpare();
}

/** Makes sure that this many bytes can be allocated; false, and noted, when the memory cannot grow that far. */
export function reserve(bytes: u64): bool {
  if (hasRoom(bytes)) return true;
  isExhausted = true;
  return false;
}

/** The same, for what can be done in another way. */
function hasRoom(bytes: u64): bool {
  const missing = i64(u64(heapEnd) + bytes) - (i64(memory.size()) << 16);
  if (missing <= 0) return true;
  const pages = i32((missing + 0xffff) >> 16);
  const size = memory.size();
  // More than is needed: memory seldom grows then, which takes the host long where little is left. It needs the last of it.
  for (let more = size >> 3; more > size >> 6; more >>= 1) if (memory.grow(pages + more) >= 0) return true;
  return false;
}

/** The address of zeros that begin at a cache line; they must have been reserved. */
export function allocate(bytes: u32): u32 {
  return allocateAt(bytes, 64);
}

/** The address of zeros at a multiple of `alignment`, a power of two; they must have been reserved. */
export function allocateAt(bytes: u32, alignment: u32): u32 {
  const at = allocateUncleared(bytes, alignment);
  memory.fill(at, 0, bytes);
  return at;
}

/** The same, but of whatever was there before. */
export function allocateUncleared(bytes: u32, alignment: u32): u32 {
  let at = (spare + alignment - 1) & -alignment;
  if (at + bytes <= spareEnd) spare = at + bytes;
  else {
    at = (heapEnd + alignment - 1) & -alignment;
    heapEnd = at + bytes;
  }
  return at;
}

/** Whether this many bytes, and what alignment adds to them, can be allocated where something was before. */
export function isSpare(bytes: u64): bool {
  return bytes + 64 <= u64(spareEnd - spare);
}

/** Makes what was allocated last larger, where it is; false when it is not the last, and without memory for that. */
export function extendLast(at: u32, size: u32, bytes: u64): bool {
  if (at + size != heapEnd || !hasRoom(bytes - size)) return false;
  heapEnd = at + u32(bytes);
  return true;
}

/** Gives up what is left of former tables, so that all that is allocated now lies behind each other at the end. */
export function forgetSpare(): void {
  spare = 0;
  spareEnd = 0;
}

/** Gives memory back, if it is more than what is left of that given back before. */
export function release(at: u32, bytes: u32): void {
  if (bytes <= spareEnd - spare) return;
  spare = at;
  spareEnd = at + bytes;
}
