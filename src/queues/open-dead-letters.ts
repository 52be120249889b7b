/** Opens the destination for messages that could not be processed. */

import type { Ability } from './abilities.ts';
import type { QueueSettings } from './driver.ts';
import { abilitiesOf, openQueue, parseQueueAddress } from './open.ts';
import type { Queue } from './queue.ts';

/** Stands for "nowhere" in place of an address. */
export const NOWHERE = 'none';

/** The queue's own dead letters, another queue, or nowhere. */
export type DeadLetters = 'own' | 'none' | Queue;

interface Asked {
  /** The address of the source queue. */
  readonly name: string;
  readonly group: string;
  /** The address of another queue, or `NOWHERE`. */
  readonly dead: string | undefined;
}

/** @throws Failure (unavailable), before any message is taken, when dead letters would have no queue */
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
