/** Messages as lines, or as JSON with all that is known about them. */

import { type Origin, toEnvelope } from './envelope.ts';
import type { StoredMessage } from './queue.ts';

/** How messages are shown. */
export interface MessageStyle {
  /** What ends each of them. */
  readonly end: '\n' | '\0';
  /** Whether they are shown as JSON. */
  readonly hasEnvelope: boolean;
}

/** The bytes of messages, each with its end. */
export function showMessages(
  messages: readonly StoredMessage[],
  origin: Origin,
  { end, hasEnvelope }: MessageStyle,
): Buffer {
  if (hasEnvelope) return Buffer.from(messages.map((message) => toEnvelope(message, origin) + end).join(''));
  const bytes = Buffer.allocUnsafe(messages.reduce((sum, { body }) => sum + body.length + 1, 0));
  const last = end.charCodeAt(0);
  let at = 0;
  for (const { body } of messages) {
    // For short bodies faster than `copy`.
    bytes.set(body, at);
    at += body.length;
    bytes[at++] = last;
  }
  return bytes;
}
