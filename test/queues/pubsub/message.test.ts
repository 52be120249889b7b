import { expect, it } from 'vitest';
import { fromPubsub, MAX_BYTES, toPubsub, unfit } from '../../../src/queues/pubsub/message.ts';
import type { Message } from '../../../src/queues/queue.ts';

const stored = { messageId: '7', publishTime: { seconds: 1_800_000_000, nanos: 123_456_789 } };

it.each<Message>([
  { body: Buffer.of(0, 255, 10) },
  { body: Buffer.from('x'), key: 'ä', headers: { a: 'b' } },
  { body: Buffer.alloc(0) },
  { body: Buffer.alloc(0), headers: { a: '' } },
])('comes back as it was put: %j', (message) => {
  const there = toPubsub(message);
  expect(fromPubsub({ ...there, ...stored })).toEqual({
    ...message,
    ...{ sequence: undefined, messageId: '7', time: 1_800_000_000_123 },
  });
});

it('is never without bytes and attributes, which Pub/Sub does not take', () => {
  expect(toPubsub({ body: Buffer.alloc(0), key: 'k' }).attributes).toEqual({ 'etl-empty': 'true' });
});

it.each<[string, Message]>([
  ['too long', { body: Buffer.alloc(MAX_BYTES) }],
  ['with a long key', { body: Buffer.alloc(1), key: 'ä'.repeat(513) }],
  ['with bad headers', { body: Buffer.alloc(1), headers: { 'goog-x': '' } }],
  ['with bad headers', { body: Buffer.alloc(1), headers: { a: 'x'.repeat(1025) } }],
  [
    'with bad headers',
    {
      body: Buffer.alloc(1),
      headers: Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`h${at}`, ''])),
    },
  ],
])('is never taken %s', (kind, message) => {
  expect(unfit(message)).toMatchObject({ kind });
});

it('is taken when it is nearly too long', () => {
  expect(unfit({ body: Buffer.alloc(MAX_BYTES - 2000), key: 'ä'.repeat(512) })).toBeUndefined();
});
