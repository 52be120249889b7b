/**
 * The rows that are shown: asked for once, and again when they have changed or when more of them are needed.
 *
 * One request is under way at a time, so a slow server is not asked for what nobody looks at any more.
 */

import { fetchRows } from './api.ts';
import { answered, dueRows, type LoadedRows } from './rows-due.ts';
import type { RowsNeeded } from './selection.ts';
import type { SensorRows } from './series-json.ts';

const AFTER_FAILURE_MS = 5000;

interface Loader {
  /** Loads these rows where they are not. */
  want(wanted: RowsNeeded): void;
  /** To be called when the store may have other rows of these sensors. */
  changed(sensors: Iterable<string>): void;
  /** The rows of a sensor in the wanted window, or the ones before while those are on the way; undefined without any. */
  rows(sensor: string): SensorRows | undefined;
}

/**
 * One closure, since all of it shares the state of the one request under way.
 *
 * @param arrived called after every answer: with an error for people, or undefined
 */
export function createLoader(arrived: (problem: string | undefined) => void): Loader {
  const loaded = new Map<string, LoadedRows>();
  const old = new Set<string>();
  let wanted: RowsNeeded | undefined;
  let request: { readonly window: string; readonly aborter: AbortController } | undefined;
  let timer: number | undefined;
  let pausedUntil = 0;

  const look = () => {
    clearTimeout(timer);
    if (wanted === undefined || request !== undefined) return;
    const now = Date.now();
    const { sensors, next } = dueRows(wanted, loaded, old, { now, pausedUntil });
    if (sensors.length > 0) void load({ ...wanted, sensors });
    else if (Number.isFinite(next)) timer = setTimeout(look, next - now);
  };
  const load = async (needed: RowsNeeded) => {
    const aborter = new AbortController();
    request = { window: needed.window, aborter };
    for (const sensor of needed.sensors) old.delete(sensor);
    try {
      const answers = await fetchRows({ ...needed, ...needed.span }, aborter.signal);
      for (const rows of answered(needed, answers, Date.now())) loaded.set(rows.sensor, rows);
      arrived(undefined);
    } catch (error) {
      for (const sensor of needed.sensors) old.add(sensor);
      if (!aborter.signal.aborted) {
        pausedUntil = Date.now() + AFTER_FAILURE_MS;
        arrived(error instanceof Error ? error.message : `${error}`);
      }
    } finally {
      request = undefined;
      look();
    }
  };
  return {
    want(next) {
      wanted = next;
      if (request !== undefined && request.window !== next.window) request.aborter.abort();
      look();
    },
    changed(sensors) {
      for (const sensor of sensors) old.add(sensor);
      pausedUntil = 0;
      look();
    },
    rows(sensor) {
      const has = loaded.get(sensor);
      const isWanted = [has?.wanted.window, request?.window].includes(wanted?.window);
      return isWanted ? has : undefined;
    },
  };
}
