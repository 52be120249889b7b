// Sensors by name: a hash table with open addressing and linear probing, which grows by doubling.
//
// A slot is one cache line: the beginning of the name, and what `slots.ts` collects, so that most readings touch no
// other memory. Its rest, which is needed less often, lies in a table of its own, in the same order.

import { allocate, allocateAt, release, reserve } from './heap';
import { groupNeeds } from './groups';
import { hashVectors } from './keyed-hash';
import { hasRest, headOf, isPadded, isPlain, isText, LONGEST_QUICK, mixRest, tailOf } from './sensor-names';
import { checksNames } from './shape';

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

/** The sensor: the address of its record. */
export const REST_SENSOR: u32 = 0;
const REST_HASH: u32 = 4;
/** The group of the slot's pane, for `slots.ts`. */
export const REST_GROUP: u32 = 8;
const REST_IS_PLAIN: u32 = 12;
const REST_SIZE: u32 = 16;

/** In bytes, as in `src/lines/limits.ts`. */
const LONGEST_NAME: u32 = 1 << 16;

/** A sensor's record is the length of its name, u32, its place among all sensors once they are sorted, and the name. */
export const SENSOR_RANK: u32 = 4;
export const SENSOR_NAME: u32 = 8;
const SENSOR_ALIGNMENT: u32 = 8;

/** An entry in a list of sensors: eight bytes of the name, the first the highest, and the sensor. */
export const ENTRY_SENSOR: u32 = 8;
export const ENTRY_SIZE: u32 = 16;

/** The scale of a slot that has not collected anything. */
const NO_SCALE: u32 = 255;
const FIRST_SHIFT: u32 = 23;
/**
 * As long as the table is small it has eight slots for each name, so that most names are in the first one looked at; as
 * long as it is very small it grows, too, when a name is not in its pair.
 */
const SMALL: u32 = 1 << 17;
const VERY_SMALL: u32 = 1 << 14;

/** Instead of an address: there is no memory for a new sensor; the name has a delimiter, a quote or padding. */
export const NO_MEMORY: u32 = 0;
export const NOT_PLAIN: u32 = 1;

/** The address of the table of slots. */
export let slots: u32 = 0;
let rests: u32 = 0;
/** How many bits of a hash, of 32, are not used. */
let slotShift: u32 = 0;
let slotCount: u32 = 0;

/** Forgets all sensors. */
export function clearSensors(): void {
  slotShift = FIRST_SHIFT;
  slotCount = 0;
  allocateTables();
}

