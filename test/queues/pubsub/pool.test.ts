import { expect, it } from 'vitest';
import type { Taken } from '../../../src/queues/pubsub/leases.ts';
import { Pool } from '../../../src/queues/pubsub/pool.ts';

function taken(text: string, key?: string): Taken {
  const message = {
    sequence: undefined,
    time: 0,
    body: Buffer.from(text),
    ...(key !== undefined && { key }),
  };
  return { message, ackId: text, since: 0 };
}

function texts(messages: readonly Taken[]): string[] {
  return messages.map(({ message }) => message.body.toString());
}

const most = { count: 10, bytes: 1000 };

it('gives batches within the limits; a longer message alone', () => {
  const pool = new Pool();
  pool.add(['aaaa', 'bb', 'c', 'dddddddd', 'e'].map((text) => taken(text)));
  expect(pool.look({ count: 2, bytes: 1000 })).toEqual({ ready: 2, isFull: true });
  expect(texts(pool.take({ count: 1, bytes: 1 }))).toEqual(['aaaa']);
  expect(texts(pool.take({ count: 10, bytes: 3 }))).toEqual(['bb', 'c']);
  expect(texts(pool.take({ count: 10, bytes: 3 }))).toEqual(['dddddddd']);
  expect(pool.look(most)).toEqual({ ready: 1, isFull: false });
});

it('lets messages wait while a batch has others of their key', () => {
  const pool = new Pool();
  pool.add([taken('a1', 'a'), taken('a2', 'a'), taken('b1', 'b')]);
  const first = pool.take({ count: 1, bytes: 1000 });
  expect(texts(pool.take(most))).toEqual(['b1']);
  expect(pool.look(most)).toEqual({ ready: 0, isFull: false });
  pool.free(first);
  expect(texts(pool.take(most))).toEqual(['a2']);
  expect(pool.isEmpty).toBe(true);
});

it('drops what is no longer ours', () => {
  const pool = new Pool();
  pool.add([taken('a'), taken('b')]);
  pool.drop(({ ackId }) => ackId === 'a');
  expect(texts(pool.take(most))).toEqual(['b']);
});
