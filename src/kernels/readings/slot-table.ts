// The table of slots, for the fast path: one cache line per place in the table of sensors (`sensors.ts`), with the start of
// the name and what `slots.ts` collects, so that most readings of the fast path touch no other memory. With very many
// sensors there are no slots: few would be in the caches, and each would be one more cache miss.

import { allocate, release } from './heap';
import { hashVectors } from './keyed-hash';
import { LONGEST_QUICK } from './sensor-names';

/** The first 32 bytes of the name, zero-padded. */
const SLOT_PREFIX: u32 = 0;
/** What `slots.ts` collects: everything up to the kind, zero in a new slot. */
export const SLOT_COLLECTED: u32 = 32;
/** See `kindOf`; 0 in an empty slot. */
export const SLOT_KIND: u32 = 60;
export const SLOT_SIZE: u32 = 64;
const SLOT_BITS: u32 = 6;
/** Set in the kind of a slot that the fast path must not match: its name is longer than the prefix, or may not be plain. */
const SPECIAL: u32 = 0x80000000;
/** The scale of a slot that has collected nothing. */
const NO_SCALE: u32 = 255;

/** The address of the table; 0 if there is none. */
export let slots: u32 = 0;
/** The end of the table. */
export let slotsEnd: u32 = 0;

/** Makes a table of empty slots, for which memory must have been reserved. */
export function allocateSlots(count: u32): void {
  // A pair of slots is aligned to a pair of cache lines.
  slots = (allocate(count * SLOT_SIZE + SLOT_SIZE) + SLOT_SIZE) & ~(2 * SLOT_SIZE - 1);
  slotsEnd = slots + count * SLOT_SIZE;
}

/** Removes the table and gives its memory back. */
export function releaseSlots(): void {
  release(slots, slotsEnd - slots);
  forgetSlots();
}

/** Removes the table, but does not give its memory back. */
export function forgetSlots(): void {
  slots = 0;
  slotsEnd = 0;
}

/** Assigns an empty slot to a name. The fast path does not match it yet. */
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

/** Like `kindOf`, but special if the name is too long for the fast path. */
export function fullKindOf(length: u32, scale: u32): u32 {
  return kindOf(length, scale) | (length > LONGEST_QUICK ? SPECIAL : 0);
}

/** The slot of a plain name, or its neighbour. `table` and `shift` are `slots` and `likelyShift`. */
@inline
export function likelySlot(table: u32, shift: u64, head: v128, tail: v128): u32 {
  return table + (u32(hashVectors(head, tail) >> shift) & ~(SLOT_SIZE - 1));
}

/** The right shift that turns a hash into the offset of a slot, after its lower bits are cleared. */
@inline
export function likelyShift(tableShift: u32): u64 {
  return u64(32 + tableShift) - SLOT_BITS;
}

/** The other slot of a pair. */
@inline
export function neighbour(slot: u32): u32 {
  return slot ^ SLOT_SIZE;
}

/** Whether the slot has this name and this kind. */
@inline
export function isSlotOf(slot: u32, head: v128, tail: v128, kind: u32): bool {
  const heads = i8x16.eq(v128.load(slot, SLOT_PREFIX), head);
  const tails = i8x16.eq(v128.load(slot, SLOT_PREFIX + 16), tail);
  const letters = u32(i8x16.bitmask(v128.and(heads, tails)));
  return ((letters ^ 0xffff) | (load<u32>(slot, SLOT_KIND) ^ kind)) == 0;
}
