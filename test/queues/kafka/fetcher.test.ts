/** What is asked for, without a broker. */

import { beforeEach, expect, it, vi } from 'vitest';
import { Bell } from '../../../src/async/bell.ts';
import { parseKafkaAddress } from '../../../src/queues/kafka/address.ts';
import { Cluster } from '../../../src/queues/kafka/cluster.ts';
import type { Wanted } from '../../../src/queues/kafka/fetch.ts';
import { Fetcher } from '../../../src/queues/kafka/fetcher.ts';
import { Lane } from '../../../src/queues/kafka/lane.ts';

const asked = vi.hoisted((): number[] => []);
/** Error codes of partitions, as the broker answers. */
const answered = vi.hoisted(() => new Map<number, number>());
vi.mock('../../../src/queues/kafka/fetch.ts', () => ({
  MAX_BYTES: 1 << 20,
  fetchMessages: async (_c: unknown, _l: unknown, _t: unknown, wanted: readonly Wanted[]) => {
    asked.push(...wanted.map(({ partition }) => partition));
    return [...answered].map(([partition, errorCode]) => ({
      ...{ partition, errorCode, next: 1, end: 1 },
      messages: [{ sequence: 0, time: 0, body: Buffer.from('a') }],
    }));
  },
}));

function cluster(): Cluster {
  const made = new Cluster(parseKafkaAddress('kafka://h/t'), {
    ...{ waitMs: 0, signal: new AbortController().signal, env: {}, now: () => 0 },
    ...{ warn: () => {}, explain: () => {} },
  });
  const partition = { leader: { host: 'h', port: 1 }, replicas: 1, inSync: 1 };
  const partitions = [partition, partition, partition];
  vi.spyOn(made, 'topic').mockResolvedValue({ name: 't', id: 'x', partitions });
  return made;
}

/** Of partitions with one message of so many bytes each, of two. */
function lanesOf(...sizes: number[]): Lane[] {
  return sizes.map((size, partition) => {
    const lane = new Lane(partition, 'x', { offset: 0, text: '' });
    if (size > 0) lane.add([{ sequence: 0, time: 0, body: Buffer.alloc(size) }], 0);
    lane.end = 2;
    return lane;
  });
}

function fetcher(): Fetcher {
  return new Fetcher(cluster(), { topic: 't', changed: new Bell(), look: () => {} });
}

beforeEach(() => {
  asked.length = 0;
  answered.clear();
});

it('asks first for the partition of which it has least, so that long messages come from each', async () => {
  fetcher().fill(lanesOf(1, 0), { count: 10, bytes: 100 });
  await expect.poll(() => asked).toEqual([1, 0]);
});

it('completes one batch when memory is full of beginnings of batches: that of which it has most', async () => {
  const lanes = lanesOf(9 << 20, 10 << 20, 8 << 20);
  fetcher().fill(lanes, { count: 10, bytes: 16 << 20 });
  await expect.poll(() => asked).toEqual([1]);
});

it('completes a batch that is larger than all that memory', async () => {
  fetcher().fill(lanesOf(20 << 20, 0), { count: 10, bytes: 64 << 20 });
  await expect.poll(() => asked).toEqual([1, 0]);
});

it('goes on with other partitions when one is refused for now, and counts how long', async () => {
  const lanes = lanesOf(0, 0);
  for (const [partition, errorCode] of [6, 0].entries()) answered.set(partition, errorCode);
  const fetching = fetcher();
  fetching.fill(lanes, { count: 10, bytes: 100 });
  await expect.poll(() => lanes[1]?.buffered.count).toBe(1);
  expect(lanes.map(({ trouble }) => trouble?.failure.status)).toEqual([75, undefined]);
  expect([fetching.failureOf(lanes), fetching.failureOf(lanes.slice(0, 1))?.status]).toEqual([undefined, 75]);
  const since = lanes[0]?.trouble?.sinceMs;
  const triedMs = () => {
    fetching.fill(lanes, { count: 10, bytes: 100 });
    return lanes[0]?.trouble?.triedMs;
  };
  await expect.poll(triedMs).toBeGreaterThan(since ?? 0);
  expect(lanes[0]?.trouble?.sinceMs).toBe(since);
});
