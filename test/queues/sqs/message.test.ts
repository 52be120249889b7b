import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/queues/queue.ts';
import { fromSqs, MAX_BYTES, sizeOf, toEntry, unfit } from '../../../src/queues/sqs/message.ts';

const body = Buffer.from('body');

/** What comes back of a message. */
function roundTrip(message: Message, isFifo: boolean) {
  const { MessageBody, MessageAttributes, MessageGroupId } = toEntry(message, { isFifo, delayMs: 0 });
  return fromSqs({
    ...(MessageBody !== undefined && { Body: MessageBody }),
    ...(MessageAttributes !== undefined && { MessageAttributes }),
    Attributes: { SentTimestamp: '1000', ...(MessageGroupId !== undefined && { MessageGroupId }) },
    ...{ MessageId: 'id', ReceiptHandle: 'receipt' },
  });
}

describe('a message for SQS', () => {
  it.each([
    [{ body }, false],
    [{ body: Buffer.from('grüße \t\r\n 😀'), headers: { a: '1', 'content-type': 'text/plain' } }, false],
    [{ body, key: 'k', headers: { a: '1' } }, true],
    [{ body, key: 'ключ "1"', headers: { ä: '"', a: '', b: '\u0000', 'AWS.x': '1', etlutils: 'x' } }, true],
    [{ body, key: 'kept, but of no use' }, false],
    [
      { body, headers: Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`h${at}`, `${at}`])) },
      false,
    ],
  ])('comes back as it was: %j', (message, isFifo) => {
    const expected = { ...message, sequence: undefined, messageId: 'id', receipt: 'receipt', time: 1000 };
    expect(roundTrip(message, isFifo)).toEqual(expected);
  });

  it('has its headers as attributes, at most 10', () => {
    const headers = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`h${at}`, `${at}`]));
    const names = (many: Record<string, string>) =>
      Object.keys(toEntry({ body, headers: many }, { isFifo: false, delayMs: 0 }).MessageAttributes ?? {});
    expect(names({ a: '1' })).toEqual(['a']);
    expect(names(headers).length).toBe(10);
    expect(names(headers)).toContain('etlutils');
  });

  it('has an id of its own in a queue .fifo, or the one that it was given', () => {
    const idOf = (message: Message) => toEntry(message, { isFifo: true, delayMs: 0 }).MessageDeduplicationId;
    expect(idOf({ body, key: 'k', id: '17' })).toBe('17');
    expect(idOf({ body, key: 'k', id: 'has blanks' })).toMatch(/^[0-9a-f]{64}$/);
    expect(idOf({ body, key: 'k', id: 'has blanks' })).toBe(idOf({ body, key: 'k', id: 'has blanks' }));
    expect(idOf({ body, key: 'k' })).not.toBe(idOf({ body, key: 'k' }));
    expect(toEntry({ body }, { isFifo: false, delayMs: 1500 })).toEqual({
      MessageBody: 'body',
      DelaySeconds: 2,
    });
  });

  it('is refused when SQS would refuse it', () => {
    const kindOf = (message: Message, isFifo = false) => unfit(message, isFifo, MAX_BYTES)?.kind;
    expect(kindOf({ body })).toBeUndefined();
    expect(kindOf({ body: Buffer.alloc(0) })).toBe('empty');
    expect(kindOf({ body: Buffer.of(0xff) })).toBe('not text');
    for (const character of ['\u0000', '\u001f', '\ufffe', '\uffff'])
      expect(kindOf({ body: Buffer.from(`a${character}`) })).toBe('not text');
    expect(unfit({ body: Buffer.from('a\u0001') }, false, MAX_BYTES)?.detail).toContain('U+0001');
    expect(kindOf({ body }, true)).toBe('without a key');
    expect(kindOf({ body: Buffer.alloc(MAX_BYTES, 'a') })).toBeUndefined();
    expect(kindOf({ body: Buffer.alloc(MAX_BYTES, 'a'), headers: { a: 'b' } })).toBe('too long');
    expect(kindOf({ body: Buffer.alloc(MAX_BYTES + 1, 'a') })).toBe('too long');
  });

  it('is as long as its body and its attributes, in bytes', () => {
    expect(
      sizeOf(toEntry({ body: Buffer.from('ä'), headers: { a: 'ö' } }, { isFifo: false, delayMs: 0 })),
    ).toBe(2 + 1 + 'String'.length + 2);
  });

  it('of another program may have attributes of any type', () => {
    const MessageAttributes = {
      count: { DataType: 'Number', StringValue: '7' },
      bytes: { DataType: 'Binary', BinaryValue: Buffer.of(0, 255) },
      etlutils: { DataType: 'String', StringValue: 'not ours' },
    };
    expect(fromSqs({ Body: 'x', MessageAttributes }).headers).toEqual({
      ...{ count: '7', bytes: 'AP8=', etlutils: 'not ours' },
    });
  });

  it.each(['null', '5', '[]', '{"key":5}', '{"headers":"abc"}', '{"headers":null}', '{"headers":{"a":1}}'])(
    'of another program may have an attribute of our name: %s',
    (text) => {
      const MessageAttributes = { etlutils: { DataType: 'String', StringValue: text } };
      const message = fromSqs({ Body: 'x', MessageAttributes });
      expect([message.key, message.headers]).toEqual([undefined, { etlutils: text }]);
    },
  );
});
