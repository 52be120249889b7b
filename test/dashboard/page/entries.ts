/** Series, as in the page's state. */

import type { Entry } from '../../../src/dashboard/page/data/series-json.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** 12:30 UTC. */
export const now = Date.UTC(2026, 10, 21, 12, 30);

/** The attic's series of a window with this newest row; times in epoch ms. */
export function entry(window: string, start: number, end: number, last?: number): Entry {
  const further = last === undefined ? [] : [['last', last] as const];
  const latest = {
    start,
    end,
    count: 60,
    min: 19.5,
    max: 21,
    avg: 20.25,
    missing: undefined,
    rows: 1,
    gap: false,
  };
  const every = window === 'all' ? MINUTE : HOUR;
  return {
    ...{ sensor: 'attic', window, rows: 9, from: start, to: end, every },
    ...{ unit: undefined, lastTime: undefined, limits: { min: undefined, max: undefined } },
    latest: { ...latest, further },
  };
}