function allocateTables(): void {
  // A pair of slots is a pair of cache lines.
  slots = (allocate(size() * SLOT_SIZE + SLOT_SIZE) + SLOT_SIZE) & ~(2 * SLOT_SIZE - 1);
  rests = allocate(size() * REST_SIZE);
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

/** The slot that a plain name should be in, or its neighbour. The table and the shift are `slots` and `likelyShift()`. */
@inline
export function likelySlot(table: u32, shift: u64, head: v128, tail: v128): u32 {
  return table + (u32(hashVectors(head, tail) >> shift) & ~(SLOT_SIZE - 1));
}

/** The number of bits by which a hash is shifted to be the offset of a slot, but for its lower bits. */
@inline
export function likelyShift(): u64 {
  return u64(32 + slotShift) - SLOT_BITS;
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

/** The slot of a sensor, made when it is new; NO_MEMORY or NOT_PLAIN when there is none. */
export function findSlot(name: u32, length: u32): u32 {
  const head = headOf(name, min(length, LONGEST_QUICK));
  const tail = tailOf(name, min(length, LONGEST_QUICK));
  const mixed = u32(hashVectors(head, tail) >> 32);
  const hash = length > LONGEST_QUICK ? mixRest(name, length, mixed) : mixed;
  const home = hash >> slotShift;
  let slot = slotAt(home, 0);
  let step: u32 = 0;
  for (let kind = load<u32>(slot, SLOT_KIND); kind != 0; kind = load<u32>(slot, SLOT_KIND)) {
    const heads = i8x16.eq(v128.load(slot, SLOT_PREFIX), head);
    const tails = i8x16.eq(v128.load(slot, SLOT_PREFIX + 16), tail);
    if (i8x16.all_true(v128.and(heads, tails)) && ((kind & ~SPECIAL) >> 8) == length + 1) {
      if (length <= LONGEST_QUICK || hasRest(load<u32>(restOf(slot), REST_SENSOR) + SENSOR_NAME, name, length)) return isKnownPlain(slot, name, length) ? slot : NOT_PLAIN;
    }
    slot = slotAt(home, ++step);
  }
  if (length > LONGEST_NAME || !isText(name, length) || isPadded(name, length)) return NOT_PLAIN;
  if (checksNames && !isPlain(name, length)) return NOT_PLAIN;
  // Enough for the name, the tables twice as large, and a group.
  const tables = u64(size()) * 2 * (SLOT_SIZE + REST_SIZE);
  if (!reserve(u64(length) + 256 + tables + groupNeeds())) return NO_MEMORY;
  v128.store(slot, head, SLOT_PREFIX);
  v128.store(slot, tail, SLOT_PREFIX + 16);
  store<u32>(slot, kindOf(length, NO_SCALE) | SPECIAL, SLOT_KIND);
  const sensor = allocateAt(SENSOR_NAME + length, SENSOR_ALIGNMENT);
  store<u32>(sensor, length);
  memory.copy(sensor + SENSOR_NAME, name, length);
  store<u32>(restOf(slot), sensor, REST_SENSOR);
  store<u32>(restOf(slot), hash, REST_HASH);
  store<u32>(restOf(slot), u32(checksNames), REST_IS_PLAIN);
  slotCount++;
  const isFull = slotCount * (size() > SMALL ? 2 : 8) > size();
  const isCrowded = step > 1 && size() < VERY_SMALL && slotCount * 64 > size();
  return isFull || isCrowded ? grow(slot) : slot;
}

/** Makes the tables twice as large; returns the new address of a slot. */
function grow(slot: u32): u32 {
  const oldSlots = slots;
  const oldRests = rests;
  const count = size();
  slotShift--;
  allocateTables();
  let moved = slot;
  for (let index: u32 = 0; index < count; index++) {
    const from = oldSlots + index * SLOT_SIZE;
    if (load<u32>(from, SLOT_KIND) == 0) continue;
    const rest = oldRests + index * REST_SIZE;
    const home = load<u32>(rest, REST_HASH) >> slotShift;
    let to = slotAt(home, 0);
    for (let step: u32 = 1; load<u32>(to, SLOT_KIND) != 0; step++) to = slotAt(home, step);
    memory.copy(to, from, SLOT_SIZE);
    memory.copy(restOf(to), rest, REST_SIZE);
    if (from == slot) moved = to;
  }
  release(oldSlots, count * SLOT_SIZE);
  release(oldRests, count * REST_SIZE);
  return moved;
}

/** Where a name is looked for at a step of the search: both slots of a pair, then those of the next pair. */
@inline
function slotAt(home: u32, step: u32): u32 {
  const index = ((home ^ (step & 1)) + (step & ~1)) & (size() - 1);
  return slots + index * SLOT_SIZE;
}

/** Whether the tables are larger than the caches of most processors. */
export function isLarge(): bool {
  return size() > SMALL;
}

/** The number of sensors. */
export function sensorCount(): u32 {
  return slotCount;
}

/** Writes an entry for each sensor, with the first bytes of its name, in any order. */
export function listSensors(at: u32): void {
  for (let slot = slots; slot < slotsEnd(); slot += SLOT_SIZE) {
    if (load<u32>(slot, SLOT_KIND) == 0) continue;
    store<u64>(at, bswap(load<u64>(slot, SLOT_PREFIX)));
    store<u32>(at, load<u32>(restOf(slot), REST_SENSOR), ENTRY_SENSOR);
    at += ENTRY_SIZE;
  }
}

/** The address after the last slot. */
export function slotsEnd(): u32 {
  return slots + size() * SLOT_SIZE;
}

/** The number of slots, used or not. */
@inline
function size(): u32 {
  return 1 << (32 - slotShift);
}

/** The address of a slot's rest. */
@inline
export function restOf(slot: u32): u32 {
  return rests + ((slot - slots) >> 6) * REST_SIZE;
}

function isKnownPlain(slot: u32, name: u32, length: u32): bool {
  const rest = restOf(slot);
  if (!checksNames || load<u32>(rest, REST_IS_PLAIN) != 0) return true;
  if (!isPlain(name, length)) return false;
  store<u32>(rest, 1, REST_IS_PLAIN);
  return true;
}
