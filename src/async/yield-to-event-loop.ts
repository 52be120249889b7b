/** Long work in one process with other work: it makes way for the event loop again and again. */

import { setImmediate as turn } from 'node:timers/promises';
import { elapsedMs } from './clock.ts';

const LONGEST_MS = 10;

/** @returns what long work calls between its steps, and waits for */
export function takingTurns(): () => Promise<void> {
  let begun = elapsedMs();
  return async () => {
    if (elapsedMs() - begun < LONGEST_MS) return;
    await turn();
    begun = elapsedMs();
  };
}
