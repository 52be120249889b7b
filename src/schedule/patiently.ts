/** Retries work while the ledger cannot be written. */

import type { Bell } from '../async/bell.ts';
import { Failure } from '../failure.ts';
import type { RunWorld } from './run-world.ts';

const AGAIN_MS = 1000;

/**
 * Retries the work every second while it fails with a Failure, such as that of a full disk.
 *
 * @param stopped rings when `isOver` may have become true @returns undefined once it is, or when the schedule ends
 */
export async function patiently<Result>(
  work: () => Promise<Result>,
  { troubled, stopping }: Pick<RunWorld, 'troubled' | 'stopping'>,
  stopped: Bell,
  isOver: () => boolean = () => false,
): Promise<Result | undefined> {
  do {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      troubled(error);
    }
    await stopped.wait(AGAIN_MS, stopping);
  } while (!(stopping.aborted || isOver()));
  return undefined;
}
