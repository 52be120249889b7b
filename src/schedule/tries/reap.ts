/**
 * As the first process of a container we are the parent of all that others leave behind, and must ask how they ended, or
 * they stay as zombies.
 *
 * Each is asked for by its number, and only when it is none of those that Node has started: it must learn itself how they end.
 */

import { isOurs } from '../../commands/start-command.ts';
import { systemCalls } from '../../files/system-calls.ts';
import { childrenOf, statOf } from './processes.ts';

const LOOK_MS = 1000;

/** Reaps zombies until the signal is aborted. To be called by the first process only. */
export async function reapZombies(signal: AbortSignal): Promise<void> {
  const { reap } = await systemCalls();
  const timer = setInterval(() => {
    for (const pid of childrenOf(process.pid)) if (!isOurs(pid) && statOf(pid)?.state === 'Z') reap(pid);
  }, LOOK_MS);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
