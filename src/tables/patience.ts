/** Trying again what may work later. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, status } from '../failure.ts';
import type { TableSettings } from './table.ts';

/**
 * Does the work again after each temporary failure, so often and within this time. Each pause is twice as long as the
 * one before, and all of them together are the time.
 */
export async function patiently<Result>(
  { retries, waitMs, signal, explain }: TableSettings,
  work: () => Promise<Result>,
): Promise<Result> {
  const first = waitMs / (2 ** retries - 1);
  for (let tried = 0; ; tried++) {
    try {
      return await work();
    } catch (error) {
      const passes = error instanceof Failure && error.status === status.temporary;
      if (!passes || tried >= retries || signal.aborted) throw error;
      explain(`${error.message}: trying again`);
    }
    await sleep(first * 2 ** tried, undefined, { signal }).catch(() => {});
  }
}
