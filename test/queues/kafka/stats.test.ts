/** Looking at a topic while others put into it, without a broker. */

import { expect, it, vi } from 'vitest';
import { parseKafkaAddress } from '../../../src/queues/kafka/address.ts';
import { Cluster } from '../../../src/queues/kafka/cluster.ts';
import { peekTopic } from '../../../src/queues/kafka/stats.ts';

const leader = { host: 'h', port: 1 };
const partition = { leader, replicas: 1, inSync: 1 };

vi.mock('../../../src/queues/kafka/offsets.ts', async (original) => ({
  ...(await original<object>()),
  offsetsAt: async (_cluster: unknown, _topic: unknown, all: readonly number[], position: string) =>
    new Map(all.map((each) => [each, position === 'end' ? 1 : 0])),
}));
vi.mock('../../../src/queues/kafka/fetch.ts', () => ({
  fetchMessages: async (_c: unknown, _l: unknown, _t: unknown, [{ partition, offset }]: [Wanted]) => {
    const messages = [0, 1].map((sequence) => ({ sequence, time: 0, body: Buffer.from(`${partition}`) }));
    return [{ partition, errorCode: 0, messages: messages.slice(offset), next: 2, end: 2 }];
  },
}));
interface Wanted {
  readonly partition: number;
  readonly offset: number;
}

it('shows all partitions, though messages are put into the first one meanwhile', async () => {
  const cluster = new Cluster(parseKafkaAddress('kafka://h/t'), {
    ...{ waitMs: 0, signal: new AbortController().signal, env: {}, now: () => 0 },
    ...{ warn: () => {}, explain: () => {} },
  });
  vi.spyOn(cluster, 'topic').mockResolvedValue({ name: 't', id: 'x', partitions: [partition, partition] });
  const shown = [];
  for await (const { message } of peekTopic(cluster, undefined)) shown.push(String(message.body));
  expect(shown).toEqual(['0', '1']);
});
