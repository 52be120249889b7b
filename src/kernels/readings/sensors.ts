// Sensors by name: a hash table with open addressing and linear probing, which grows by doubling.
//
// A place in the table is eight bytes: the hash of the name, and the address of the sensor's record. While the table is
// small, and the fast path may be taken, each place has a slot beside it: see `slot-table.ts`.

import { allocate, allocateAt, release, reserve } from './heap';
import { groupNeeds } from './groups';
import { MOST_READINGS } from './layout';
import { hashOf, headOf, isPadded, isPlain, isText, LONGEST_QUICK, isNamed, tailOf } from './sensor-names';
import { checksNames } from './shape';
import { allocateSlots, describeSlot, forgetSlots, releaseSlots, SLOT_SIZE, slots } from './slot-table';

/** The record of the sensor; 0 in an empty place. */
export const PLACE_SENSOR: u32 = 0;
/** The hash of its name, but for the lowest bit, which says whether the name is known to be plain. */
const PLACE_HASH: u32 = 4;
const PLACE_SIZE: u32 = 8;

/** In bytes, as in `src/lines/limits.ts`. */
const LONGEST_NAME: u32 = 1 << 16;

/**
 * A sensor's record is the length of its name, u32, another u32, and the name. The other is the group that was asked for
 * last, 0 for none; once all sensors are sorted, the sensor's place among them.
 */
export const SENSOR_GROUP: u32 = 4;
export const SENSOR_RANK: u32 = 4;
export const SENSOR_NAME: u32 = 8;
const SENSOR_ALIGNMENT: u32 = 4;

const FIRST_SHIFT: u32 = 23;
/**
 * A small table has at least eight places for each name, so that most names are in the first place looked at; a larger one
 * has two. A very small one also grows when a name does not fit into its pair.
 */
const SMALL: u32 = 1 << 17;
const VERY_SMALL: u32 = 1 << 14;
/** With more places than this, slots take more time than they save. */
const MOST_WITH_SLOTS: u32 = 1 << 18;

/** Instead of an address: there is no memory for a new sensor; the name has a delimiter, a quote or padding. */
export const NO_MEMORY: u32 = 0;
export const NOT_PLAIN: u32 = 1;

let places: u32 = 0;
/** How many bits of a hash, of 32, are not used. */
export let tableShift: u32 = 0;

/** The number of sensors. */
export let sensorCount: u32 = 0;

/** Forgets all sensors; the table has slots if they are wanted. */
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

/** The place of a sensor, made if it is new; NO_MEMORY or NOT_PLAIN if it cannot be. */
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
  // Enough for the name, the tables twice as large, and a group.
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

/** Makes the tables twice as large; returns the new address of a place. */
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

/** Where a name is looked for at a step of the search: in both places of a pair, then of the next pair. `home` is its hash without the lower bits. */
@inline
export function placeAt(home: u32, step: u32): u32 {
  const index = ((home ^ (step & 1)) + (step & ~1)) & (size() - 1);
  return places + index * PLACE_SIZE;
}

/** The place where the sensor with a name of this hash mostly is, if there is one. */
@inline
export function likelyPlace(hash: u32): u32 {
  return placeAt(hash >> tableShift, 0);
}

/** The record of the sensor with a name of this hash, where it mostly is; another one, or 0, where it is not there. */
@inline
export function likelySensor(hash: u32): u32 {
  const place = likelyPlace(hash);
  return load<u32>(hasHash(place, hash) ? place : place ^ PLACE_SIZE);
}

@inline
function hasHash(place: u32, hash: u32): bool {
  return (load<u32>(place, PLACE_HASH) ^ hash) < 2;
}

/** Whether the table is larger than the caches of most processors. */
@inline
export function isLarge(): bool {
  return size() > SMALL;
}

/** Whether one more batch of new names could make the table too large for slots. */
@inline
export function mayOutgrowSlots(): bool {
  return size() >= MOST_WITH_SLOTS && (sensorCount + MOST_READINGS) * 2 > size();
}

/** The number of places, used or not. */
@inline
function size(): u32 {
  return 1 << (32 - tableShift);
}

/** The slot beside a place, if there are slots. */
@inline
export function slotOf(place: u32): u32 {
  return slots + (place - places) * (SLOT_SIZE / PLACE_SIZE);
}

/** The sensor whose slot it is; 0 for none. */
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
