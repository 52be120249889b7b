/** When a job ran, when it runs next, and what looks wrong about it, in a few words. */

import { formatTime, type Zone } from '../../data/format.ts';
import type { JobJson } from '../runs-json.ts';
import { formatAgo, formatTook, timeOf, tookMs } from './moments.ts';

/** `4 min ago, 0.4 s`, with a word about a failure, or for how long the last run has been under way. */
export function lastText({ recent }: JobJson, now: number): string {
  const last = recent.findLast(({ start }) => start !== null);
  const start = timeOf(last?.start ?? null);
  if (last === undefined || start === undefined) return '–';
  const took = formatTook(tookMs(last.start, last.end, now));
  if (last.state === 'running') return `running, ${took}`;
  return `${last.state === 'failed' ? 'failed ' : ''}${formatAgo(start, now)}, ${took}`;
}

/** `in 3 min`; what is due and has not begun is due now. A dash where no schedule lives that would begin it. */
export function nextText(
  { next, paused, schedule }: JobJson,
  { now, live }: { readonly now: number; readonly live: boolean },
): string {
  if (paused !== null) return 'paused';
  const time = timeOf(next);
  if (time === undefined || !live) return schedule === '' ? 'by hand' : '–';
  return formatAgo(Math.max(time, now), now);
}

/** A notice with its times as the page tells them. */
export function noticeText(notice: string, zone: Zone): string {
  return notice.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => formatTime(Date.parse(time), zone));
}
