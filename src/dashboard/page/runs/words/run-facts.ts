/** The facts of a run besides its state. */

import { formatTime, type Zone } from '../../data/format.ts';
import type { RunDetailJson } from '../runs-json.ts';
import { rowsText } from '../tips/run-tip.ts';
import { formatTook, timeOf, tookMs } from './moments.ts';

/** Most important first. */
export function runFacts(run: RunDetailJson, now: number, zone: Zone): string[] {
  const { scheduled, start, end, retryAt, tries, status, trigger, rows, env, count } = run;
  const took = tookMs(start, end, now);
  const next = timeOf(retryAt);
  const facts = [
    `for ${formatTime(Date.parse(scheduled), zone)}`,
    trigger === 'schedule' ? undefined : trigger,
    took === undefined ? undefined : `${end === null ? 'running for' : 'took'} ${formatTook(took)}`,
    tries > 1 ? `${tries} tries` : undefined,
    next === undefined ? undefined : `next try ${formatTime(next, zone)}`,
    status === null || status === 0 ? undefined : `status ${status}`,
    rowsText(rows),
    count > 1 ? `covers ${count} due times` : undefined,
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
  ];
  return facts.filter((fact) => fact !== undefined);
}
