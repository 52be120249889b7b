/**
 * Loads the displayed rows: once, and again when they change or more are needed.
 *
 * Only one request is in flight at a time, so that a slow server does not get requests that are already obsolete.
 */

import { fetchRows } from './api.ts';
import { answered, dueRows, type LoadedRows } from './rows-due.ts';
import type { RowsNeeded } from './selection.ts';
import type { SensorRows } from './series-json.ts';

const AFTER_FAILURE_MS = 5000;

interface Loader {
  /** Loads the rows that are not loaded yet. */
  want(wanted: RowsNeeded): void;
  /** To be called when the store may have new rows of these sensors. */
  changed(sensors: Iterable<string>): void;
  /** The rows of a sensor in the wanted window, or the previous ones while those load; undefined for none. */
  rows(sensor: string): SensorRows | undefined;
}

/**
 * One closure, since everything here shares the state of the request in flight.
 *
 * @param arrived called after every response: with an error for the user, or undefined
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
