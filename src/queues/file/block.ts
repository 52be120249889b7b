/** A block: messages stored together in a row of table `block`. */

import type { Message, StoredMessage } from '../queue.ts';

/** A block is read as a whole, so its size is limited: a larger put is split into several blocks. */
const BLOCK_BYTES = 1 << 20;

/** A row of table `block`. */
export interface Block {
  readonly first: number;
  readonly count: number;
  readonly time: number;
  readonly delay: number;
  readonly bytes: number;
  readonly lengths: string;
  readonly keys: string | null;
  readonly headers: string | null;
  readonly body: Uint8Array;
}

/** Whether a block contains the message of this number. */
export function holds({ first, count }: Pick<Block, 'first' | 'count'>, sequence: number): boolean {
  return first <= sequence && sequence < first + count;
}

/** Splits messages into parts of block size. No messages give no parts. */
export function* parts(messages: readonly Message[]): Generator<readonly Message[]> {
  let begin = 0;
  let bytes = 0;
  for (const [at, { body }] of messages.entries()) {
    if (at > begin && bytes + body.length > BLOCK_BYTES) {
      yield messages.slice(begin, at);
      begin = at;
      bytes = 0;
    }
    bytes += body.length;
  }
  if (begin < messages.length) yield begin === 0 ? messages : messages.slice(begin);
}

/** The columns derived from the messages. */
export function blockOf(messages: readonly Message[]): Omit<Block, 'first' | 'count' | 'time' | 'delay'> {
  const keys = messages.some(({ key }) => key !== undefined)
    ? JSON.stringify(messages.map(({ key }) => key ?? null))
    : null;
  const headers = messages.some((message) => message.headers !== undefined)
    ? JSON.stringify(messages.map((message) => message.headers ?? null))
    : null;
  const body = Buffer.concat(messages.map((message) => message.body));
  const bytes = body.length + (keys?.length ?? 0) + (headers?.length ?? 0);
  return {
    bytes,
    lengths: JSON.stringify(messages.map((message) => message.body.length)),
    keys,
    headers,
    body,
  };
}

/** Appends the messages `first` to `last` of a block to `messages`. */
export function addMessages(
  messages: StoredMessage[],
  { block, lengths }: { readonly block: Block; readonly lengths: readonly number[] },
  { first, last }: { readonly first: number; readonly last: number },
): void {
  const { time, body: bytes } = block;
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const keys: readonly (string | null)[] = block.keys === null ? [] : JSON.parse(block.keys);
  const headers: readonly (Record<string, string> | null)[] =
    block.headers === null ? [] : JSON.parse(block.headers);
  const isPlain = block.keys === null && block.headers === null;
  let sequence = block.first;
  let at = 0;
  for (const length of lengths) {
    if (sequence > last) return;
    if (sequence >= first) {
      const message = { sequence, time, body: body.subarray(at, at + length) };
      messages.push(isPlain ? message : { ...message, ...extras(keys, headers, sequence - block.first) });
    }
    at += length;
    sequence++;
  }
}

function extras(
  keys: readonly (string | null)[],
  headers: readonly (Record<string, string> | null)[],
  index: number,
): Pick<StoredMessage, 'key' | 'headers'> {
  const key = keys[index] ?? undefined;
  const own = headers[index] ?? undefined;
  return { ...(key !== undefined && { key }), ...(own !== undefined && { headers: own }) };
}
