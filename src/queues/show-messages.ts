/** Messages as lines, or as JSON with all that is known about them. */

import { isUtf8 } from 'node:buffer';
import { formatTime } from '../readings/time.ts';
import type { StoredMessage } from './queue.ts';

/** How messages are shown. */
export interface MessageStyle {
  /** What ends each of them. */
  readonly end: '\n' | '\0';
  /** Whether they are shown as JSON. */
  readonly hasEnvelope: boolean;
}

/** Where messages come from. */
interface Origin {
  /** The address of their queue. */
  readonly queue: string;
  readonly partition: number;
  /** Runs that failed. */
  readonly tries: number;
}

/** The bytes of messages, each with its end. */
export function showMessages(
  messages: readonly StoredMessage[],
  origin: Origin,
  { end, hasEnvelope }: MessageStyle,
): Buffer {
  if (hasEnvelope) return Buffer.from(messages.map((message) => envelope(message, origin) + end).join(''));
  const bytes = Buffer.allocUnsafe(messages.reduce((sum, { body }) => sum + body.length + 1, 0));
  const last = end.charCodeAt(0);
  let at = 0;
  for (const { body } of messages) {
    at += body.copy(bytes, at);
    bytes[at++] = last;
  }
  return bytes;
}

/** A body that is not UTF-8 is in base64, and says so. */
function envelope(message: StoredMessage, { queue, partition, tries }: Origin): string {
  const { sequence: seq, key = null, time, headers = {}, body } = message;
  const text = isUtf8(body)
    ? { body: body.toString() }
    : { body: body.toString('base64'), encoding: 'base64' };
  return JSON.stringify({ queue, partition, seq, key, time: formatTime(time), tries, headers, ...text });
}
