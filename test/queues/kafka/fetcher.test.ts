/** What is asked for, without a broker. */

import { expect, it, vi } from 'vitest';
import { Bell } from '../../../src/async/bell.ts';
import { parseKafkaAddress } from '../../../src/queues/kafka/address.ts';
import { Cluster } from '../../../src/queues/kafka/cluster.ts';
import type { Wanted } from '../../../src/queues/kafka/fetch.ts';
import { Fetcher } from '../../../src/queues/kafka/fetcher.ts';
import { Lane } from '../../../src/queues/kafka/lane.ts';

const asked = vi.hoisted((): number[] => []);
vi.mock('../../../src/queues/kafka/fetch.ts', () => ({
  fetchMessages: async (_c: unknown, _l: unknown, _t: unknown, wanted: readonly Wanted[]) => {
    asked.push(...wanted.map(({ partition }) => partition));
    return [];
  },
}));

it('asks first for the partition of which it has least, so that long messages come from each', async () => {
  const cluster = new Cluster(parseKafkaAddress('kafka://h/t'), {
    ...{ waitMs: 0, signal: new AbortController().signal, env: {}, now: () => 0 },
    ...{ warn: () => {}, explain: () => {} },
  });
  const partition = { leader: { host: 'h', port: 1 }, replicas: 1, inSync: 1 };
  const partitions = [partition, partition];
  vi.spyOn(cluster, 'topic').mockResolvedValue({ name: 't', id: 'x', partitions });
  const lanes = [0, 1].map((each) => new Lane(each, 'x', { offset: 0, text: '' }));
  lanes[0]?.add([{ sequence: 0, time: 0, body: Buffer.from('a') }], 0);
  const fetcher = new Fetcher(cluster, { topic: 't', changed: new Bell(), look: () => {} });
  fetcher.fill(lanes, { count: 10, bytes: 100 });
  await vi.waitFor(() => expect(asked).toEqual([1, 0]));
});
