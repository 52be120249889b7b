/** What a command is told about its batch, in variables of its environment. */

import { basename } from 'node:path';
import { parseAddress } from '../addresses/parse.ts';
import { nodeCrypto } from '../load.ts';
import type { TakenBatch } from './queue.ts';

/** Digits of a number in a name, so that names sort as numbers do. */
const DIGITS = 20;
const HASH_DIGITS = 16;

/** The variables. ETL_BATCH is a name for what is made of the batch: it is the same whenever the batch comes again. */
export function batchVariables(
  queue: string,
  batch: Pick<TakenBatch, 'partition' | 'messages' | 'tries' | 'queueId'>,
): Readonly<Record<string, string>> {
  const { partition, messages, tries } = batch;
  const [first, last] = [messages[0]?.sequence, messages.at(-1)?.sequence];
  return {
    ETL_QUEUE: queue,
    ETL_PARTITION: String(partition),
    ...(first !== undefined && { ETL_FIRST: String(first), ETL_LAST: String(last) }),
    ETL_COUNT: String(messages.length),
    ETL_TRY: String(tries + 1),
    ETL_BATCH: [plainName(nameOf(queue)), batch.queueId, placeOf(batch)].filter(Boolean).join('-'),
  };
}

/** The last part of an address, without what is asked of it. */
function nameOf(queue: string): string {
  const { scheme } = parseAddress(queue);
  return basename(scheme === '' ? queue : queue.replace(/[?#].*$/s, ''));
}

/** Where a batch begins; or, where messages have no numbers, a hash of all their names. */
function placeOf({ partition, messages }: Pick<TakenBatch, 'partition' | 'messages'>): string {
  const first = messages[0]?.sequence;
  if (first !== undefined) return `${partition}-${String(first).padStart(DIGITS, '0')}`;
  const hash = nodeCrypto().createHash('sha256');
  for (const { messageId = '' } of messages) hash.update(`${messageId}\n`);
  return hash.digest('hex').slice(0, HASH_DIGITS);
}

/** Two names stay two: each byte that may not stand in a path is `=` and its two hexadecimal digits. */
function plainName(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(
      /[^A-Za-z0-9._-]/g,
      (byte) => `=${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
}
