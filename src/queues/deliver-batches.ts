/** Delivers the batches of a queue to a command. */

import { showAddress } from '../addresses/show.ts';
import type { Deliverer } from '../commands/deliver.ts';
import { Failure, status } from '../failure.ts';
import { batchVariables } from './batch-variables.ts';
import { deadLetter, fitting, isText } from './dead-letter.ts';
import type { DeadLetters } from './open-dead-letters.ts';
import type { Message, Queue, Reason, TakenBatch } from './queue.ts';
import { type MessageStyle, showMessages } from './show-messages.ts';
import { type TakeSettings, takeBatches } from './take-batches.ts';
import { unfitFor } from './unfit.ts';

/** Which batches are taken, and how they are formatted. */
interface Settings extends TakeSettings {
  /** The address of the queue. */
  readonly name: string;
  readonly style: MessageStyle;
  /** Where messages go that the command cannot process. */
  readonly dead: DeadLetters;
  /** Called with messages that will not be redelivered. */
  countUsed(rows: { readonly in: number; readonly out: number; readonly rejected?: number }): void;
}

/** Delivers batches one after the other, as `takeBatches` does. @throws whatever that and the deliverer throw */
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
      // Whether this dead letter was one too many is known only afterwards.
      bury: ({ status, stderr }, tries) =>
        freed(bury(batch, { status, stderr, tries }, settings), () => free('take')),
    });
    const taken = batch.messages.length;
    if (kind === 'acknowledge') settings.countUsed({ in: taken, out: taken });
    if (kind === 'bury') settings.countUsed({ in: taken, out: 0, rejected: taken });
    return kind === 'acknowledge' || kind === 'bury';
  });
}

/** Burying into another queue is at least once: the two queues cannot change in one transaction. */
async function bury(batch: TakenBatch, reason: Reason, settings: Settings): Promise<void> {
  const { dead, group, warn } = settings;
  if (dead === 'own') return batch.bury(reason);
  if (dead !== 'none') {
    const shown = nameOf(batch, settings);
    const letters = batch.messages.map((message) =>
      letterFor(dead, deadLetter(message, reason, group), shown),
    );
    if (!letters.every(isText))
      warn(`${shown}: its key or a header is not UTF-8, and is changed among the dead letters`);
    await dead.put(letters, { delayMs: 0, remember: 0 });
  }
  await batch.acknowledge();
}

/** Shrinks a dead letter to fit another queue. @throws Failure (unavailable) when the message itself does not fit */
function letterFor(dead: Queue, letter: Message, shown: string): Message {
  const fit = fitting(letter, (message) => unfitFor(dead, message) === undefined);
  if (fit !== undefined) return fit;
  const { detail } = unfitFor(dead, letter) ?? {};
  throw new Failure(status.unavailable, `${shown}: --dead QUEUE does not take it: ${detail}`);
}

/** Frees the slot at once, so that the next take shares the transaction that was just requested. */
async function freed(done: Promise<void>, free: () => void): Promise<void> {
  free();
  await done;
}

/** The formatted messages of a batch. */
export function showBatch(
  { queueId, partition, messages, tries }: TakenBatch,
  { name, style }: Pick<Settings, 'name' | 'style'>,
): Buffer {
  return showMessages(messages, { queue: name, queueId, partition, tries }, style);
}

function nameOf({ partition, messages }: TakenBatch, { name }: Settings): string {
  const [first, last] = [messages[0], messages.at(-1)].map((each) => each?.sequence ?? each?.messageId);
  const numbers = first === last ? `message ${first}` : `messages ${first} to ${last}`;
  return `${showAddress(name)}: ${partition === 0 ? '' : `partition ${partition}: `}${numbers}`;
}
