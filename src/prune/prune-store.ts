/**
 * Removes old rows from a store, those of shorter windows and the oldest first, in small transactions.
 *
 * A row goes only when a row of the next longer window of the list has it, and counts as many readings as all within it. How
 * old rows are is counted from the newest row of the store, or from now when that is earlier: neither a clock that is ahead nor
 * a store that nobody fills any more loses all it has.
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
  /** The latest time that is not too far ahead of the clock: epoch milliseconds, or Infinity. */
  readonly latest: number;
  readonly signal: AbortSignal;
}

/** What became of the old rows of a sensor and window. */
export interface Pruned extends SeriesKey {
  readonly removed: number;
  /** How many old rows are kept, since no row of the longer window has them. */
  readonly waiting: number;
  readonly coarser: string | undefined;
  /** Rows that end before this are old: epoch milliseconds. */
  readonly before: number;
}

/** Which rows go, in words. */
export function prunedText({ sensor, window, removed, before }: Pruned): string {
  return `${quote(sensor)} ${window}: ${removed} rows that end before ${formatTime(before)}`;
}

/** Which rows stay, in words. */
export function waitingText({ sensor, window, waiting, coarser }: Pruned): string {
  const [rows, them] = waiting === 1 ? ['1 row stays', 'it'] : [`${waiting} rows stay`, 'them'];
  return `${quote(sensor)} ${window}: ${rows}, since no row of ${coarser} has ${them}`;
}

/** @param remove takes rows away, or only counts them @throws Failure as the reader and the store do */
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
  // Shorter windows first: the longer rows that cover them must not be gone by then.
  wanted.sort((one, other) => one.kept.lengthMs - other.kept.lengthMs);
  for (const { sensor, window, from, kept } of wanted) {
    const before = Math.min(now, newest) - kept.keepMs;
    if (from >= before) continue;
    const coarser = coarserOf(keep, kept);
    const coverage = coarser && new Coverage(reader, sensor, coarser);
    const isOld = (row: StatsRow) => Date.parse(row.end) < before;
    let [removed, waiting] = [0, 0];
    // A transaction is as large as a batch of the reader: a page of a database, the whole of a file, which is replaced whole.
    let most = 1;
    const take = async (told: Told) => {
      waiting += told.waiting.filter(isOld).length;
      const gone = told.covered.filter(isOld);
      for (let at = 0; at < gone.length; at += most) {
        signal.throwIfAborted();
        removed += await remove(gone.slice(at, at + most));
      }
    };
    // The readings of a longer row are compared with those of all rows within it, so also with those that are not old yet.
    const to = before + (coverage?.reachMs ?? 0);
    for await (const rows of reader.rows({ sensor, window, from: Number.NEGATIVE_INFINITY, to })) {
      most = Math.max(most, rows.length);
      await take(coverage === undefined ? { covered: rows, waiting: [] } : await coverage.tell(rows));
    }
    if (coverage !== undefined) await take(coverage.end());
    yield { sensor, window, removed, waiting, coarser: coarser?.window, before };
  }
}
