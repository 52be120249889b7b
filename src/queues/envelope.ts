/** The envelope: a message with all its metadata as one line of JSON, and back. */

import { isUtf8 } from 'node:buffer';
import { quote, type Rejection } from '../lines/line.ts';
import { isWellFormed } from '../lines/text.ts';
import { formatTime } from '../readings/time.ts';
import { withoutReason } from './dead-letter.ts';
import type { Message, StoredMessage } from './queue.ts';

/** Where a message comes from. */
export interface Origin {
  /** The address of its queue. */
  readonly queue: string;
  /** Distinguishes queues of the same name, see `TakenBatch`; undefined when nothing is taken. */
  readonly queueId?: string;
  readonly partition: number;
  /** Number of failed runs. */
  readonly tries: number;
}

/** Base64 as `toString` writes it, with padding. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The envelope of a message. A body that is not UTF-8 becomes base64. The id is stable across redeliveries. */
export function toEnvelope(message: StoredMessage, { queue, queueId, partition, tries }: Origin): string {
  const { sequence: seq, messageId, key = null, time, headers = {}, body, isTombstone } = message;
  const numbered =
    queueId === undefined ? undefined : [queueId, partition, seq].filter((part) => part !== '');
  const id = messageId ?? numbered?.join('-');
  const text = isTombstone ? { body: null } : textOf(body);
  return JSON.stringify({ queue, partition, seq, id, key, time: formatTime(time), tries, headers, ...text });
}

function textOf(body: Buffer) {
  return isUtf8(body) ? { body: body.toString() } : { body: body.toString('base64'), encoding: 'base64' };
}

/** Body, key and headers from an envelope, without `dead-...` headers. Ignores other members. */
export function fromEnvelope(
  text: string,
): Pick<Message, 'body' | 'key' | 'headers' | 'isTombstone'> | Rejection {
  const { body: content, key = null, headers = {}, encoding } = parsed(text) ?? {};
  const isTombstone = content === null;
  const body = isTombstone ? Buffer.alloc(0) : bodyOf(content, encoding);
  const isKey = key === null || typeof key === 'string';
  if (body === undefined || !isKey || !isTexts(headers)) return notAnEnvelope(text);
  if (!Object.entries(headers).flat().every(isWellFormed))
    return { kind: 'not text', detail: `a header is not UTF-8: ${quote(text)}` };
  // The reason of an earlier death does not apply to a message that is put again.
  const own = withoutReason(headers);
  return {
    body,
    ...(isTombstone && { isTombstone }),
    ...(key !== null && { key }),
    ...(Object.keys(own).length > 0 && { headers: own }),
  };
}

/** Id and body from an envelope. The id is stable across redeliveries. */
export function namedBody(text: string): { readonly id: string; readonly body: Buffer } | Rejection {
  const { id, body: content, encoding } = parsed(text) ?? {};
  const body = bodyOf(content, encoding);
  return body === undefined || typeof id !== 'string' || id === '' ? notAnEnvelope(text) : { id, body };
}

function notAnEnvelope(text: string): Rejection {
  return { kind: 'no envelope', detail: `not the envelope of a message: ${quote(text)}` };
}

function bodyOf(content: unknown, encoding: unknown): Buffer | undefined {
  return typeof content === 'string' ? bytesOf(content, encoding) : undefined;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined when it is not text, the encoding is unknown, or the text is not valid in it. */
function bytesOf(text: unknown, encoding: unknown): Buffer | undefined {
  if (typeof text !== 'string') return undefined;
  if (encoding === 'base64') return BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
  const bytes = Buffer.from(text);
  // An unpaired surrogate does not survive UTF-8.
  return encoding === undefined && bytes.toString() === text ? bytes : undefined;
}

function isTexts(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}
