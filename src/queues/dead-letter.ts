/** Messages that no command could use, as they are put aside. */

import { isWellFormed } from '../lines/text.ts';
import { formatTime } from '../readings/time.ts';
import type { Message, Reason, StoredMessage } from './queue.ts';

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

/** Whether key and headers have no bytes that are not UTF-8, as those of another program may: most engines hold text only. */
export function isText({ key = '', headers = {} }: Message): boolean {
  return isWellFormed(key) && Object.entries(headers).flat().every(isWellFormed);
}
