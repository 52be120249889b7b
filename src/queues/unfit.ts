/** Messages that a queue never takes, however often they are put. */

import type { Rejection } from '../lines/line.ts';
import type { Message, Queue } from './queue.ts';

/** Why a queue never takes a message; undefined when it does. To be called after `assertPutable`. */
export function unfitFor(queue: Queue, message: Message): Rejection | undefined {
  if (message.isTombstone && !queue.hasTombstones)
    return {
      kind: 'without a body',
      detail: 'body is null: this kind of queue has no messages without body',
    };
  return queue.unfit?.(message);
}
