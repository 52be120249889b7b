/**
 * As PID 1 of a container we inherit all orphans, and must reap them, or they stay zombies.
 *
 * Each is reaped by its PID, and never a child that Node started: Node must reap those itself, to learn how they ended.
 */

import { isOurs } from '../../commands/start-command.ts';
import { systemCalls } from '../../files/system-calls.ts';
import { childrenOf, statOf } from './processes.ts';

const LOOK_MS = 1000;

/** Reaps zombies until the signal is aborted. To be called by PID 1 only. */
export async function reapZombies(signal: AbortSignal): Promise<void> {
  const { reap } = await systemCalls();
  const timer = setInterval(() => {
    for (const pid of childrenOf(process.pid)) if (!isOurs(pid) && statOf(pid)?.state === 'Z') reap(pid);
  }, LOOK_MS);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
