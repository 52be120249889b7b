/** Formats messages as lines, or as envelopes. */

import { type Origin, toEnvelope } from './envelope.ts';
import type { StoredMessage } from './queue.ts';

/** How to format messages. */
export interface MessageStyle {
  /** The terminator of each message. */
  readonly end: '\n' | '\0';
  /** Whether messages are formatted as envelopes, see `toEnvelope`. */
  readonly hasEnvelope: boolean;
}

/** The formatted messages, each with its terminator. */
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
    // Faster than `copy` for short bodies.
    bytes.set(body, at);
    at += body.length;
    bytes[at++] = last;
  }
  return bytes;
}
