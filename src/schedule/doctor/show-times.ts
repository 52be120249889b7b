/** Shows the next due times of a job, in UTC and in its own time zone. */

import { formatTime } from '../../readings/time.ts';
import { nextDue } from '../due/due.ts';
import { wallClock } from '../due/wall-clock.ts';
import type { Job } from '../jobs/job.ts';
import { zoneOf } from './explain.ts';

const MINUTE_MS = 60_000;
const DAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];

/** The next due times at or after `from`, at most `count`. */
export function nextTimes({ when }: Job, from: number, count: number): number[] {
  const times: number[] = [];
  let time = from - 1;
  while (times.length < count) {
    const next = nextDue(when, time);
    if (next === undefined) break;
    times.push(next);
    time = next;
  }
  return times;
}

/** `2026-11-29T11:00:00Z  Sun 12:00`, with the local date if it differs. */
export function showTime(time: number, job: Job): string {
  const local = localTime(time, zoneOf(job));
  const day = DAYS[((Math.floor(local / 86_400_000) % 7) + 7) % 7];
  const [utc, shown] = [formatTime(time), formatTime(local)];
  const [date, clock] = [shown.slice(0, 10), shown.slice(11, -1)];
  if (utc === shown) return `${utc}  ${day}`;
  return `${utc}  ${day} ${utc.startsWith(date) ? '' : `${date} `}${clock.replace(/:00$/, '')}`;
}

function localTime(time: number, zone: string | undefined): number {
  const minute = Math.floor(time / MINUTE_MS);
  const pieces = wallClock(zone).piecesOf(Math.floor(minute / 1440));
  const shift = pieces.find(({ end }) => minute < end)?.shift ?? 0;
  return time + shift * MINUTE_MS;
}
