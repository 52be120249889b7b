/** Dead letters: messages that the command could not process. */

import { isWellFormed } from '../lines/text.ts';
import { formatTime } from '../readings/time.ts';
import type { Message, Reason, StoredMessage } from './queue.ts';

const DEAD_HEADER = /^dead-/;

/** The message with its key and headers, plus `dead-...` headers that give its origin and the reason. */
export function deadLetter(message: StoredMessage, reason: Reason, group: string): Message {
  const { sequence, messageId, time, body, key, headers, isTombstone } = message;
  const first = {
    'dead-group': group,
    ...(sequence !== undefined && { 'dead-sequence': String(sequence) }),
    ...(messageId !== undefined && { 'dead-id': messageId }),
    'dead-time': formatTime(time),
  };
  // A dead letter that fails again keeps its original origin.
  const origin = headers !== undefined && 'dead-time' in headers ? {} : first;
  const { tries, status, stderr } = reason;
  const last = { 'dead-tries': String(tries), 'dead-status': String(status), 'dead-stderr': stderr };
  return {
    body,
    ...(isTombstone && { isTombstone }),
    ...(key !== undefined && { key }),
    headers: { ...headers, ...origin, ...last },
  };
}

/**
 * Shrinks a dead letter to what its queue accepts: a message near the size limit leaves no room for the reason. Drops
 * first stderr, then all `dead-...` headers.
 *
 * @param isTaken whether the queue accepts a message @returns undefined when it does not even accept the message itself
 */
export function fitting(letter: Message, isTaken: (message: Message) => boolean): Message | undefined {
  const { 'dead-stderr': _, ...short } = letter.headers ?? {};
  const { headers: __, ...bare } = letter;
  const own = withoutReason(short);
  const hasOwn = Object.keys(own).length > 0;
  return [letter, { ...bare, headers: short }, { ...bare, ...(hasOwn && { headers: own }) }].find(isTaken);
}

/** The headers without those of a dead letter. */
export function withoutReason(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !DEAD_HEADER.test(name)));
}

/** Whether key and headers are valid UTF-8, as most engines require. Messages from other programs may not be. */
export function isText({ key = '', headers = {} }: Message): boolean {
  return isWellFormed(key) && Object.entries(headers).flat().every(isWellFormed);
}
