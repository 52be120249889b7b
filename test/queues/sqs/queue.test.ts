import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeQueue, openQueue } from '../../../src/queues/open.ts';
import { messages, numbered, plain, request, textsOf } from '../contract.ts';
import { type Asked, fakeSqs } from './fake-server.ts';

const { signal } = new AbortController();
const keys = { AWS_ACCESS_KEY_ID: 'etl', AWS_SECRET_ACCESS_KEY: 'secret-of-etl' };
const env = { ...keys, AWS_REGION: 'us-east-1', HOME: '/nonexistent' };

const settings = { waitMs: 10_000, signal, env, now: () => Date.now(), warn() {}, explain() {} };

async function opened(address: string, waitMs = 10_000) {
  const warned: string[] = [];
  const warn = (message: string) => void warned.push(message);
  const queue = await openQueue(address, { ...settings, waitMs, warn });
  onTestFinished(() => queue.close());
  return { queue, warned };
}

interface Entries {
  readonly Entries: readonly { readonly Id: string; readonly MessageBody?: string }[];
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const isStored = (ids: readonly string[], { Entries }: Entries) =>
  ids.map((Id) => {
    const { MessageBody = '' } = Entries.find((entry) => entry.Id === Id) ?? {};
    return { Id, MessageId: `id${Id}`, MD5OfMessageBody: md5(MessageBody) };
  });
const idsOf = ({ Entries }: Entries) => Entries.map(({ Id }) => Id);
const all = (input: Entries) => ({ Successful: isStored(idsOf(input), input) });
const failed = (Id: string, SenderFault: boolean) => ({ Id, SenderFault, Code: 'Code', Message: 'as told' });
const bodyOf = ({ Entries }: Entries, id: string) => Entries.find(({ Id }) => Id === id)?.MessageBody ?? '';
const bodiesOf = ({ input }: Asked) =>
  (input as unknown as Entries).Entries.map(({ MessageBody }) => MessageBody);

describe('messages that are put into SQS', () => {
  it('are ten in a request, and those that failed are sent again by themselves', async () => {
    const { address, asked } = await fakeSqs({
      SendMessageBatch: (input: Entries, nth) =>
        nth === 0
          ? {
              Successful: isStored(
                idsOf(input).filter((id) => id !== '3'),
                input,
              ),
              Failed: [failed('3', false)],
            }
          : all(input),
    });
    const { queue } = await opened(address);
    expect(await queue.put(messages(numbered(10)), plain)).toEqual({ stored: 10, repeated: 0 });
    expect(asked.map(bodiesOf)).toEqual([numbered(10), ['m3']]);
  });

  it('are sent again when an answer names them neither as stored nor as failed', async () => {
    const { address, asked } = await fakeSqs({
      SendMessageBatch: (input: Entries, nth) =>
        nth === 0 ? { Successful: isStored(['0', '2'], input) } : all(input),
    });
    const { queue } = await opened(address);
    expect(await queue.put(messages(numbered(4)), plain)).toMatchObject({ stored: 4 });
    expect(asked.map(bodiesOf)).toEqual([numbered(4), ['m1', 'm3']]);
  });

  it('are not stored (74) when the server has other bytes', async () => {
    const { address } = await fakeSqs({
      SendMessageBatch: () => ({ Successful: [{ Id: '0', MessageId: 'id', MD5OfMessageBody: md5('b') }] }),
    });
    const { queue } = await opened(address);
    await expect(queue.put(messages(['a']), plain)).rejects.toMatchObject({
      ...{
        status: 74,
        stored: 0,
        message: expect.stringMatching(/\/q: Invalid MD5 checksum on messages: id$/),
      },
    });
  });

  it('of one key are each sent when the one before is stored, on a queue .fifo', async () => {
    const order: string[] = [];
    const { address, asked } = await fakeSqs(
      {
        SendMessageBatch: (input: Entries, nth) => {
          // It stores what it can: the first request fails for its first message.
          const ids = idsOf(input).slice(nth === 0 ? 1 : 0);
          order.push(...ids.map((id) => bodyOf(input, id)));
          return { Successful: isStored(ids, input), ...(nth === 0 && { Failed: [failed('0', false)] }) };
        },
      },
      'q.fifo',
    );
    const { queue } = await opened(address);
    const put = [...messages(['a1', 'a2'], 'a'), ...messages(['b1', 'b2'], 'b'), ...messages(['a3'], 'a')];
    expect(await queue.put(put, plain)).toMatchObject({ stored: 5 });
    expect(order.filter((text) => text.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(asked.map(bodiesOf)).toEqual([['a1', 'b1'], ['a1'], ['a2', 'b2'], ['a3']]);
  });

  it('have more time the more they are: a line may be slow', async () => {
    const { address } = await fakeSqs({
      async SendMessageBatch(input: Entries) {
        await sleep(1500);
        return all(input);
      },
    });
    const { queue } = await opened(address, 0);
    expect(await queue.put(messages(['x'.repeat(1 << 16)]), plain)).toMatchObject({ stored: 1 });
    await expect(queue.put(messages(['x']), plain)).rejects.toMatchObject({ status: 75 });
  });

  it('are at most 1 MiB in a request', async () => {
    const { address, asked } = await fakeSqs({ SendMessageBatch: all });
    const { queue } = await opened(address);
    const long = numbered(4).map((text) => text.padEnd(400_000, 'x'));
    await queue.put(messages(long), plain);
    expect(asked.map(({ input }) => (input as unknown as Entries).Entries.length)).toEqual([2, 2]);
  });

  it('are sent in halves to a server that takes less', async () => {
    const { address, asked } = await fakeSqs({
      SendMessageBatch: (input: Entries) =>
        input.Entries.length > 3 ? { status: 400, error: 'BatchRequestTooLong' } : all(input),
    });
    const { queue } = await opened(address);
    expect(await queue.put(messages(numbered(10)), plain)).toMatchObject({ stored: 10 });
    expect(
      asked
        .map(bodiesOf)
        .filter(({ length }) => length <= 3)
        .flat(),
    ).toEqual(numbered(10));
  });

  it.each([
    [{ status: 400, error: 'ThrottlingException' }],
    [{ status: 503, error: 'ServiceUnavailable' }],
    ['hang up' as const],
  ])('are sent again after %j, as the same messages', async (trouble) => {
    const { address, asked } = await fakeSqs(
      { SendMessageBatch: (input: Entries, nth) => (nth < 2 ? trouble : all(input)) },
      'q.fifo',
    );
    const { queue } = await opened(address);
    expect(await queue.put([...messages(['a'], 'k'), ...messages(['b'], 'l')], plain)).toMatchObject({
      stored: 2,
    });
    expect(asked.length).toBe(3);
    expect(new Set(asked.map(({ input }) => JSON.stringify(input))).size).toBe(1);
  });

  it('are counted up to the first that is not stored', async () => {
    const { address } = await fakeSqs({
      SendMessageBatch: (input: Entries) =>
        input.Entries.some(({ MessageBody }) => MessageBody === 'm25')
          ? {
              Successful: isStored(
                idsOf(input).filter((id) => id !== '5'),
                input,
              ),
              Failed: [failed('5', true)],
            }
          : all(input),
    });
    const { queue } = await opened(address);
    await expect(queue.put(messages(numbered(50)), plain)).rejects.toMatchObject({
      ...{ status: 69, stored: 25 },
      message: expect.stringMatching(/\/q: Code: as told$/),
    });
  });

  it('are given up (75) when there is no answer for the time', async () => {
    const { address } = await fakeSqs({ SendMessageBatch: () => 'silence' });
    const { queue } = await opened(address, 0);
    await expect(queue.put(messages(['a']), plain)).rejects.toMatchObject({
      ...{ status: 75, stored: 0 },
      message: expect.stringMatching(/no answer within 1 s$/),
    });
  });

  it('are held back for at most 15 minutes', async () => {
    const { address } = await fakeSqs({});
    const { queue } = await opened(address);
    const put = queue.put(messages(['a']), { ...plain, delayMs: 15 * 60_000 + 1 });
    await expect(put).rejects.toMatchObject({ status: 64 });
  });
});

describe('a queue that is there', () => {
  const make = async (Attributes: object) => {
    const { address, asked } = await fakeSqs({ GetQueueAttributes: () => ({ Attributes }) });
    const shape = {
      partitions: undefined,
      replication: undefined,
      keep: { ms: 86_400_000 },
      maxBytes: undefined,
    };
    await makeQueue(address, shape, settings);
    return asked.map(({ action }) => action);
  };

  it('is left as it is, also by a server that does not tell how long it keeps messages', async () => {
    expect(await make({ MessageRetentionPeriod: '86400' })).toEqual(['GetQueueAttributes']);
    expect(await make({})).toEqual(['GetQueueAttributes']);
  });

  it('is of another shape (65) when it keeps them for another time', async () => {
    await expect(make({ MessageRetentionPeriod: '60' })).rejects.toMatchObject({
      ...{ status: 65, message: expect.stringMatching(/\/q: has another shape: keep 60000 ms$/) },
    });
  });
});

describe('messages that are taken from SQS', () => {
  const received = (texts: readonly string[]) => ({
    Messages: texts.map((Body) => ({
      ...{ MessageId: `id-${Body}`, ReceiptHandle: `receipt-${Body}`, Body, MD5OfBody: md5(Body) },
      Attributes: { SentTimestamp: '1000' },
    })),
  });
  const receipts = ({ Entries }: { Entries: readonly { ReceiptHandle: string }[] }) =>
    Entries.map(({ ReceiptHandle }) => ReceiptHandle);

  it('are reported when their receipts have expired, when the others are deleted', async () => {
    const { address } = await fakeSqs({
      ReceiveMessage: (_, nth) => received(nth === 0 ? ['a', 'b'] : []),
      DeleteMessageBatch: () => ({ Successful: [{ Id: '1' }], Failed: [failed('0', true)] }),
    });
    const { queue } = await opened(address);
    const batch = await queue.take({ ...request, endsWhenEmpty: false });
    await expect(batch?.acknowledge()).rejects.toMatchObject({
      ...{ status: 75, name: 'Failure' },
      message: expect.stringMatching(/\/q: message id-a may come again: Code: as told$/),
    });
  });

  it('are deleted again when an answer does not name them', async () => {
    const { address, asked } = await fakeSqs({
      ReceiveMessage: (_, nth) => received(nth === 0 ? ['a', 'b'] : []),
      DeleteMessageBatch: (input: Entries, nth) => (nth === 0 ? { Successful: [{ Id: '0' }] } : all(input)),
    });
    const { queue } = await opened(address);
    const batch = await queue.take({ ...request, endsWhenEmpty: false });
    await batch?.acknowledge();
    const deletes = asked.filter(({ action }) => action === 'DeleteMessageBatch');
    expect(deletes.map(({ input }) => receipts(input as never))).toEqual([
      ['receipt-a', 'receipt-b'],
      ['receipt-b'],
    ]);
  });

  it('are kept out while they are in work, and returned at the end', async () => {
    const { address, asked } = await fakeSqs({
      GetQueueAttributes: () => ({ Attributes: { VisibilityTimeout: '3' } }),
      ReceiveMessage: (_, nth) => received(nth === 0 ? ['a', 'b', 'c'] : []),
      ChangeMessageVisibilityBatch: all,
    });
    const { queue } = await opened(address);
    const batch = await queue.take({ ...request, count: 3, endsWhenEmpty: false });
    expect(textsOf(batch)).toEqual(['a', 'b', 'c']);
    const changes = () => asked.filter(({ action }) => action === 'ChangeMessageVisibilityBatch');
    await expect.poll(() => changes().length).toBeGreaterThan(1);
    expect(changes()[0]?.input).toMatchObject({
      Entries: ['a', 'b', 'c'].map((text) => ({ ReceiptHandle: `receipt-${text}`, VisibilityTimeout: 3 })),
    });
    await batch?.giveBack({ delayMs: 60_000, tries: 1, delays: 0 });
    await queue.close();
    expect(changes().at(-1)?.input).toMatchObject({ Entries: Array(3).fill({ VisibilityTimeout: 0 }) });
  });

  it('are deleted ten in a request', async () => {
    const texts = numbered(25);
    const { address, asked } = await fakeSqs({
      ReceiveMessage: (input: { MaxNumberOfMessages: number }, nth) =>
        received(texts.slice(nth * 10, nth * 10 + Math.min(10, input.MaxNumberOfMessages))),
      DeleteMessageBatch: all,
    });
    const { queue } = await opened(address);
    const batch = await queue.take({ ...request, count: 25, lingerMs: 10_000, endsWhenEmpty: false });
    expect(textsOf(batch)).toEqual(texts);
    await batch?.acknowledge();
    const deletes = asked.filter(({ action }) => action === 'DeleteMessageBatch');
    expect(deletes.map(({ input }) => receipts(input as never).length)).toEqual([10, 10, 5]);
    expect(asked.filter(({ action }) => action === 'ReceiveMessage').length).toBe(3);
  });

  it('cannot be put aside where the redrive policy is none', async () => {
    const { address } = await fakeSqs({
      GetQueueAttributes: () => ({ Attributes: { RedrivePolicy: 'nonsense' } }),
    });
    const { queue } = await opened(address);
    await expect(queue.assertBuriable('default')).rejects.toMatchObject({
      ...{ status: 69, message: `${address}: its redrive policy names no queue` },
    });
  });

  it('cannot be put aside where the queue for dead letters is missing', async () => {
    const { address } = await fakeSqs({
      GetQueueAttributes: () => ({
        Attributes: { RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:gone"}' },
      }),
      GetQueueUrl: () => ({ status: 400, error: 'QueueDoesNotExist' }),
    });
    const { queue } = await opened(address);
    await expect(queue.assertBuriable('default')).rejects.toMatchObject({
      status: 69,
      message: expect.stringMatching(
        /its queue for dead letters is missing \(make it: queue-make sqs:\/\/gone\)$/,
      ),
    });
  });
});

describe('a server that says yes to everything', () => {
  const shape = { partitions: undefined, replication: undefined, keep: undefined, maxBytes: undefined };

  it('tells no counts, and makes no queue', async () => {
    const { address } = await fakeSqs({
      GetQueueAttributes: ({ AttributeNames }: { AttributeNames: readonly string[] }) =>
        AttributeNames.includes('MessageRetentionPeriod') ? { status: 400, error: 'QueueDoesNotExist' } : {},
    });
    const refused = { status: 69, message: `${address}: not an answer from SQS` };
    const { queue } = await opened(address);
    await expect(queue.stats()).rejects.toMatchObject(refused);
    await expect(makeQueue(address, shape, settings)).rejects.toMatchObject(refused);
  });
});
