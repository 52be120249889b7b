/** What a command is told about its batch, in variables of its environment. */

import { basename } from 'node:path';
import type { TakenBatch } from './queue.ts';

/** Digits of a number in a name, so that names sort as numbers do. */
const DIGITS = 20;

/** The variables. ETL_BATCH is a name for what is made of the batch: it is the same whenever the batch comes again. */
export function batchVariables(
  queue: string,
  { partition, messages, tries }: Pick<TakenBatch, 'partition' | 'messages' | 'tries'>,
): Readonly<Record<string, string>> {
  const first = messages[0]?.sequence ?? 0;
  return {
    ETL_QUEUE: queue,
    ETL_PARTITION: String(partition),
    ETL_FIRST: String(first),
    ETL_LAST: String(messages.at(-1)?.sequence ?? 0),
    ETL_COUNT: String(messages.length),
    ETL_TRY: String(tries + 1),
    ETL_BATCH: `${plainName(basename(queue))}-${partition}-${String(first).padStart(DIGITS, '0')}`,
  };
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
