/**
 * The rows that are shown: asked for once, and again when they have changed or when more of them are needed.
 *
 * One request is under way at a time, so a slow server is not asked for what nobody looks at any more.
 */

import { fetchRows } from './api.ts';
import { dueAt, type LoadedRows } from './rows-due.ts';
import type { RowsNeeded } from './selection.ts';
import type { SensorRows } from './series-json.ts';

const AFTER_FAILURE_MS = 5000;
interface Loader {
  /** Loads these rows where they are not. */
  want(wanted: RowsNeeded): void;
  /** To be called when the store may have other rows of these sensors. */
  changed(sensors: Iterable<string>): void;
  /** The rows of a sensor in the wanted window; undefined while they are on the way. */
  rows(sensor: string): SensorRows | undefined;
}

/** @param arrived called after every answer: with an error for people, or undefined */
export function createLoader(arrived: (problem: string | undefined) => void): Loader {
  const loaded = new Map<string, LoadedRows>();
  const old = new Set<string>();
  let wanted: RowsNeeded | undefined;
  let under: { readonly window: string; readonly aborter: AbortController } | undefined;
  let timer: number | undefined;
  let pausedUntil = 0;

  const look = () => {
    clearTimeout(timer);
    if (wanted === undefined || under !== undefined) return;
    const now = Date.now();
    const due = new Map<string, number>();
    for (const sensor of wanted.sensors) {
      const at = dueAt(wanted, loaded.get(sensor), old.has(sensor));
      due.set(sensor, Math.max(at, pausedUntil));
    }
    const sensors = wanted.sensors.filter((sensor) => (due.get(sensor) ?? 0) <= now);
    const next = Math.min(...due.values());
    if (sensors.length > 0) void load({ ...wanted, sensors });
    else if (Number.isFinite(next)) timer = setTimeout(look, next - now);
  };
  const load = async (question: RowsNeeded) => {
    const aborter = new AbortController();
    under = { window: question.window, aborter };
    for (const sensor of question.sensors) old.delete(sensor);
    try {
      keep(question, await fetchRows({ ...question, ...question.span }, aborter.signal));
      arrived(undefined);
    } catch (error) {
      for (const sensor of question.sensors) old.add(sensor);
      if (!aborter.signal.aborted) {
        pausedUntil = Date.now() + AFTER_FAILURE_MS;
        arrived(error instanceof Error ? error.message : `${error}`);
      }
    } finally {
      under = undefined;
      look();
    }
  };
  const keep = (question: RowsNeeded, answers: readonly SensorRows[]) => {
    for (const sensor of question.sensors) {
      const none = { sensor, step: 0, thinned: false, rows: [] };
      const answer = answers.find((one) => one.sensor === sensor) ?? none;
      loaded.set(sensor, { ...answer, wanted: question, at: Date.now() });
    }
  };
  return {
    want(next) {
      wanted = next;
      if (under !== undefined && under.window !== next.window) under.aborter.abort();
      look();
    },
    changed(sensors) {
      for (const sensor of sensors) old.add(sensor);
      pausedUntil = 0;
      look();
    },
    rows(sensor) {
      const has = loaded.get(sensor);
      return has?.wanted.window === wanted?.window ? has : undefined;
    },
  };
}
