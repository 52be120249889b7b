/** Messages that a queue can never accept. */

import type { Rejection } from '../lines/line.ts';
import type { Message, Queue } from './queue.ts';

/** Why a queue can never accept a message; undefined when it can. Call it after `assertPutable`. */
export function unfitFor(queue: Queue, message: Message): Rejection | undefined {
  if (message.isTombstone && !queue.hasTombstones)
    return {
      kind: 'without a body',
      detail: 'body is null: this kind of queue has no messages without a body',
    };
  return queue.unfit?.(message);
}
