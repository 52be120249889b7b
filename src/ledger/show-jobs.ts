/** Jobs as rows, one line per job, with its last runs. */

import type { Column, Row } from '../lines/format-rows.ts';
import { formatTime } from '../readings/time.ts';
import type { JobHistory } from './history.ts';
import { type Moment, medianOf, noticesOf } from './notices.ts';
import type { Run, State } from './records.ts';
import { showTook } from './show-runs.ts';

export const jobColumns: readonly Column[] = [
  { name: 'job', type: 'text' },
  { name: 'schedule', type: 'text' },
  { name: 'next', type: 'text' },
  { name: 'runs', type: 'text' },
  { name: 'median', type: 'number' },
  { name: 'last', type: 'number' },
  { name: 'notices', type: 'text' },
];

const unicode: Readonly<Record<State, string>> = {
  ...{ queued: '…', running: '▶', success: '✓', failed: '✗', up_for_retry: '↻', skipped: '-' },
};
const ascii: Readonly<Record<State, string>> = {
  ...{ queued: ':', running: '>', success: '+', failed: 'x', up_for_retry: '~', skipped: '-' },
};

/** The fewest runs to show, however narrow the terminal. */
const FEWEST = 5;

export interface JobStyle {
  readonly isAscii: boolean;
  /** How many of the last runs to show. */
  readonly most: number;
  /** Whether durations are formatted for people, or plain seconds. */
  readonly isForPeople: boolean;
}

export function jobRow(history: JobHistory, moment: Moment, { isAscii, most, isForPeople }: JobStyle): Row {
  const { job, recent, durations } = history;
  const duration = (ms: number | undefined) =>
    ms === undefined ? '' : isForPeople ? showTook(ms) : String(ms / 1000);
  const next = job.paused === undefined ? moment.nextDue(moment.now) : undefined;
  const states = isAscii ? ascii : unicode;
  return [
    ...[job.name, job.schedule, next === undefined ? '' : formatTime(next)],
    recent
      .slice(-most)
      .map(({ state }) => states[state])
      .join(''),
    ...[duration(medianOf(durations)), duration(lastTook(recent))],
    noticesOf(history, moment).join('; '),
  ];
}

/** How many of the last runs fit in a line of this width, not counting notices. */
export function shownRuns(histories: readonly JobHistory[], width = Number.POSITIVE_INFINITY): number {
  const widest = (text: (job: JobHistory['job']) => string) =>
    histories.reduce((most, { job }) => Math.max(most, [...text(job)].length), 0);
  const others = 2 + '2026-11-21T12:00:00Z'.length + 2 + 2 + '0.123s'.length * 2 + 2;
  return Math.max(FEWEST, width - widest(({ name }) => name) - widest(({ schedule }) => schedule) - others);
}

function lastTook(recent: readonly Run[]): number | undefined {
  const last = recent.findLast(({ state }) => state === 'success' || state === 'failed');
  return last?.start === undefined || last.end === undefined ? undefined : last.end - last.start;
}
