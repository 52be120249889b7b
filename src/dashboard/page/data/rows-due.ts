/** When the rows of a sensor are asked for. */

import type { RowsNeeded } from './selection.ts';
import type { SensorRows } from './series-json.ts';
import { holds } from './time-range.ts';

/** Thinned rows are too coarse when this much less is shown than when they were asked for. */
const COARSE = 1.2;
const SHORTEST_MS = 1000;
const LONGEST_MS = 60_000;

/** Rows, for what they were asked, and when they came. */
export interface LoadedRows extends SensorRows {
  readonly wanted: RowsNeeded;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * When to ask for the rows of a sensor, in epoch milliseconds: at once (0), later, or never (Infinity) as they are what is
 * wanted. A new row changes little in rows that the server has thinned: then less often.
 *
 * @param has the rows that came last; undefined for none
 * @param isOld whether the store has other rows since then
 */
export function dueAt(
  { window, least, shown, step }: RowsNeeded,
  has: LoadedRows | undefined,
  isOld: boolean,
): number {
  if (has?.wanted.window !== window || !holds(has.wanted.span, least)) return 0;
  if (has.thinned && (has.wanted.step !== step || has.wanted.shown > COARSE * shown)) return 0;
  // Few enough for an earlier wish may be too many for this one.
  if (step !== undefined && has.wanted.step === undefined) return 0;
  const pause = has.thinned ? Math.min((has.step * 1000) / 4, LONGEST_MS) : 0;
  return isOld ? has.at + Math.max(pause, SHORTEST_MS) : Infinity;
}

/** The sensors whose rows are asked for now, and when the next one is: epoch milliseconds, Infinity for never. */
export function dueRows(
  wanted: RowsNeeded,
  loaded: ReadonlyMap<string, LoadedRows>,
  old: ReadonlySet<string>,
  { now, pausedUntil }: { readonly now: number; readonly pausedUntil: number },
): { readonly sensors: readonly string[]; readonly next: number } {
  const due = wanted.sensors.map((sensor) => {
    const at = dueAt(wanted, loaded.get(sensor), old.has(sensor));
    return { sensor, at: Math.max(at, pausedUntil) };
  });
  return {
    sensors: due.filter(({ at }) => at <= now).map(({ sensor }) => sensor),
    next: Math.min(...due.map(({ at }) => at)),
  };
}

/** The rows that came for each asked sensor: none for a sensor without an answer. */
export function answered(wanted: RowsNeeded, answers: readonly SensorRows[], at: number): LoadedRows[] {
  return wanted.sensors.map((sensor) => {
    const none = { sensor, step: 0, thinned: false, rows: [] };
    return { ...(answers.find((answer) => answer.sensor === sensor) ?? none), wanted, at };
  });
}
