/** Where the messages of a queue go that nobody could use. */

import type { Ability } from './abilities.ts';
import type { QueueSettings } from './driver.ts';
import { abilitiesOf, openQueue, parseQueueAddress } from './open.ts';
import type { Queue } from './queue.ts';

/** In place of the address of a queue. */
export const NOWHERE = 'none';

/** The queue's own dead letters, another queue, or nowhere. */
export type DeadLetters = 'own' | 'none' | Queue;

interface Asked {
  /** The address of the queue that is taken from. */
  readonly name: string;
  readonly group: string;
  /** The address of another queue, or `NOWHERE`. */
  readonly dead: string | undefined;
}

/** @throws Failure (unavailable) when dead letters would have no queue, before any message is taken */
export async function openDeadLetters(
  queue: Queue,
  { name, group, dead }: Asked,
  settings: QueueSettings,
): Promise<DeadLetters> {
  if (dead === NOWHERE) return 'none';
  if (dead === undefined) {
    await queue.assertBuriable(group);
    return 'own';
  }
  const needed: Ability[] = (await abilitiesOf(name)).has('unkeyed') ? ['unkeyed'] : [];
  const other = await openQueue(parseQueueAddress(dead), settings, needed);
  await other.assertPutable();
  return other;
}
