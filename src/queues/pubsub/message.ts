/** Converts messages to and from Pub/Sub. */

import type { Rejection } from '../../lines/line.ts';
import type { Message, StoredMessage } from '../queue.ts';
import type { PubsubMessage } from './service.ts';

/** Maximum size of a request, and so of a message. */
export const MAX_BYTES = 10_000_000;
/** Upper bound on the overhead of a message, in bytes. */
const OVERHEAD = 100;
const MAX_HEADERS = 100;
const LONGEST = { key: 1024, name: 256, value: 1024 };
/** Pub/Sub refuses a message with neither data nor attributes: an empty one gets this attribute. */
const EMPTY = 'etl-empty';

export function toPubsub({ body, key, headers }: Message): PubsubMessage {
  const attributes = body.length === 0 ? { ...headers, [EMPTY]: 'true' } : headers;
  return { data: body, ...(key !== undefined && { orderingKey: key }), ...(attributes && { attributes }) };
}

export function fromPubsub(message: PubsubMessage): StoredMessage {
  const { data, attributes, messageId, orderingKey, publishTime } = message;
  const { [EMPTY]: _, ...headers } = attributes ?? {};
  return {
    sequence: undefined,
    messageId: messageId ?? '',
    body: bytesOf(data),
    time: Number(publishTime?.seconds ?? 0) * 1000 + Math.floor((publishTime?.nanos ?? 0) / 1e6),
    ...(orderingKey && { key: orderingKey }),
    ...(Object.keys(headers).length > 0 && { headers }),
  };
}

function bytesOf(data: PubsubMessage['data']): Buffer {
  if (data === undefined || data === null) return Buffer.alloc(0);
  return typeof data === 'string' ? Buffer.from(data, 'base64') : Buffer.from(data);
}

/** Upper bound on the encoded size of a message. */
export function sizeOf({ body, key = '', headers = {} }: Message): number {
  const texts = Object.entries(headers).map(([name, value]) => byteLength(name) + byteLength(value) + 10);
  return body.length + byteLength(key) + texts.reduce((sum, size) => sum + size, OVERHEAD);
}

/** Why Pub/Sub can never accept a message. */
export function unfit(message: Message): Rejection | undefined {
  const { key = '', headers = {} } = message;
  const entries = Object.entries(headers);
  if (sizeOf(message) > MAX_BYTES)
    return { kind: 'too long', detail: `message is longer than ${MAX_BYTES} bytes, the limit of Pub/Sub` };
  if (byteLength(key) > LONGEST.key)
    return { kind: 'with a long key', detail: `key is longer than ${LONGEST.key} bytes` };
  const hasBadHeader = entries.some(
    ([name, value]) =>
      name === '' ||
      name.startsWith('goog') ||
      byteLength(name) > LONGEST.name ||
      byteLength(value) > LONGEST.value,
  );
  return entries.length >= MAX_HEADERS || hasBadHeader
    ? {
        kind: 'with bad headers',
        detail: 'too many or too long headers for Pub/Sub, or one that begins with goog',
      }
    : undefined;
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
