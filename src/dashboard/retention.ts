/**
 * Removes old rows from a store while it is served: at the start and every hour, by the rule of `prune-stats`.
 *
 * After each transaction it pauses for as long as that took, so that requests and other writers get their turn. After a failure
 * it tries again an hour later. Two servers of one store do no harm.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { elapsedMs } from '../async/clock.ts';
import type { Kept } from '../prune/keep-list.ts';
import { type Pruned, prunedText, pruneStore, waitingText } from '../prune/prune-store.ts';
import type { StoreReader } from '../stores/reader.ts';
import type { Store } from '../stores/store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface RetentionSettings {
  readonly reader: StoreReader;
  readonly store: Store;
  readonly keep: readonly Kept[];
  /** Epoch milliseconds. */
  now(): number;
  /** The latest time that is not too far ahead of the clock: epoch milliseconds, or Infinity. */
  latest(): number;
  /** Called with what was removed. */
  explain(message: string): void;
  /** Called once a day while old rows stay because windows of greater length lack them. */
  warn(message: string): void;
  /** Called with a failure of the store, or a bug. */
  failed(error: unknown): void;
  /** Aborted to end it. */
  readonly signal: AbortSignal;
  /** Waits; rejects when the signal is aborted. Tests replace it. */
  pause?(ms: number): Promise<unknown>;
}

/** Runs until the signal is aborted. Does not throw. */
export async function keepRows(settings: RetentionSettings): Promise<void> {
  const { signal, now, warn, failed, pause = (ms: number) => sleep(ms, undefined, { signal }) } = settings;
  let toldAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      const waiting = await removeOld({ ...settings, pause });
      // abs: if the clock is set back, too often is better than never.
      if (waiting !== undefined && Math.abs(now() - toldAt) >= DAY_MS) {
        warn(waiting);
        toldAt = now();
      }
    } catch (error) {
      if (!signal.aborted) failed(error);
    }
    await pause(HOUR_MS).catch(() => {});
  }
}

/** @returns a message about old rows that stay because windows of greater length lack them, if any @throws Failure of the store */
async function removeOld({
  reader,
  store,
  keep,
  now,
  latest,
  explain,
  signal,
  pause,
}: RetentionSettings & { pause(ms: number): Promise<unknown> }): Promise<string | undefined> {
  const remove: NonNullable<Store['remove']> = async (rows) => {
    const begun = elapsedMs();
    if (store.remove === undefined) throw new Error('a store that is read cannot remove rows');
    const removed = await store.remove(rows);
    await pause(Math.ceil(elapsedMs() - begun));
    return removed;
  };
  const waiting: Pruned[] = [];
  for await (const pruned of pruneStore(reader, remove, { keep, now: now(), latest: latest(), signal })) {
    if (pruned.removed > 0) explain(`${prunedText(pruned)} are removed`);
    if (pruned.waiting > 0) waiting.push(pruned);
  }
  const [first] = waiting;
  const others = waiting.length > 1 ? `; those of ${waiting.length - 1} other series likewise` : '';
  return first && waitingText(first) + others;
}
