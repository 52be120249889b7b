/** A steady rate: how many lines are due, time after time. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Lines that are due within this time come together. */
const SHORTEST_WAIT_MS = 5;
/** Longer waits are divided: Node's timers end at 24 days. */
const LONGEST_WAIT_MS = 60_000;
/** Lines that are late by more than this are dropped. */
const LONGEST_DELAY_MS = 1000;

/** Time that has passed, and the signal that ends it. */
export interface Stopwatch {
  /** Milliseconds since any fixed moment; never falls. */
  elapsed(): number;
  readonly signal: AbortSignal;
}

/**
 * The number of lines that are due, each time some are; without end.
 *
 * Line k is due k / rate seconds after the start, so that errors do not add up. After a stall at most a second's worth of
 * lines comes at once, and the rate goes on from there.
 *
 * @param rate lines per second, above 0
 * @throws the signal's reason when it is aborted
 */
export async function* dueLines(rate: number, { elapsed, signal }: Stopwatch): AsyncGenerator<number> {
  const between = 1000 / rate;
  const most = Math.max(1, Math.floor(LONGEST_DELAY_MS / between));
  let start = elapsed();
  for (let given = 0; ; ) {
    signal.throwIfAborted();
    const late = elapsed() - start - given * between;
    const due = Math.floor(late / between) + 1;
    if (due > most) start += (due - most) * between;
    if (due > 0) yield Math.min(due, most);
    given += Math.max(0, Math.min(due, most));
    const wait = start + given * between - elapsed();
    if (wait > 0) await pause(Math.max(wait, SHORTEST_WAIT_MS), signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.min(Math.ceil(ms), LONGEST_WAIT_MS), undefined, { signal }).catch(() => {});
  signal.throwIfAborted();
}
