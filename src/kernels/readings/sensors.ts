// Sensors by name: a hash table with open addressing and linear probing, which grows by doubling.
//
// A place (an entry of the table) has eight bytes: the hash of the name and the address of the sensor's record. While the
// table is small, and the fast path is possible, each place has a slot: see `slot-table.ts`.

import { allocate, allocateAt, release, reserve } from './heap';
import { groupNeeds } from './groups';
import { MAX_READINGS } from './layout';
import { hashOf, headOf, isPadded, isPlain, isText, LONGEST_QUICK, isNamed, tailOf } from './sensor-names';
import { checksNames } from './shape';
import { allocateSlots, describeSlot, forgetSlots, releaseSlots, SLOT_SIZE, slots } from './slot-table';

/** The sensor's record; 0 in an empty place. */
export const PLACE_SENSOR: u32 = 0;
/** The hash of the name, except for the lowest bit, which says whether the name is known to be plain. */
const PLACE_HASH: u32 = 4;
const PLACE_SIZE: u32 = 8;

/** In bytes, as in `src/lines/limits.ts`. */
const LONGEST_NAME: u32 = 1 << 16;

/**
 * A sensor's record: the length of its name (u32), another u32, and the name. The other u32 is the group that was asked for
 * last, 0 for none; once sensors are sorted, it is the sensor's rank.
 */
export const SENSOR_GROUP: u32 = 4;
export const SENSOR_RANK: u32 = 4;
export const SENSOR_NAME: u32 = 8;
const SENSOR_ALIGNMENT: u32 = 4;

const FIRST_SHIFT: u32 = 23;
/**
 * A small table keeps eight places per name, so that most names are found at the first probe; a larger one keeps two. A
 * very small one also grows when a name does not fit into its pair.
 */
const SMALL: u32 = 1 << 17;
const VERY_SMALL: u32 = 1 << 14;
/** In larger tables slots cost more time than they save. */
const MAX_WITH_SLOTS: u32 = 1 << 18;

/** Returned instead of an address: there is no memory for a new sensor, or the name is left to the host. */
export const NO_MEMORY: u32 = 0;
export const NOT_PLAIN: u32 = 1;

let places: u32 = 0;
/** The number of bits of the 32-bit hash that are shifted out. */
export let tableShift: u32 = 0;

export let sensorCount: u32 = 0;

/** Forgets all sensors; the table has slots if `withSlots`. */
export function clearSensors(withSlots: bool): void {
  tableShift = FIRST_SHIFT;
  sensorCount = 0;
  forgetSlots();
  allocateTables(withSlots);
}

function allocateTables(withSlots: bool): void {
  if (withSlots) allocateSlots(size());
  places = allocate(size() * PLACE_SIZE);
}

/** Finds or makes the place of a sensor; returns NO_MEMORY or NOT_PLAIN if it cannot be made. */
export function findPlace(name: u32, length: u32): u32 {
  const hash = hashOf(name, length);
  const home = hash >> tableShift;
  let place = placeAt(home, 0);
  let step: u32 = 0;
  for (let sensor = load<u32>(place); sensor != 0; sensor = load<u32>(place)) {
    if (hasHash(place, hash) && load<u32>(sensor) == length && isNamed(sensor + SENSOR_NAME, name, length))
      return isKnownPlain(place, name, length) ? place : NOT_PLAIN;
    place = placeAt(home, ++step);
  }
  if (length > LONGEST_NAME || !isText(name, length) || isPadded(name, length)) return NOT_PLAIN;
  if (checksNames && !isPlain(name, length)) return NOT_PLAIN;
  // Enough for the name, for tables of twice the size, and for a group.
  const tables = u64(size()) * 2 * (slots != 0 ? PLACE_SIZE + SLOT_SIZE : PLACE_SIZE);
  if (!reserve(u64(length) + 256 + tables + groupNeeds())) return NO_MEMORY;
  const sensor = allocateAt(SENSOR_NAME + length, SENSOR_ALIGNMENT);
  store<u32>(sensor, length);
  memory.copy(sensor + SENSOR_NAME, name, length);
  store<u32>(place, sensor, PLACE_SENSOR);
  store<u32>(place, (hash & ~1) | u32(checksNames), PLACE_HASH);
  const start = min(length, LONGEST_QUICK);
  if (slots != 0) describeSlot(slotOf(place), headOf(name, start), tailOf(name, start), length);
  sensorCount++;
  const isFull = sensorCount * (isLarge() ? 2 : 8) > size();
  const isCrowded = step > 1 && size() < VERY_SMALL && sensorCount * 64 > size();
  return isFull || isCrowded ? grow(place) : place;
}

