/** Keeps a process responsive during long synchronous work: it yields to the event loop every 10 ms. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { elapsedMs } from './clock.ts';

const SHARE_MS = 10;

/** @returns a function to await after each step; it yields once 10 ms have passed since the last yield */
export function eventLoopYielder(): () => Promise<void> {
  let resumed = elapsedMs();
  return async () => {
    if (elapsedMs() - resumed < SHARE_MS) return;
    await nextTurn();
    resumed = elapsedMs();
  };
}

/** Array.map() that yields to the event loop in between. */
export async function mapYielding<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item, index: number) => Result,
): Promise<Result[]> {
  const yieldToEventLoop = eventLoopYielder();
  const results: Result[] = [];
  for (const item of items) {
    results.push(work(item, results.length));
    await yieldToEventLoop();
  }
  return results;
}
