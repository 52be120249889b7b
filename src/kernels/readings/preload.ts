// Looks at the slots and groups of a whole batch before its readings are counted, when there are too many for the caches.
//
// Each reading waits for memory three times, for the slot, its rest and the group, and each wait is for an address that
// the one before has told. Here the readings do not wait for each other, so that the processor fetches many at once.

import { GROUP_BEFORE, GROUP_SENSOR } from './groups';
import { BATCH } from './layout';
import { READING_LENGTH, READING_NAME, READING_SIZE } from './read-batch';
import { headOf, LONGEST_QUICK, tailOf } from './sensor-names';
import { likelyShift, likelySlot, REST_GROUP, restOf, SENSOR_NAME, SLOT_KIND, slots } from './sensors';

/** A group's address, in the bytes of a reading that nothing else uses. */
const READING_GROUP: u32 = 28;
/** Size in bytes of a cache line. */
const LINE: u32 = 64;

/** What was loaded is used, lest the compiler leave it out. */
let seen: u32 = 0;

/** How many groups of a block are looked at before they are added. */
const AHEAD: u32 = 64;

/** Loads what is needed to find the groups of this kernel to which the next ones of a block that has moved are to be added. */
export function preloadSlots(first: u32, moved: u32): void {
  const table = slots;
  const shift = likelyShift();
  let sum: u32 = 0;
  for (let from = first, ahead: u32 = 0; from != 0 && ahead < AHEAD; ahead++) {
    const group = from + moved;
    const sensor = load<u32>(group, GROUP_SENSOR) + moved;
    const length = min(load<u32>(sensor), LONGEST_QUICK);
    const name = sensor + SENSOR_NAME;
    const slot = likelySlot(table, shift, headOf(name, length), tailOf(name, length));
    sum += load<u32>(slot, SLOT_KIND) + load<u32>(restOf(slot), REST_GROUP);
    from = load<u32>(group, GROUP_BEFORE);
  }
  seen = sum;
}

/** Loads the groups to which the next ones of a block are to be added, which these name instead of their sensors. */
export function preloadTargets(first: u32, moved: u32): void {
  let sum: u32 = 0;
  for (let from = first, ahead: u32 = 0; from != 0 && ahead < AHEAD; ahead++) {
    const target = load<u32>(from + moved, GROUP_SENSOR);
    sum += load<u32>(target) + load<u32>(target + LINE);
    from = load<u32>(from + moved, GROUP_BEFORE);
  }
  seen = sum;
}

/** Whether so many groups were added since the last look ahead that another one is due. */
@inline
export function isDue(added: u32): bool {
  return added % AHEAD == 0;
}

/** Loads what the first `count` readings of the batch will need, where it mostly is. */
export function preload(count: u32): void {
  const end = BATCH + count * READING_SIZE;
  const table = slots;
  const shift = likelyShift();
  let sum: u32 = 0;
  for (let reading = BATCH; reading < end; reading += READING_SIZE) {
    const name = load<u32>(reading, READING_NAME);
    const length = min(load<u32>(reading, READING_LENGTH), LONGEST_QUICK);
    const slot = likelySlot(table, shift, headOf(name, length), tailOf(name, length));
    sum += load<u32>(slot, SLOT_KIND);
    store<u32>(reading, load<u32>(restOf(slot), REST_GROUP), READING_GROUP);
  }
  for (let reading = BATCH; reading < end; reading += READING_SIZE) {
    const group = load<u32>(reading, READING_GROUP);
    sum += load<u32>(group) + load<u32>(group + LINE);
  }
  seen = sum;
}
