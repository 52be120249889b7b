/**
 * The rows of what is shown: asked for once, and again when they have changed or when more of them are needed.
 *
 * One question is under way at a time, so a slow server is not asked for what nobody looks at any more. Of rows that
 * the server thins, a new one changes little: then less often.
 */

import { fetchRows } from './api.ts';
import type { Wanted } from './selection.ts';
import type { SensorRows } from './series-json.ts';
import { holds } from './time-range.ts';

const SHORTEST_MS = 1000;
const LONGEST_MS = 60_000;
const AFTER_FAILURE_MS = 5000;
/** Thinned rows are coarse when so much less is shown than was when they were asked for. */
const COARSE = 1.2;

interface Loaded extends SensorRows {
  readonly wanted: Wanted;
  readonly at: number;
}

export interface Loader {
  want(wanted: Wanted): void;
  /** These rows are no longer what the store has. */
  changed(sensors: Iterable<string>): void;
  rows(sensor: string): SensorRows | undefined;
}

/** `arrived` is called after every answer, with what went wrong or nothing. */
export function createLoader(arrived: (problem: string | undefined) => void): Loader {
  const loaded = new Map<string, Loaded>();
  const old = new Set<string>();
  let wanted: Wanted | undefined;
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
  const load = async (question: Wanted) => {
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
  const keep = (question: Wanted, answers: readonly SensorRows[]) => {
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

/** When a sensor's rows should be asked for: at once, later, or never as they are what is wanted. */
function dueAt({ window, least, shown }: Wanted, has: Loaded | undefined, isOld: boolean): number {
  if (has?.wanted.window !== window || !holds(has.wanted.span, least)) return 0;
  if (has.thinned && has.wanted.shown > COARSE * shown) return 0;
  const pause = has.thinned ? Math.min((has.step * 1000) / 4, LONGEST_MS) : 0;
  return isOld ? has.at + Math.max(pause, SHORTEST_MS) : Infinity;
}
