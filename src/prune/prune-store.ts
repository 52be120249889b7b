/**
 * Removes old rows from a store in small transactions, short windows and old rows first.
 *
 * A row is removed only when a row of the next longer window covers it, and counts at least as many readings as all
 * rows within it. Age is relative to the store's newest row, or to now if that is earlier: neither a clock that is
 * ahead, nor a store that gets no more rows, loses everything.
 */

import { quote } from '../lines/line.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { formatTime } from '../readings/time.ts';
import { presentSeries } from '../stores/present-series.ts';
import type { Series, SeriesKey, StoreReader } from '../stores/reader.ts';
import type { Store } from '../stores/store.ts';
import { Coverage, type Told } from './coverage.ts';
import { coarserOf, type Kept, keptOf } from './keep-list.ts';

export interface PruneSettings {
  readonly keep: readonly Kept[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** The latest time not too far in the future: epoch milliseconds, or Infinity. */
  readonly latest: number;
  readonly signal: AbortSignal;
}

/** The outcome for the old rows of a sensor and window. */
export interface Pruned extends SeriesKey {
  readonly removed: number;
  /** Number of old rows kept, because no row of the longer window covers them. */
  readonly waiting: number;
  readonly coarser: string | undefined;
  /** Rows that end before this are old: epoch milliseconds. */
  readonly before: number;
}

/** Describes the removed rows. */
export function prunedText({ sensor, window, removed, before }: Pruned): string {
  return `${quote(sensor)} ${window}: ${removed} rows that end before ${formatTime(before)}`;
}

/** Describes the rows that were kept. */
export function waitingText({ sensor, window, waiting, coarser }: Pruned): string {
  const [rows, them] = waiting === 1 ? ['1 row stays', 'it'] : [`${waiting} rows stay`, 'them'];
  return `${quote(sensor)} ${window}: ${rows}, since no row of ${coarser} covers ${them}`;
}

/** @param remove deletes rows, or only counts them @throws Failure like the reader and the store */
export async function* pruneStore(
  reader: StoreReader,
  remove: NonNullable<Store['remove']>,
  { keep, now, latest, signal }: PruneSettings,
): AsyncGenerator<Pruned> {
  const wanted: (Pick<Series, 'sensor' | 'window' | 'from'> & { readonly kept: Kept })[] = [];
  let newest = Number.NEGATIVE_INFINITY;
  for await (const page of presentSeries(reader, latest))
    for (const { sensor, window, from, to } of page) {
      newest = Math.max(newest, to);
      const kept = keptOf(keep, window);
      if (kept !== undefined) wanted.push({ sensor, window, from, kept });
    }
  // Shorter windows first, while the longer rows that cover them still exist.
  wanted.sort((one, other) => one.kept.lengthMs - other.kept.lengthMs);
  for (const { sensor, window, from, kept } of wanted) {
    const before = Math.min(now, newest) - kept.keepMs;
    if (from >= before) continue;
    const coarser = coarserOf(keep, kept);
    const coverage = coarser && new Coverage(reader, sensor, coarser);
    const isOld = (row: StatsRow) => Date.parse(row.end) < before;
    let [removed, waiting] = [0, 0];
    // One transaction per batch of the reader: a page of a database, or a whole file, which is replaced at once.
    let most = 1;
    const take = async (told: Told) => {
      waiting += told.waiting.filter(isOld).length;
      const gone = told.covered.filter(isOld);
      for (let at = 0; at < gone.length; at += most) {
        signal.throwIfAborted();
        removed += await remove(gone.slice(at, at + most));
      }
    };
    // Coverage compares a longer row with all rows within it, even those that are not old yet.
    const to = before + (coverage?.reachMs ?? 0);
    for await (const rows of reader.rows({ sensor, window, from: Number.NEGATIVE_INFINITY, to })) {
      most = Math.max(most, rows.length);
      await take(coverage === undefined ? { covered: rows, waiting: [] } : await coverage.tell(rows));
    }
    if (coverage !== undefined) await take(coverage.end());
    yield { sensor, window, removed, waiting, coarser: coarser?.window, before };
  }
}
