/**
 * The metrics of a ledger in Prometheus format: counters, and gauges of the last runs of each job. The label of a job is
 * `job_name`, since Prometheus reserves `job`.
 */

import { metric } from '../lines/prometheus.ts';
import { jobMetrics, toSeconds } from './job-metrics.ts';
import type { LedgerFile } from './ledger-file.ts';
import { readMark } from './read-runs.ts';
import { UNFINISHED } from './rows.ts';
import { totalMetrics } from './total-metrics.ts';

/** All metrics of a ledger. Call it in a snapshot, so that they agree. @throws the library's error */
export function ledgerMetrics(file: LedgerFile): string {
  return [...scheduleMetrics(file), ...totalMetrics(file), ...jobMetrics(file)].join('');
}

function scheduleMetrics(file: LedgerFile): string[] {
  const mark = readMark(file);
  const unfinished = new Map<string, number>(
    ['queued', 'running', 'up_for_retry'].map((state) => [state, 0]),
  );
  const states = file.sql(`SELECT state, count(*) AS runs FROM run WHERE ${UNFINISHED} GROUP BY state`);
  for (const { state, runs } of states.all()) unfinished.set(state, runs);
  const { jobs } = file.sql('SELECT count(*) AS jobs FROM job WHERE gone IS NULL').get();
  return [
    metric(
      'etl_schedule_decided_timestamp_seconds',
      'gauge',
      'Time up to which the schedule has decided what runs.',
      [[{}, toSeconds(mark?.decided)]],
    ),
    metric('etl_schedule_jobs', 'gauge', 'Jobs of the schedule.', [[{}, jobs]]),
    metric(
      'etl_runs_unfinished',
      'gauge',
      'Runs that are queued, running or up for retry.',
      [...unfinished].map(([state, runs]) => [{ state }, runs]),
    ),
  ];
}
