// The table of slots, for the fast path: one cache line beside each place of the table of sensors (`sensors.ts`), with the
// beginning of the name, and what `slots.ts` collects. So most readings of the fast path touch no other memory. The table
// of very many sensors has no slots: few would be in the caches, and each would be one more cache line to wait for.

import { allocate, release } from './heap';
import { hashVectors } from './keyed-hash';
import { LONGEST_QUICK } from './sensor-names';

/** The first 32 bytes of the name, then zeros. */
const SLOT_PREFIX: u32 = 0;
/** What `slots.ts` collects: up to the kind, zeros in a new slot. */
export const SLOT_COLLECTED: u32 = 32;
/** See `kindOf`; 0 in an empty slot. */
export const SLOT_KIND: u32 = 60;
export const SLOT_SIZE: u32 = 64;
const SLOT_BITS: u32 = 6;
/** Set in the kind of a slot that must not be found quickly: its name is longer than its prefix, or perhaps not plain. */
const SPECIAL: u32 = 0x80000000;
/** The scale of a slot that has not collected anything. */
const NO_SCALE: u32 = 255;

/** The address of the table; 0 when there is none. */
export let slots: u32 = 0;
/** The address after the last slot. */
export let slotsEnd: u32 = 0;

/** Makes a table of empty slots, for which memory must be reserved. */
export function allocateSlots(count: u32): void {
  // A pair of slots is a pair of cache lines.
  slots = (allocate(count * SLOT_SIZE + SLOT_SIZE) + SLOT_SIZE) & ~(2 * SLOT_SIZE - 1);
  slotsEnd = slots + count * SLOT_SIZE;
}

/** There are no slots from now on. */
export function releaseSlots(): void {
  release(slots, slotsEnd - slots);
  forgetSlots();
}

/** There are no slots from now on; their memory is not given back. */
export function forgetSlots(): void {
  slots = 0;
  slotsEnd = 0;
}

/** Gives an empty slot to a name, which is not found quickly yet. */
export function describeSlot(slot: u32, head: v128, tail: v128, length: u32): void {
  v128.store(slot, head, SLOT_PREFIX);
  v128.store(slot, tail, SLOT_PREFIX + 16);
  store<u32>(slot, kindOf(length, NO_SCALE) | SPECIAL, SLOT_KIND);
}

/** The kind of a slot with a name of this length and values of this scale. */
@inline
export function kindOf(length: u32, scale: u32): u32 {
  return ((length + 1) << 8) | scale;
}

/** The same; special if the name is too long to be found quickly. */
export function fullKindOf(length: u32, scale: u32): u32 {
  return kindOf(length, scale) | (length > LONGEST_QUICK ? SPECIAL : 0);
}

/** The slot that a plain name should be in, or its neighbour. The table and the shift are `slots` and `likelyShift`. */
@inline
export function likelySlot(table: u32, shift: u64, head: v128, tail: v128): u32 {
  return table + (u32(hashVectors(head, tail) >> shift) & ~(SLOT_SIZE - 1));
}

/** The number of bits by which a hash is shifted to be the offset of a slot, but for its lower bits. */
@inline
export function likelyShift(tableShift: u32): u64 {
  return u64(32 + tableShift) - SLOT_BITS;
}

/** The other slot of a pair. */
@inline
export function neighbour(slot: u32): u32 {
  return slot ^ SLOT_SIZE;
}

/** Whether it is the slot of that name and of this kind. */
@inline
export function isSlotOf(slot: u32, head: v128, tail: v128, kind: u32): bool {
  const heads = i8x16.eq(v128.load(slot, SLOT_PREFIX), head);
  const tails = i8x16.eq(v128.load(slot, SLOT_PREFIX + 16), tail);
  const letters = u32(i8x16.bitmask(v128.and(heads, tails)));
  return ((letters ^ 0xffff) | (load<u32>(slot, SLOT_KIND) ^ kind)) == 0;
}
