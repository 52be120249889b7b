/** What the engine of a queue may support. */

import { Failure, status } from '../failure.ts';

/** The abilities, each with the text of the error when it is missing and the option that needs it. */
const texts = {
  /** Named consumer groups, each of which gets every message. */
  groups: 'no groups (--group)',
  /** A new group can start anywhere, and groups can be moved. */
  positions: 'no positions (--from, --seek)',
  /** Messages can be read without being taken. */
  peek: 'no way to look at messages (--peek)',
  /** Messages with the same key stay in order. */
  keys: 'no keys (--key)',
  /** Messages without a key are accepted. */
  unkeyed: 'only messages with keys (--key, --group-id)',
  /** Bodies may be any bytes, not only text. */
  bytes: 'no messages of bytes that are not text',
  /** Duplicates are detected by message id. */
  ids: 'no memory of ids (--id)',
  /** Delivery can be delayed. */
  delay: 'no delay (--delay)',
  /** The engine can tell that the queue is empty. */
  counts: 'no way to tell whether it is empty (--exit-when-empty)',
  /** The engine reports counts, at least approximate ones. */
  stats: 'no counts',
  /** The engine reports the age of the oldest message. */
  ages: 'no age of messages (--max-age)',
  /** Messages are numbered within a partition. */
  sequence: 'no numbers of messages',
  /**
   * A batch that is returned, halved, or left by a killed taker is redelivered as the same batch; otherwise only its
   * messages are redelivered.
   */
  batches: 'no memory of batches',
  /** A batch stays leased while its command lives, even when its taker is killed. */
  leases: 'no leases of commands',
} as const;

export type Ability = keyof typeof texts;

export const allAbilities = new Set(Object.keys(texts)) as ReadonlySet<Ability>;

/** @throws Failure (usage) that names the first missing ability */
export function assertAbilities(shown: string, has: ReadonlySet<Ability>, needed: readonly Ability[]): void {
  const lacking = needed.find((each) => !has.has(each));
  if (lacking !== undefined)
    throw new Failure(status.usage, `${shown}: this kind of queue has ${texts[lacking]}`);
}
