/** Where messages go, without a broker. */

import { expect, it, vi } from 'vitest';
import { parseKafkaAddress } from '../../../src/queues/kafka/address.ts';
import { Cluster } from '../../../src/queues/kafka/cluster.ts';
import type { Sent } from '../../../src/queues/kafka/produce.ts';
import { Producer } from '../../../src/queues/kafka/producer.ts';

const sent = vi.hoisted((): number[] => []);
vi.mock('../../../src/queues/kafka/produce.ts', () => ({
  produce: async (_cluster: unknown, _name: string, all: readonly Sent[]) => {
    for (const each of all) {
      each.isStored = true;
      sent.push(each.batch.partition);
    }
  },
}));

it('puts dead letters of partitions that their topic lacks into one that it has', async () => {
  const cluster = new Cluster(parseKafkaAddress('kafka://h/t'), {
    ...{ waitMs: 0, signal: new AbortController().signal, env: {}, now: () => 0 },
    ...{ warn: () => {}, explain: () => {} },
  });
  const partition = { leader: undefined, replicas: 1, inSync: 1 };
  vi.spyOn(cluster, 'topic').mockResolvedValue({ name: 't', id: 'x', partitions: [partition, partition] });
  vi.spyOn(cluster, 'call').mockResolvedValue({ producerId: 1n, producerEpoch: 0 });
  const none = { bitmask: 0, compressSync: (bytes: Buffer) => bytes };
  vi.spyOn(cluster, 'library').mockResolvedValue({ compressionsAlgorithms: { none } } as never);
  const producer = new Producer(cluster, 't.dead');
  await producer.put([{ body: Buffer.from('a') }], 1);
  await producer.put([{ body: Buffer.from('b') }], 5);
  expect(sent).toEqual([1, 1]);
});
