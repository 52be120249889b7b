/** Gives the batches of a queue to a command. */

import type { Deliverer } from '../commands/deliver.ts';
import { batchVariables } from './batch-variables.ts';
import type { Queue, TakenBatch } from './queue.ts';
import { type MessageStyle, showMessages } from './show-messages.ts';
import { type TakeSettings, takeBatches } from './take-batches.ts';

/** Which batches are taken, and how they are shown. */
interface Settings extends TakeSettings {
  /** The address of the queue. */
  readonly name: string;
  readonly style: MessageStyle;
}

/** Works on batches as `takeBatches` does. @throws what that and the deliverer throw */
export function deliverBatches(queue: Queue, settings: Settings, deliverer: Deliverer): Promise<void> {
  return takeBatches(queue, settings, async (batch, free) => {
    const { kind } = await deliverer.deliver({
      shown: nameOf(batch, settings),
      ...{ count: batch.messages.length, tries: batch.tries, delays: batch.delays },
      input: [showBatch(batch, settings)],
      env: batchVariables(settings.name, batch),
      ...(batch.lease !== undefined && { lease: batch.lease }),
      acknowledge: () => freed(batch.acknowledge(), () => free('work')),
      giveBack: (again) => batch.giveBack(again),
      halve: (tries) => freed(batch.halve(tries), () => free('take')),
      // Whether it was one too many is known when it is done.
      bury: ({ status, stderr }, tries) => freed(batch.bury({ status, stderr, tries }), () => free('take')),
    });
    return kind === 'acknowledge' || kind === 'bury';
  });
}

/** What comes next is taken in the transaction that has just been asked for. */
async function freed(done: Promise<void>, free: () => void): Promise<void> {
  free();
  await done;
}

/** The bytes of the messages of a batch. */
export function showBatch(
  { partition, messages, tries }: TakenBatch,
  { name, style }: Pick<Settings, 'name' | 'style'>,
): Buffer {
  return showMessages(messages, { queue: name, partition, tries }, style);
}

function nameOf({ partition, messages }: TakenBatch, { name }: Settings): string {
  const [first, last] = [messages[0]?.sequence, messages.at(-1)?.sequence];
  const numbers = first === last ? `message ${first}` : `messages ${first} to ${last}`;
  return `${name}: ${partition === 0 ? '' : `partition ${partition}: `}${numbers}`;
}
