/** Parses a day or a time, as in `start` and `--backfill`. */

import { parseTime } from '../../../readings/time.ts';
import { systemZone, timeZone } from '../../../stats/time-zone.ts';
import { instantOf } from '../../../stats/windows.ts';

const DAY_MS = 86_400_000;

/** The first and the last millisecond of a day; for a time, both are that time. */
export interface Moments {
  readonly first: number;
  readonly last: number;
}

/** @param zone of a day; undefined: the system's @returns undefined for neither a day nor a time */
export function momentsIn(text: string, zone: string | undefined): Moments | undefined {
  const midnight = /^\d{4}-\d\d-\d\d$/.test(text) ? parseTime(`${text}T00:00Z`) : undefined;
  if (midnight !== undefined) {
    const known = timeZone(zone ?? systemZone());
    return { first: instantOf(midnight, known), last: instantOf(midnight + DAY_MS, known) - 1 };
  }
  const time = /^\d{4}-/.test(text) ? parseTime(text) : undefined;
  return time === undefined ? undefined : { first: time, last: time };
}
