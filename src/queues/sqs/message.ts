/**
 * Converts messages to and from SQS: non-empty text with at most 10 attributes, whose names and values are restricted.
 *
 * Headers become attributes where possible. All others, and a key that is not a valid group id, go into one attribute
 * as JSON.
 */

import { isUtf8 } from 'node:buffer';
import { createHash, randomUUID } from 'node:crypto';
import type {
  MessageAttributeValue,
  SendMessageBatchRequestEntry,
  Message as SqsMessage,
} from '@aws-sdk/client-sqs';
import { quote, type Rejection } from '../../lines/line.ts';
import type { Leased } from '../leased/engine.ts';
import type { Message } from '../queue.ts';

/** Maximum size of a message with its attributes, and of all messages in a request. */
export const MAX_BYTES = 1 << 20;
const MAX_ATTRIBUTES = 10;
/** Upper bound on the JSON of a key of 64 KiB. */
const LONGEST_OTHERS = 1 << 19;
/** The attribute for everything that does not fit an attribute of its own. */
const OTHERS = 'etlutils';

/** The characters of XML 1.0, which SQS accepts. */
const TEXT = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
/** A valid group id or deduplication id. */
const ID = /^[!-~]{1,128}$/;
const HEADER = /^(?!aws\.|amazon\.|\.|.*\.\.|etlutils$)[\w.-]{1,256}(?<!\.)$/i;

/** Options of a put that affect the entry. */
interface EntryOptions {
  readonly isFifo: boolean;
  readonly delayMs: number;
}

export type Entry = Omit<SendMessageBatchRequestEntry, 'Id'>;

/** Why SQS can never accept a message. @param mostBytes the limit of this queue */
export function unfit(message: Message, isFifo: boolean, mostBytes: number): Rejection | undefined {
  const { body, key } = message;
  if (body.length === 0) return { kind: 'empty', detail: 'SQS takes no empty message' };
  const text = body.toString();
  const forbidden = isUtf8(body) ? forbiddenIn(text) : 'bytes that are not UTF-8';
  if (forbidden !== undefined)
    return { kind: 'not text', detail: `SQS takes no ${forbidden}: ${quote(text)}` };
  if (isFifo && key === undefined)
    return { kind: 'without a key', detail: 'a .fifo queue takes only messages with a key' };
  // Avoids encoding the many messages that are far below the limit.
  const isShort = message.headers === undefined && body.length + LONGEST_OTHERS < mostBytes;
  if (isShort || sizeOf(toEntry(message, { isFifo, delayMs: 0 })) <= mostBytes) return undefined;
  return {
    kind: 'too long',
    detail: `message and headers are longer than ${mostBytes} bytes, the limit of SQS`,
  };
}

function forbiddenIn(text: string): string | undefined {
  const found = TEXT.test(text) ? undefined : [...text].find((character) => !TEXT.test(character));
  const code = found?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return code === undefined ? undefined : `character U+${code}`;
}

/** The entry for a request. In a FIFO queue, its deduplication id makes a retry after a lost response safe. */
export function toEntry(message: Message, { isFifo, delayMs }: EntryOptions): Entry {
  const { body, key, id, headers = {} } = message;
  const isGroupId = key === undefined || (isFifo && ID.test(key));
  const attributes = attributesOf(headers, isGroupId ? undefined : key);
  return {
    MessageBody: body.toString(),
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
    ...(isFifo && {
      MessageGroupId: isGroupId ? key : hashOf(key),
      MessageDeduplicationId: id === undefined ? randomUUID() : ID.test(id) ? id : hashOf(id),
    }),
    ...(delayMs > 0 && { DelaySeconds: Math.ceil(delayMs / 1000) }),
  };
}

function attributesOf(
  headers: Readonly<Record<string, string>>,
  key: string | undefined,
): Record<string, MessageAttributeValue> {
  const all = Object.entries(headers);
  const can = all.filter(([name, value]) => HEADER.test(name) && value !== '' && TEXT.test(value));
  const isAll = key === undefined && can.length === all.length && can.length <= MAX_ATTRIBUTES;
  const plain = isAll ? can : can.slice(0, MAX_ATTRIBUTES - 1);
  const attributes = Object.fromEntries(plain.map(([name, value]) => [name, textValue(value)]));
  if (isAll) return attributes;
  const others = Object.fromEntries(all.filter(([name]) => !Object.hasOwn(attributes, name)));
  return { ...attributes, [OTHERS]: textValue(JSON.stringify({ key, headers: others })) };
}

function textValue(StringValue: string): MessageAttributeValue {
  return { DataType: 'String', StringValue };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Size in bytes, as SQS counts it. */
export function sizeOf({ MessageBody = '', MessageAttributes = {} }: Entry): number {
  return Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType = '', StringValue = '' }]) =>
      sum + Buffer.byteLength(name) + DataType.length + Buffer.byteLength(StringValue),
    Buffer.byteLength(MessageBody),
  );
}

/** A received message. Attributes of other types, from other programs, become text. */
export function fromSqs(message: SqsMessage): Leased {
  const { MessageId: messageId = '', ReceiptHandle: receipt = '', Body = '', Attributes = {} } = message;
  const { [OTHERS]: rest, ...attributes } = message.MessageAttributes ?? {};
  const others = parsedOthers(rest?.StringValue);
  const own = Object.entries(attributes).map(([name, value]) => [name, textOf(value)] as const);
  const headers = { ...Object.fromEntries(own), ...others.headers };
  const key = others.key ?? Attributes.MessageGroupId;
  return {
    ...{ sequence: undefined, messageId, receipt, body: Buffer.from(Body) },
    time: Number(Attributes.SentTimestamp ?? 0),
    ...(key !== undefined && { key }),
    ...(Object.keys(headers).length > 0 && { headers }),
  };
}

function textOf({ StringValue, BinaryValue }: MessageAttributeValue): string {
  return StringValue ?? Buffer.from(BinaryValue ?? []).toString('base64');
}

interface Others {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function parsedOthers(text: string | undefined): Others {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isOthers(value)) return value;
  } catch {
    // Not JSON.
  }
  // Another program's attribute of the same name.
  return { headers: { [OTHERS]: text } };
}

function isOthers(value: unknown): value is Others {
  if (!isObject(value)) return false;
  const { key = '', headers = {} } = value;
  return isText(key) && isObject(headers) && Object.values(headers).every(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
