// A slot collects the short values of one sensor, all of one scale and in one pane. They are settled, that is, added to the
// group of that sensor and pane, when the scale or pane changes, and before groups are read.

import { powerOfTen } from './read-decimal';
import { addMany } from './group';
import { groupFor, paneOfGroup } from './groups';
import { hashVectors } from './keyed-hash';
import { headOf, LONGEST_QUICK, tailOf } from './sensor-names';
import {
  findPlace,
  mayOutgrowSlots,
  NO_MEMORY,
  NOT_PLAIN,
  PLACE_SENSOR,
  placeAt,
  SENSOR_GROUP,
  sensorOf,
  slotOf,
  tableShift,
} from './sensors';
import {
  fullKindOf,
  isSlotOf,
  kindOf,
  releaseSlots,
  SLOT_COLLECTED,
  SLOT_KIND,
  SLOT_SIZE,
  slots,
  slotsEnd,
} from './slot-table';

const SLOT_PANE: u32 = SLOT_COLLECTED;
const SLOT_SUM: u32 = SLOT_COLLECTED + 8;
const SLOT_COUNT: u32 = SLOT_COLLECTED + 16;
const SLOT_MIN: u32 = SLOT_COLLECTED + 20;
const SLOT_MAX: u32 = SLOT_COLLECTED + 24;

/** The pane that a slot collects for. */
@inline
export function paneOf(slot: u32): f64 {
  return load<f64>(slot, SLOT_PANE);
}

@inline
export function collect(slot: u32, units: i32): void {
  store<u32>(slot, load<u32>(slot, SLOT_COUNT) + 1, SLOT_COUNT);
  store<i64>(slot, load<i64>(slot, SLOT_SUM) + i64(units), SLOT_SUM);
  if (units < load<i32>(slot, SLOT_MIN)) store<i32>(slot, units, SLOT_MIN);
  if (units > load<i32>(slot, SLOT_MAX)) store<i32>(slot, units, SLOT_MAX);
}

/** Adds a value of another scale: to the slot if it changes neither minimum nor maximum there, otherwise to its group. */
export function collectOther(slot: u32, units: i32, scale: i32, usualScale: i32): void {
  if (scale < usualScale) {
    const aligned = i64(units) * powerOfTen(usualScale - scale);
    if (aligned >= i64(load<i32>(slot, SLOT_MIN)) && aligned <= i64(load<i32>(slot, SLOT_MAX))) {
      store<u32>(slot, load<u32>(slot, SLOT_COUNT) + 1, SLOT_COUNT);
      store<i64>(slot, load<i64>(slot, SLOT_SUM) + aligned, SLOT_SUM);
      return;
    }
  }
  addMany(load<u32>(sensorOf(slot), SENSOR_GROUP), scale, 1, units, units, units);
}

/** The slot of a plain name, ready to collect values of this pane and scale; NO_MEMORY or NOT_PLAIN if there is none. */
export function slotFor(name: u32, length: u32, pane: f64, scale: u32): u32 {
  const ready = readySlot(name, length, pane, kindOf(length, scale));
  if (ready != 0) return ready;
  const place = findPlace(name, length);
  if (place <= NOT_PLAIN) return place;
  if (turnTo(place, pane) == 0) return NO_MEMORY;
  const slot = slotOf(place);
  const kind = fullKindOf(length, scale);
  if (load<u32>(slot, SLOT_KIND) != kind) {
    settle(slot);
    begin(slot);
    store<u32>(slot, kind, SLOT_KIND);
  }
  return slot;
}

/** The slot of a name with this kind and pane, found without touching other memory; 0 if there is none. */
function readySlot(name: u32, length: u32, pane: f64, kind: u32): u32 {
  if (length > LONGEST_QUICK) return 0;
  const head = headOf(name, length);
  const tail = tailOf(name, length);
  const home = u32(hashVectors(head, tail) >> 32) >> tableShift;
  let slot = slotOf(placeAt(home, 0));
  for (let step: u32 = 1; load<u32>(slot, SLOT_KIND) != 0; step++) {
    if (isSlotOf(slot, head, tail, kind)) return paneOf(slot) == pane ? slot : 0;
    slot = slotOf(placeAt(home, step));
  }
  return 0;
}

/** Finds or makes the group of a sensor in a pane; returns NO_MEMORY or NOT_PLAIN if it cannot be made. */
export function groupOf(name: u32, length: u32, pane: f64): u32 {
  const place = findPlace(name, length);
  return place <= NOT_PLAIN ? place : turnTo(place, pane);
}

export function settleAll(): void {
  // Most are empty, and until this code is optimised a call for each would dominate.
  for (let slot = slots; slot < slotsEnd; slot += SLOT_SIZE) if (load<u32>(slot, SLOT_COUNT) != 0) settle(slot);
}

/** Settles and removes all slots if another batch of new names could make the table too large for them. */
export function dropOutgrownSlots(): void {
  if (slots == 0 || !mayOutgrowSlots()) return;
  settleAll();
  releaseSlots();
}

function settle(slot: u32): void {
  const count = load<u32>(slot, SLOT_COUNT);
  if (count == 0) return;
  const group = load<u32>(sensorOf(slot), SENSOR_GROUP);
  const scale = i32(load<u8>(slot, SLOT_KIND));
  addMany(group, scale, count, load<i64>(slot, SLOT_SUM), load<i32>(slot, SLOT_MIN), load<i32>(slot, SLOT_MAX));
  begin(slot);
}

function begin(slot: u32): void {
  store<i64>(slot, 0, SLOT_SUM);
  store<u32>(slot, 0, SLOT_COUNT);
  store<i32>(slot, i32.MAX_VALUE, SLOT_MIN);
  store<i32>(slot, i32.MIN_VALUE, SLOT_MAX);
}

/** Makes a pane the current one of a sensor and its slot; returns the group there, 0 if memory runs out. */
function turnTo(place: u32, pane: f64): u32 {
  const sensor = load<u32>(place, PLACE_SENSOR);
  const known = load<u32>(sensor, SENSOR_GROUP);
  if (known != 0 && paneOfGroup(known) == pane) return known;
  if (slots != 0) settle(slotOf(place));
  const group = groupFor(sensor, pane);
  if (group == 0) return 0;
  if (slots != 0) store<f64>(slotOf(place), pane, SLOT_PANE);
  store<u32>(sensor, group, SENSOR_GROUP);
  return group;
}
