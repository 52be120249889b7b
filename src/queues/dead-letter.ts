/** Messages that no command could use, as they are put aside. */

import { isWellFormed } from '../lines/text.ts';
import { formatTime } from '../readings/time.ts';
import type { Message, Reason, StoredMessage } from './queue.ts';

const OF_THE_DEAD = /^dead-/;

/** The message with its key and headers, and with headers `dead-...` that say where it comes from, and why it is there. */
export function deadLetter(message: StoredMessage, reason: Reason, group: string): Message {
  const { sequence, messageId, time, body, key, headers, isTombstone } = message;
  const first = {
    'dead-group': group,
    ...(sequence !== undefined && { 'dead-sequence': String(sequence) }),
    ...(messageId !== undefined && { 'dead-id': messageId }),
    'dead-time': formatTime(time),
  };
  // A dead letter that dies again keeps where it came from.
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
 * A dead letter as its queue takes it: a message that is nearly as long as can be leaves no room for why it is dead. Then that
 * is left out, first the words of the command, then all of it.
 *
 * @param isTaken whether the queue takes a message @returns undefined when it does not even take the message itself
 */
export function fitting(letter: Message, isTaken: (message: Message) => boolean): Message | undefined {
  const { 'dead-stderr': _, ...short } = letter.headers ?? {};
  const { headers: __, ...bare } = letter;
  const own = withoutReason(short);
  const hasOwn = Object.keys(own).length > 0;
  return [letter, { ...bare, headers: short }, { ...bare, ...(hasOwn && { headers: own }) }].find(isTaken);
}

/** The headers of a message without those of a dead letter. */
export function withoutReason(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_DEAD.test(name)));
}

/** Whether key and headers have no bytes that are not UTF-8, as those of another program may: most engines hold text only. */
export function isText({ key = '', headers = {} }: Message): boolean {
  return isWellFormed(key) && Object.entries(headers).flat().every(isWellFormed);
}