/** Doubles the tables; returns the new address of a place. */
function grow(place: u32): u32 {
  const oldPlaces = places;
  const oldSlots = slots;
  const count = size();
  tableShift--;
  allocateTables(oldSlots != 0);
  let moved = place;
  for (let index: u32 = 0; index < count; index++) {
    const from = oldPlaces + index * PLACE_SIZE;
    if (load<u32>(from) == 0) continue;
    const home = load<u32>(from, PLACE_HASH) >> tableShift;
    let to = placeAt(home, 0);
    for (let step: u32 = 1; load<u32>(to) != 0; step++) to = placeAt(home, step);
    store<u64>(to, load<u64>(from));
    if (oldSlots != 0) memory.copy(slotOf(to), oldSlots + index * SLOT_SIZE, SLOT_SIZE);
    if (from == place) moved = to;
  }
  if (oldSlots != 0) release(oldSlots, count * SLOT_SIZE);
  release(oldPlaces, count * PLACE_SIZE);
  return moved;
}

/** Gives the memory of both tables back: no sensor can be found afterwards. All slots must be settled. */
export function releaseTables(): void {
  release(places, size() * PLACE_SIZE);
  releaseSlots();
}

/** The place for a step of the probe sequence: both of a pair, then the next pair. `home` is the upper bits of the hash. */
@inline
export function placeAt(home: u32, step: u32): u32 {
  const index = ((home ^ (step & 1)) + (step & ~1)) & (size() - 1);
  return places + index * PLACE_SIZE;
}

/** The first place to probe for this hash. */
@inline
export function likelyPlace(hash: u32): u32 {
  return placeAt(hash >> tableShift, 0);
}

/** The record at the likely place of this hash or its pair; another record, or 0, if the sensor is elsewhere. */
@inline
export function likelySensor(hash: u32): u32 {
  const place = likelyPlace(hash);
  return load<u32>(hasHash(place, hash) ? place : place ^ PLACE_SIZE);
}

@inline
function hasHash(place: u32, hash: u32): bool {
  return (load<u32>(place, PLACE_HASH) ^ hash) < 2;
}

/** Whether the table exceeds the caches of most processors. */
@inline
export function isLarge(): bool {
  return size() > SMALL;
}

/** Whether another batch of new names could make the table too large for slots. */
@inline
export function mayOutgrowSlots(): bool {
  return size() >= MAX_WITH_SLOTS && (sensorCount + MAX_READINGS) * 2 > size();
}

/** The number of places, used or not. */
@inline
function size(): u32 {
  return 1 << (32 - tableShift);
}

/** The slot of a place, if there are slots. */
@inline
export function slotOf(place: u32): u32 {
  return slots + (place - places) * (SLOT_SIZE / PLACE_SIZE);
}

/** The sensor of a slot; 0 for none. */
@inline
export function sensorOf(slot: u32): u32 {
  return load<u32>(places + ((slot - slots) / (SLOT_SIZE / PLACE_SIZE)));
}

function isKnownPlain(place: u32, name: u32, length: u32): bool {
  const hash = load<u32>(place, PLACE_HASH);
  if (!checksNames || (hash & 1) != 0) return true;
  if (!isPlain(name, length)) return false;
  store<u32>(place, hash | 1, PLACE_HASH);
  return true;
}
