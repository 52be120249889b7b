/** When a job last ran, when it runs next, and what looks wrong with it, in a few words. */

import { formatTime, type Zone } from '../../data/format.ts';
import type { JobJson } from '../runs-json.ts';
import { formatAgo, formatTook, timeOf, tookMs } from './moments.ts';

/** `4 min ago, 0.4 s`, with a note if it failed, or how long it has been running. */
export function lastText({ recent }: JobJson, now: number): string {
  const last = recent.findLast(({ start }) => start !== null);
  const start = timeOf(last?.start ?? null);
  if (last === undefined || start === undefined) return '–';
  const took = formatTook(tookMs(last.start, last.end, now));
  if (last.state === 'running') return `running, ${took}`;
  return `${last.state === 'failed' ? 'failed ' : ''}${formatAgo(start, now)}, ${took}`;
}

/** `in 3 min`; `now` for a run that is overdue. A dash if no schedule is running to start it. */
export function nextText(
  { next, paused, schedule }: JobJson,
  { now, live }: { readonly now: number; readonly live: boolean },
): string {
  if (paused !== null) return 'paused';
  const time = timeOf(next);
  if (time === undefined || !live) return schedule === '' ? 'by hand' : '–';
  return formatAgo(Math.max(time, now), now);
}

/** A notice, with its times in the format of the page. */
export function noticeText(notice: string, zone: Zone): string {
  return notice.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => formatTime(Date.parse(time), zone));
}
