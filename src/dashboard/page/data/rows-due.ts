/** Decides when to request the rows of a sensor. */

import type { RowsNeeded } from './selection.ts';
import type { SensorRows } from './series-json.ts';
import { holds } from './time-range.ts';

/** Thinned rows are too coarse once the visible span is shorter by this factor than when they were requested. */
const COARSE = 1.2;
const SHORTEST_MS = 1000;
const LONGEST_MS = 60_000;

/** Rows, the request they answer, and when they came. */
export interface LoadedRows extends SensorRows {
  readonly wanted: RowsNeeded;
  /** In epoch ms. */
  readonly at: number;
}

/**
 * When to request the rows of a sensor, in epoch ms: now (0), later, or never (Infinity) if the loaded rows will do.
 * Thinned rows are refreshed less often, since a new row hardly changes them.
 *
 * @param has the loaded rows; undefined for none
 * @param isOld whether the store has changed since then
 */
export function dueAt(
  { window, least, shown, step }: RowsNeeded,
  has: LoadedRows | undefined,
  isOld: boolean,
): number {
  if (has?.wanted.window !== window || !holds(has.wanted.span, least)) return 0;
  if (has.thinned && (has.wanted.step !== step || has.wanted.shown > COARSE * shown)) return 0;
  // The loaded rows, though unthinned, may be closer together than the requested step.
  if (step !== undefined && has.wanted.step === undefined) return 0;
  const pause = has.thinned ? Math.min((has.step * 1000) / 4, LONGEST_MS) : 0;
  return isOld ? has.at + Math.max(pause, SHORTEST_MS) : Infinity;
}

/** The sensors to request now, and when the next one is due, in epoch ms; Infinity for never. */
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

/** The answer for each requested sensor; without rows for a sensor that the server left out. */
export function answered(wanted: RowsNeeded, answers: readonly SensorRows[], at: number): LoadedRows[] {
  return wanted.sensors.map((sensor) => {
    const none = { sensor, step: 0, thinned: false, rows: [] };
    return { ...(answers.find((answer) => answer.sensor === sensor) ?? none), wanted, at };
  });
}
