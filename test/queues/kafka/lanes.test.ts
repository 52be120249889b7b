/** From which partition a batch is given, without a broker. */

import { expect, it } from 'vitest';
import { Lane } from '../../../src/queues/kafka/lane.ts';
import { Lanes } from '../../../src/queues/kafka/lanes.ts';

const MiB = 1 << 20;
const patient = { count: 1000, bytes: 16 * MiB, lingerMs: 5000 };

/** Lanes with one message of so many bytes each, and no more to fetch. */
function lanesOf(...sizes: number[]): Lanes {
  const lanes = new Lanes();
  for (const [partition, size] of sizes.entries()) {
    const lane = new Lane(partition, 'topic', { offset: 0, text: '' });
    lane.add([{ sequence: 0, time: 0, body: Buffer.alloc(size) }], 0);
    lane.fetchOffset = lane.end = 1;
    lanes.add(lane);
  }
  return lanes;
}

/** Takes a batch. @returns its partition, or how long to wait */
function take(lanes: Lanes, request: Partial<typeof patient> = {}): number | { partition: number } {
  const next = lanes.next({ ...patient, ...request }, 1000);
  if (typeof next === 'number') return next;
  next.lane.give(next.messages, 1000);
  return { partition: next.lane.partition };
}

it('gives from one partition after the other', () => {
  const lanes = lanesOf(1, 1, 1);
  for (const partition of [0, 1, 2]) expect(take(lanes, { lingerMs: 0 })).toEqual({ partition });
  lanes.all[0]?.add([{ sequence: 1, time: 0, body: Buffer.alloc(1) }], 0);
  expect(take(lanes, { count: 1 })).toEqual({ partition: 0 });
  expect(take(lanes)).toBe(Infinity);
});

it('batches wait for more while memory lasts; then the fullest is given as it is', () => {
  const lanes = lanesOf(6 * MiB, 8 * MiB, 7 * MiB, 4 * MiB);
  expect(take(lanes)).toEqual({ partition: 1 });
  expect(take(lanes)).toBe(4000);
});

it('of one partition a batch may have as much as is asked for', () => {
  expect(take(lanesOf(15 * MiB, 15 * MiB))).toBe(4000);
  expect(take(lanesOf(60 * MiB, 60 * MiB), { bytes: 64 * MiB })).toBe(4000);
});
