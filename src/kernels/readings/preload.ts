// Touches the sensors and groups of a whole batch before its readings are counted, if there are too many for the caches.
//
// Each reading waits for memory three times, for the place, the sensor and the group, each time for an address that came
// with the one before. Here readings do not wait for each other, so that the processor fetches many at once.

import { GROUP_BEFORE, GROUP_SENSOR, groupSize } from './groups';
import { BATCH } from './layout';
import { READING_LENGTH, READING_NAME, READING_SIZE } from './read-batch';
import { hashOf } from './sensor-names';
import { likelyPlace, likelySensor, SENSOR_GROUP, SENSOR_NAME } from './sensors';

/** The hash of its name, in the bytes of a reading that nothing else uses. */
const READING_HASH: u32 = 28;
/** Size in bytes of a cache line. */
const LINE: u32 = 64;

/** What was loaded is used, lest the compiler leave it out. */
let seen: u32 = 0;

/** How many groups are looked at before their turn. */
const AHEAD: u32 = 64;

/** Loads what is needed to find the groups of this kernel to which the next ones of a block that has moved are to be added. */
export function preloadSensors(first: u32, moved: u32): void {
  let sum: u32 = 0;
  for (let from = first, ahead: u32 = 0; from != 0 && ahead < AHEAD; ahead++) {
    const group = from + moved;
    const sensor = load<u32>(group, GROUP_SENSOR) + moved;
    store<u32>(sensor, hashOf(sensor + SENSOR_NAME, load<u32>(sensor)), SENSOR_GROUP);
    sum += load<u32>(likelyPlace(load<u32>(sensor, SENSOR_GROUP)));
    from = load<u32>(group, GROUP_BEFORE);
  }
  for (let from = first, ahead: u32 = 0; from != 0 && ahead < AHEAD; ahead++) {
    const group = from + moved;
    const sensor = load<u32>(group, GROUP_SENSOR) + moved;
    sum += load<u32>(likelySensor(load<u32>(sensor, SENSOR_GROUP)), SENSOR_NAME);
    from = load<u32>(group, GROUP_BEFORE);
  }
  seen = sum;
}

/** Loads the groups to which the next ones of a block are to be added, which these name instead of their sensors. */
export function preloadTargets(first: u32, moved: u32): void {
  const second = secondLine();
  let sum: u32 = 0;
  for (let from = first, ahead: u32 = 0; from != 0 && ahead < AHEAD; ahead++) {
    const target = load<u32>(from + moved, GROUP_SENSOR);
    sum += load<u32>(target) + load<u32>(target + second);
    from = load<u32>(from + moved, GROUP_BEFORE);
  }
  seen = sum;
}

/** Loads the next groups of a list of their addresses, u32 each, which ends at `end`; returns the address behind the last of them. */
export function preloadListed(list: u32, end: u32): u32 {
  const last = min(end, list + AHEAD * 4);
  const second = secondLine();
  let sum: u32 = 0;
  for (let at = list; at < last; at += 4) {
    const group = load<u32>(at);
    sum += load<u32>(group) + load<u32>(group + second);
  }
  for (let at = list; at < last; at += 4) sum += load<u32>(load<u32>(load<u32>(at), GROUP_SENSOR));
  seen = sum;
  return last;
}

/** Whether so many groups have had their turn since the last look ahead that another one is due. */
@inline
export function isDue(added: u32): bool {
  return added % AHEAD == 0;
}

/** Loads what the first `count` readings of the batch will need, where it mostly is. */
export function preload(count: u32): void {
  const end = BATCH + count * READING_SIZE;
  const second = secondLine();
  let sum: u32 = 0;
  for (let reading = BATCH; reading < end; reading += READING_SIZE) {
    const hash = hashOf(load<u32>(reading, READING_NAME), load<u32>(reading, READING_LENGTH));
    store<u32>(reading, hash, READING_HASH);
    sum += load<u32>(likelyPlace(hash));
  }
  for (let reading = BATCH; reading < end; reading += READING_SIZE)
    sum += load<u32>(likelySensor(load<u32>(reading, READING_HASH)), SENSOR_GROUP);
  for (let reading = BATCH; reading < end; reading += READING_SIZE) {
    const group = load<u32>(likelySensor(load<u32>(reading, READING_HASH)), SENSOR_GROUP);
    sum += load<u32>(group) + load<u32>(group + second);
  }
  seen = sum;
}

/** The offset in a group of its second cache line, or of its end if that is in the first or the second. */
@inline
function secondLine(): u32 {
  return min(LINE, groupSize - 4);
}
