/** Moments as people write them for an option: a time, a day, or one of a few words. */

import { quote } from '../lines/line.ts';
import { systemZone, timeZone } from '../stats/time-zone.ts';
import { instantOf } from '../stats/windows.ts';
import { parseTime } from './time.ts';

const DAY_MS = 86_400_000;

/** Days from today. */
const DAYS: ReadonlyMap<string, number> = new Map([
  ['yesterday', -1],
  ['today', 0],
  ['tomorrow', 1],
]);

/** The context of a moment. */
export interface Here {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The zone of days; undefined for the system's. */
  readonly zone: string | undefined;
}

/** Resolves to epoch milliseconds. */
export type Moment = (here: Here) => number;

/**
 * Parses `now`, `yesterday`, `2026-11-21` (a day is its first moment), or a time like `parseTime`, for an option's `parse`.
 *
 * @throws Error with a message for the user
 */
export function parseMoment(text: string): Moment {
  if (text === 'now') return ({ now }) => now;
  const days = DAYS.get(text);
  if (days !== undefined) return (here) => startOfDay(today(here) + days * DAY_MS, here);
  const midnight = /^\d{4}-\d\d-\d\d$/.test(text) ? parseTime(`${text}T00:00Z`) : undefined;
  if (midnight !== undefined) return (here) => startOfDay(midnight, here);
  const time = parseTime(text);
  if (time !== undefined) return () => time;
  throw new Error(`not a time: ${quote(text)} (write 2026-11-21T10:04:00Z, 2026-11-21, or yesterday)`);
}

/** The latest midnight in the zone, as wall-clock time. */
function today({ now, zone }: Here): number {
  const local = now + timeZone(zone ?? systemZone())(now);
  return local - (((local % DAY_MS) + DAY_MS) % DAY_MS);
}

function startOfDay(midnight: number, { zone }: Here): number {
  return instantOf(midnight, timeZone(zone ?? systemZone()));
}
