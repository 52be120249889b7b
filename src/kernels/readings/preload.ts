// Looks at the slots and groups of a whole batch before its readings are counted, when there are too many for the caches.
//
// Each reading waits for memory three times, for the slot, its rest and the group, and each wait is for an address that
// the one before has told. Here the readings do not wait for each other, so that the processor fetches many at once.

import { BATCH } from './layout';
import { READING_LENGTH, READING_NAME, READING_SIZE } from './read-batch';
import { headOf, LONGEST_QUICK, tailOf } from './sensor-names';
import { likelyShift, likelySlot, REST_GROUP, restOf, SLOT_KIND, slots } from './sensors';

/** A group's address, in the bytes of a reading that nothing else uses. */
const READING_GROUP: u32 = 28;
/** Size in bytes of a cache line. */
const LINE: u32 = 64;

/** What was loaded is used, lest the compiler leave it out. */
let seen: u32 = 0;

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
