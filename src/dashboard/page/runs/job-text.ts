/** When a job ran, and when it runs next, in a few words. */

import { formatAgo, formatTook, timeOf, tookMs } from './moments.ts';
import type { JobJson } from './runs-json.ts';

/** `4 min ago, 0.4 s`, or for how long the last run has been under way. */
export function lastText({ recent }: JobJson, now: number): string {
  const last = recent.findLast(({ start }) => start !== null);
  const start = timeOf(last?.start ?? null);
  if (last === undefined || start === undefined) return '–';
  const took = formatTook(tookMs(last.start, last.end, now));
  return last.state === 'running' ? `running, ${took}` : `${formatAgo(start, now)}, ${took}`;
}

/** `in 3 min`; what is due and has not begun is due now. */
export function nextText({ next, paused, schedule }: JobJson, now: number): string {
  if (paused !== null) return 'paused';
  const time = timeOf(next);
  if (time === undefined) return schedule === '' ? 'by hand' : '–';
  return formatAgo(Math.max(time, now), now);
}
