/** Dead letters in a queue of another engine, which cannot hold every message. */

import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { MAX_BYTES } from '../../src/queues/sqs/message.ts';
import { fakeSqs } from '../queues/sqs/fake-server.ts';
import { queueFolder } from './queue-tools.ts';

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageAttributes: Readonly<Record<string, unknown>>;
}

/** A queue `q` in a file, and one of SQS, where the messages go that `false` was given. */
async function withSqs(message: Buffer) {
  const { address, asked } = await fakeSqs({
    SendMessageBatch: ({ Entries }: { Entries: readonly Entry[] }) => ({
      Successful: Entries.map(({ Id, MessageBody }) => ({
        ...{ Id, MessageId: `id${Id}` },
        MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
      })),
    }),
  });
  const { cwd, put, tool, peek } = await queueFolder();
  await put(message, '--whole');
  const words = ['q', '--exit-when-empty', '--retries', '0', '--dead', address, '--', 'false'];
  const env = { AWS_ACCESS_KEY_ID: 'etl', AWS_SECRET_ACCESS_KEY: 'key', AWS_REGION: 'us-east-1' };
  const end = await tool('queue-take', words, { env });
  const sent = asked.filter(({ action }) => action === 'SendMessageBatch');
  const entries = sent.flatMap(({ input }) => (input as unknown as { Entries: Entry[] }).Entries);
  return { cwd, end, entries, peek };
}

it('a message that its queue for dead letters cannot hold is not changed to fit, and stays (69)', async () => {
  const { end, entries, peek } = await withSqs(Buffer.of(0x61, 0xff));
  expect(end).toMatchObject({
    status: 69,
    stderr: expect.stringMatching(
      /q: message 0: --dead QUEUE does not take it: SQS takes no bytes that are not UTF-8: "a\ufffd"\n$/,
    ),
  });
  expect(entries).toEqual([]);
  expect(await peek()).toMatchObject([{ seq: 0, encoding: 'base64' }]);
});

it('a message that leaves no room to say why it is dead is put as it came', async () => {
  const { end, entries, peek } = await withSqs(Buffer.alloc(MAX_BYTES, 'x'));
  expect(end.status).toBe(0);
  expect(entries).toMatchObject([{ MessageBody: 'x'.repeat(MAX_BYTES) }]);
  expect(entries[0]).not.toHaveProperty('MessageAttributes');
  expect(await peek()).toEqual([]);
});
