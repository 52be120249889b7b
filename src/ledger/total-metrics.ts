/** Counters of runs, tries and tools. */

import { type Labels, metric, type Sample } from '../lines/prometheus.ts';
import type { LedgerFile } from './ledger-file.ts';
import { readTotals } from './totals.ts';

/** @throws the library's error */
export function totalMetrics(file: LedgerFile): string[] {
  const { runs, starts, tries, tools } = readTotals(file);
  return [
    metric(
      'etl_runs_total',
      'counter',
      'Runs that have ended, and due times that were skipped.',
      runs.map(({ job, state, reason, runs }) => [{ job_name: job, state, reason }, runs]),
    ),
    metric(
      'etl_run_duration_seconds',
      'summary',
      'Time from the start of the first try to the end of the last.',
      runs
        .filter(({ timed }) => timed > 0)
        .flatMap(({ job, state, reason, timed, seconds }) =>
          summary({ job_name: job, state, reason }, seconds, timed),
        ),
    ),
    metric(
      'etl_run_queued_duration_seconds',
      'summary',
      'Time from the decision to run to the start.',
      starts.flatMap(({ job, runs, queued_seconds }) => summary({ job_name: job }, queued_seconds, runs)),
    ),
    metric(
      'etl_run_schedule_delay_seconds',
      'summary',
      'Time from when a run was due to its start.',
      starts.flatMap(({ job, due, delay_seconds }) => summary({ job_name: job }, delay_seconds, due)),
    ),
    metric(
      'etl_tries_total',
      'counter',
      'Tries that have ended.',
      tries.map(({ job, task, state, tries }) => [{ job_name: job, task, state }, tries]),
    ),
    metric(
      'etl_try_duration_seconds',
      'summary',
      'How long tries took.',
      tries
        .filter(({ timed }) => timed > 0)
        .flatMap(({ job, task, state, timed, seconds }) =>
          summary({ job_name: job, task, state }, seconds, timed),
        ),
    ),
    metric(
      'etl_try_cpu_seconds_total',
      'counter',
      'CPU time of all processes of tries.',
      tries.map(({ job, task, state, cpu_seconds }) => [{ job_name: job, task, state }, cpu_seconds]),
    ),
    metric(
      'etl_tool_duration_seconds',
      'summary',
      'How long the tools of a job took, by their own report and exit status.',
      tools.flatMap(({ job, tool, status, reports, seconds }) =>
        summary({ job_name: job, tool, status: String(status) }, seconds, reports),
      ),
    ),
    metric(
      'etl_tool_rows_total',
      'counter',
      'Rows that the tools of a job took in, handed on and rejected.',
      tools.flatMap(({ job, tool, status, rows_in, rows_out, rejected }): Sample[] => {
        const labels = { job_name: job, tool, status: String(status) };
        return [
          [{ ...labels, rows: 'in' }, rows_in],
          [{ ...labels, rows: 'out' }, rows_out],
          [{ ...labels, rows: 'rejected' }, rejected],
        ];
      }),
    ),
  ];
}

function summary(labels: Labels, sum: number, count: number): Sample[] {
  return [
    [labels, sum, '_sum'],
    [labels, count, '_count'],
  ];
}
