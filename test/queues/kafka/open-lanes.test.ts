/** Where a group begins, without a broker. */

import { expect, it, vi } from 'vitest';
import { parseKafkaAddress } from '../../../src/queues/kafka/address.ts';
import { Cluster } from '../../../src/queues/kafka/cluster.ts';
import { openLanes } from '../../../src/queues/kafka/open-lanes.ts';

vi.mock('../../../src/queues/kafka/offsets.ts', async (original) => ({
  ...(await original<object>()),
  committedOffsets: async () => new Map([[0, { partition: 0, offset: 3, text: '' }]]),
  offsetsAt: async (_cluster: unknown, _topic: unknown, all: readonly number[], position: string) =>
    new Map(all.map((each) => [each, position === 'end' ? 9 : 0])),
}));

it('takes all of partitions that were added since a group began at the end', async () => {
  const cluster = new Cluster(parseKafkaAddress('kafka://h/t'), {
    ...{ waitMs: 0, signal: new AbortController().signal, env: {}, now: () => 0 },
    ...{ warn: () => {}, explain: () => {} },
  });
  const partition = { leader: { host: 'h', port: 1 }, replicas: 1, inSync: 1 };
  const partitions = [partition, partition, partition];
  vi.spyOn(cluster, 'topic').mockResolvedValue({ name: 't', id: 'x', partitions });
  const offsets = async (partitionCount?: number) => {
    const { lanes } = await openLanes(cluster, { group: 'g', from: 'end', partitionCount }, [0, 1, 2]);
    return lanes.map(({ fetchOffset }) => fetchOffset);
  };
  expect(await offsets()).toEqual([3, 9, 9]);
  expect(await offsets(2)).toEqual([3, 9, 0]);
});

it('leaves out new partitions without a leader, unless none has one', async () => {
  const cluster = new Cluster(parseKafkaAddress('kafka://h/t'), {
    ...{ waitMs: 0, signal: new AbortController().signal, env: {}, now: () => 0 },
    ...{ warn: () => {}, explain: () => {} },
  });
  const [replicas, inSync] = [1, 0];
  const there = { leader: { host: 'h', port: 1 }, replicas, inSync };
  const partitions = [
    { leader: undefined, replicas, inSync },
    there,
    { leader: undefined, replicas, inSync },
  ];
  vi.spyOn(cluster, 'topic').mockResolvedValue({ name: 't', id: 'x', partitions });
  const { lanes, away } = await openLanes(cluster, { group: 'g', from: 'beginning' }, [0, 1, 2]);
  expect([lanes.map(({ partition }) => partition), away]).toEqual([[0, 1], [2]]);
  const later = await openLanes(cluster, { group: 'g', from: 'beginning', hasOpen: true }, [2]);
  expect([later.lanes, later.away]).toEqual([[], [2]]);
});
