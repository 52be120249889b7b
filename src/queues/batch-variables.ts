/** The environment variables that describe a batch to its command. */

import { basename } from 'node:path';
import { parseAddress } from '../addresses/parse.ts';
import { nodeCrypto } from '../load.ts';
import type { TakenBatch } from './queue.ts';

/** Numbers in names are padded to this many digits, so that names sort like the numbers. */
const DIGITS = 20;
const HASH_DIGITS = 16;

/** The variables. ETL_BATCH names the result made from the batch: it is the same on every redelivery. */
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

/** The last part of an address, without query and fragment. */
function nameOf(queue: string): string {
  const { scheme } = parseAddress(queue);
  return basename(scheme === '' ? queue : queue.replace(/[?#].*$/s, ''));
}

/** The number of the first message; for messages without numbers, a hash of all ids. */
function placeOf({ partition, messages }: Pick<TakenBatch, 'partition' | 'messages'>): string {
  const first = messages[0]?.sequence;
  if (first !== undefined) return `${partition}-${String(first).padStart(DIGITS, '0')}`;
  const hash = nodeCrypto().createHash('sha256');
  for (const { messageId = '' } of messages) hash.update(`${messageId}\n`);
  return hash.digest('hex').slice(0, HASH_DIGITS);
}

/** Escapes a name for a path, one to one: each unsafe byte becomes `=` and two hexadecimal digits. */
function plainName(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(
      /[^A-Za-z0-9._-]/g,
      (byte) => `=${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
}
