/** Work that needs a ledger which cannot be written at the moment. */

import type { Bell } from '../async/bell.ts';
import { Failure } from '../failure.ts';
import type { RunWorld } from './run-world.ts';

const AGAIN_MS = 1000;

/**
 * Does it again while the ledger cannot be written.
 *
 * @param stopped rings when it may be over @returns undefined when the schedule ends meanwhile, or it is over
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
