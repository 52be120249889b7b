// Touches the sensors and groups of a whole batch before its readings are counted, if there are too many for the caches.
//
// Each reading misses the cache three times, for the entry in the table, the sensor and the group, and each address depends
// on the previous load. Here readings do not wait for each other, so the processor overlaps their misses.

import { GROUP_BEFORE, GROUP_SENSOR, groupSize } from './groups';
import { BATCH } from './layout';
import { READING_LENGTH, READING_NAME, READING_SIZE } from './read-batch';
import { hashOf } from './sensor-names';
import { likelyPlace, likelySensor, SENSOR_GROUP, SENSOR_NAME } from './sensors';

/** The hash of a reading's name, in bytes that nothing else uses. */
const READING_HASH: u32 = 28;
/** Size in bytes of a cache line. */
const LINE: u32 = 64;

/** A sink for what was loaded, so that the compiler keeps the loads. */
let seen: u32 = 0;

/** The number of groups that are prefetched at a time. */
const AHEAD: u32 = 64;

/** Prefetches what it takes to find the groups of this kernel to which the next groups of a relocated block are added. */
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

/** Prefetches the groups to which the next groups of a block are added; they have replaced the sensors in it. */
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

/** Prefetches the next groups of a list of u32 addresses that ends at `end`; returns the address after the last of them. */
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

/** Whether enough groups have been handled since the last prefetch that another is due. */
@inline
export function isDue(added: u32): bool {
  return added % AHEAD == 0;
}

/** Prefetches what the first `count` readings of the batch will need, at its likely place. */
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

/** The offset in a group of its second cache line, or of its last word if it has none. */
@inline
function secondLine(): u32 {
  return min(LINE, groupSize - 4);
}
