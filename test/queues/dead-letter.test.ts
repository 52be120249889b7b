import { expect, it } from 'vitest';
import { deadLetter, fitting } from '../../src/queues/dead-letter.ts';
import { MAX_BYTES, unfit } from '../../src/queues/pubsub/message.ts';
import type { Message } from '../../src/queues/queue.ts';

const isTaken = (message: Message) => unfit(message) === undefined;

/** As it dies in Pub/Sub. */
function letterOf(length: number, headers: Record<string, string>, stderr = 'why'): Message {
  const message = { sequence: undefined, messageId: '7', time: 0, body: Buffer.alloc(length), headers };
  return deadLetter(message, { tries: 1, status: 65, stderr }, 'default');
}

it('says all that there is room for', () => {
  const letter = letterOf(1, { a: 'b' });
  expect(fitting(letter, isTaken)).toEqual(letter);
});

it('leaves out the words of the command where they are too long', () => {
  // 500 bytes that are not UTF-8 are 1500 when they are shown.
  const letter = letterOf(1, { a: 'b' }, '\ufffd'.repeat(500));
  const { 'dead-stderr': _, ...headers } = letter.headers ?? {};
  expect(fitting(letter, isTaken)).toEqual({ ...letter, headers });
});

it.each([
  ['many headers', 1, Object.fromEntries(Array.from({ length: 97 }, (_, at) => [`h${at}`, '']))],
  ['a long body', MAX_BYTES - 150, { a: 'b' }],
])('is the message as it came where that has %s', (_, length, headers) => {
  const { body, ...others } = fitting(letterOf(length, headers), isTaken) ?? {};
  expect([body?.length, others]).toEqual([length, { headers }]);
});

it('has no headers where the message has none', () => {
  const letter = letterOf(MAX_BYTES - 150, {});
  expect(Object.keys(fitting(letter, isTaken) ?? {})).toEqual(['body']);
});

it('is none where not even the message is taken', () => {
  expect(fitting(letterOf(MAX_BYTES, {}), isTaken)).toBeUndefined();
});
