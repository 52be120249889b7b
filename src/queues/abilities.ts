/** What engines of queues can do, one or the other. */

import { Failure, status } from '../failure.ts';

/** What the engine of a queue may have, and the option that needs it, for the message. */
const texts = {
  /** Takers are in groups of any name, each of which gets every message. */
  groups: 'no groups (--group)',
  /** A new group begins anywhere, and groups can be moved. */
  positions: 'no positions (--from, --seek)',
  /** Messages can be looked at without being taken. */
  peek: 'no way to look at messages (--peek)',
  /** Messages of one key stay in order. */
  keys: 'no keys (--key)',
  /** Messages without key can be put. */
  unkeyed: 'only messages with keys (--key, --group-id)',
  /** Messages are any bytes, not only text. */
  bytes: 'no messages of bytes that are not text',
  /** Messages that were put before are known. */
  ids: 'no memory of ids (--id)',
  /** Messages can be held back for a time. */
  delay: 'no delay (--delay)',
  /** It can be told to be empty. */
  counts: 'no way to tell whether it is empty (--exit-when-empty)',
  /** It tells numbers, if only roughly. */
  stats: 'no counts',
  /** It tells how old its oldest message is. */
  ages: 'no age of messages (--max-age)',
  /** Messages are numbered within partitions. */
  sequence: 'no numbers of messages',
  /** A batch that was given back, halved or left by a killed taker is the same batch to whoever takes it; else its messages are. */
  batches: 'no memory of batches',
  /** A batch is out as long as its command lives, also when its taker is killed. */
  leases: 'no leases of commands',
} as const;

export type Ability = keyof typeof texts;

export const allAbilities = new Set(Object.keys(texts)) as ReadonlySet<Ability>;

/** @throws Failure (usage) that names the first of the needed abilities that are lacking */
export function assertAbilities(shown: string, has: ReadonlySet<Ability>, needed: readonly Ability[]): void {
  const lacking = needed.find((each) => !has.has(each));
  if (lacking !== undefined)
    throw new Failure(status.usage, `${shown}: this kind of queue has ${texts[lacking]}`);
}
