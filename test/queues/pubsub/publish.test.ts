import { expect, it } from 'vitest';
import { Failure, status } from '../../../src/failure.ts';
import { publishAll } from '../../../src/queues/pubsub/publish.ts';
import type { Message } from '../../../src/queues/queue.ts';

function message(text: string, key?: string): Message {
  return { body: Buffer.from(text), ...(key !== undefined && { key }) };
}

/** What is asked of Pub/Sub, as texts; fails where a message is `bad`. */
function recorder() {
  const requests: string[][] = [];
  const publish = async (part: Parameters<Parameters<typeof publishAll>[1]>[0]) => {
    const texts = part.map(({ data }) => String(data));
    if (texts.includes('bad')) throw new Failure(status.temporary, 'away');
    requests.push(texts);
  };
  return { requests, publish };
}

it('puts the messages of each key in requests of their own, in order', async () => {
  const { requests, publish } = recorder();
  await publishAll([message('a1', 'a'), message('x'), message('b1', 'b'), message('a2', 'a')], publish);
  expect(requests).toEqual([['a1', 'a2'], ['x'], ['b1']]);
});

it('cuts requests of 1000 messages, and of 10 MB', async () => {
  const { requests, publish } = recorder();
  await publishAll(
    Array.from({ length: 2001 }, (_, at) => message(`${at}`)),
    publish,
  );
  expect(requests.map(({ length }) => length)).toEqual([1000, 1000, 1]);
  requests.length = 0;
  await publishAll(
    Array.from({ length: 5 }, () => ({ body: Buffer.alloc(4_000_000) })),
    publish,
  );
  expect(requests.map(({ length }) => length)).toEqual([2, 2, 1]);
});

it('says how many of the first messages are stored, and puts none before one that is not', async () => {
  const { requests, publish } = recorder();
  const messages = [message('a1', 'a'), message('bad', 'b'), message('c1', 'c')];
  await expect(publishAll(messages, publish)).rejects.toMatchObject({ status: 75, stored: 1 });
  expect(requests).toContainEqual(['a1']);
});
