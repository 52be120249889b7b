/** Metrics of the most recent runs of each job. */

import { metric, type Sample } from '../lines/prometheus.ts';
import { type JobHistory, readHistories, readLastResults } from './history.ts';
import type { LedgerFile } from './ledger-file.ts';
import type { Run } from './records.ts';

/** A job with its most recent runs. */
interface LastRuns extends JobHistory {
  /** When the newest successful run ended. */
  readonly success: number | undefined;
  /** The newest run that has started and ended. */
  readonly last: Run | undefined;
  /** The newest scheduled run that has started. */
  readonly due: Run | undefined;
}

/** @throws the library's error */
export function jobMetrics(file: LedgerFile): string[] {
  const jobs = readHistories(file).map((history): LastRuns => {
    const newest = history.recent.toReversed();
    return {
      ...history,
      success: readLastResults(file, history.job.name).success,
      last: newest.find(({ state, end }) => (state === 'success' || state === 'failed') && end !== undefined),
      due: newest.find(({ trigger, start }) => trigger === 'schedule' && start !== undefined),
    };
  });
  const gauge = (name: string, help: string, value: (job: LastRuns) => number | undefined) =>
    metric(
      `etl_job_${name}`,
      'gauge',
      help,
      jobs.map((each) => [{ job_name: each.job.name }, value(each)]),
    );
  return [
    gauge('paused', '1 while the job is paused.', ({ job }) => (job.paused === undefined ? 0 : 1)),
    gauge('last_scheduled_timestamp_seconds', 'Time for which the newest run was scheduled.', ({ recent }) =>
      toSeconds(recent.at(-1)?.scheduled),
    ),
    gauge('last_end_timestamp_seconds', 'When the last run ended.', ({ last }) => toSeconds(last?.end)),
    gauge('last_success_timestamp_seconds', 'When the last successful run ended.', ({ success }) =>
      toSeconds(success),
    ),
    gauge('last_status', 'Exit status of the last run.', ({ last }) => last?.status),
    gauge('last_duration_seconds', 'How long the last run took.', ({ last }) =>
      last?.end === undefined || last.start === undefined ? undefined : (last.end - last.start) / 1000,
    ),
    gauge('last_schedule_delay_seconds', 'How late the last run that was due started.', ({ due }) =>
      due?.start === undefined ? undefined : (due.start - due.scheduled) / 1000,
    ),
    metric(
      'etl_job_last_rows',
      'gauge',
      'Rows in and out of the last tool of the last run, and rejected by all.',
      jobs.flatMap(({ job, last }) => rowSamples(job.name, last)),
    ),
    gauge('failures_in_a_row', 'Failed runs since the last successful one, at most 30.', ({ recent }) =>
      failuresInARow(recent),
    ),
    gauge(
      'missed_in_a_row',
      'Missed due times since the last run that was not missed, within the last 30 runs.',
      ({ recent }) => missedInARow(recent),
    ),
    gauge('alert_after', 'Failures in a row after which on-failure runs, by its policy.', ({ job }) =>
      policy(job.policies, 'alertAfter'),
    ),
    gauge('expected_rows', 'Rows that a run is expected to put out, by its policy.', ({ job }) =>
      policy(job.policies, 'expectRows'),
    ),
  ];
}

function rowSamples(job: string, last: Run | undefined): Sample[] {
  if (last?.rows === undefined) return [];
  const { in: taken, out, rejected } = last.rows;
  return [
    [{ job_name: job, rows: 'in' }, taken],
    [{ job_name: job, rows: 'out' }, out],
    [{ job_name: job, rows: 'rejected' }, rejected],
  ];
}

function failuresInARow(recent: readonly Run[]): number {
  const ended = recent.filter(({ state }) => state === 'success' || state === 'failed');
  return ended.length - 1 - ended.findLastIndex(({ state }) => state === 'success');
}

/** Due times without a run since the last run that started. */
function missedInARow(recent: readonly Run[]): number {
  const after = recent.slice(recent.findLastIndex(({ start }) => start !== undefined) + 1);
  const missed = after.filter(({ reason }) => reason === 'missed' || reason === 'overlap');
  return missed.reduce((sum, { count }) => sum + count, 0);
}

/** Reads one policy defensively: a newer version may have written the ledger. */
function policy(policies: object, name: 'alertAfter' | 'expectRows'): number | undefined {
  const value = (policies as Record<string, unknown>)[name];
  return typeof value === 'number' && value > 0 ? value : undefined;
}

export function toSeconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
