import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { ledgerMetrics } from '../../src/ledger/prometheus.ts';
import { LedgerReader } from '../../src/ledger/reader.ts';
import type { NewRun, NextState, ToolReport, TryResult } from '../../src/ledger/records.ts';
import { beginGraph, endTaskTry } from '../../src/ledger/tasks.ts';
import { intendTry } from '../../src/ledger/write-runs.ts';
import { job, MINUTE, markAt, NOON, newRun, openedLedger, result } from './invented.ts';

/** The metrics of a ledger by name and labels, without comments. */
async function metricsOf(path: string): Promise<Map<string, number>> {
  const reader = new LedgerReader(path, { waitMs: 1000, signal: new AbortController().signal });
  const text = (await reader.read(ledgerMetrics)) ?? '';
  await reader.close();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

/** A run with its tries: how each ended, and what that made of the run. */
async function done(
  ledger: Ledger,
  run: NewRun,
  tries: readonly (readonly [end: TryResult, next: NextState, reports?: readonly ToolReport[]])[],
): Promise<number> {
  const [{ run: number } = { run: 0 }] = await ledger.decide(markAt(run.scheduled), [run]);
  for (const [at, [end, next, reports = []]] of tries.entries()) {
    const one = { run: number, task: run.job, number: at + 1 };
    await ledger.intend([one]);
    if (end.start !== undefined) ledger.started(one, end.start);
    ledger.ended(one, end, reports, next);
    await ledger.flush();
  }
  return number;
}

const report = (tool: string, also: Partial<ToolReport> = {}): ToolReport => ({
  ...{ tool, in: 60, out: 59, rejected: 1, ms: 500, status: 0, ...also },
});
const ok = { state: 'success' } as const;
const failed = { state: 'failed' } as const;

describe('the metrics of a ledger', () => {
  it('count runs, tries and rows of tools', async () => {
    const { ledger, path } = await openedLedger();
    await done(ledger, newRun('a', NOON), [
      [
        result('failed', { start: NOON + 500, end: NOON + 1000 }),
        { state: 'up_for_retry', retryAt: NOON + 2000 },
      ],
      [
        result('success', { start: NOON + 2000, end: NOON + 3500 }),
        ok,
        [report('get-stats'), report('load-stats', { in: 3, out: 3, rejected: undefined })],
      ],
    ]);
    await done(ledger, newRun('a', NOON + MINUTE), [
      [result('success'), ok, [report('load-stats', { status: 75, out: undefined })]],
    ]);
    const metrics = await metricsOf(path);
    const a = (labels = '') => `{job_name="a"${labels}}`;
    expect(Object.fromEntries(metrics)).toMatchObject({
      [`etl_runs_total${a(',state="success",reason=""')}`]: 2,
      [`etl_run_duration_seconds_sum${a(',state="success",reason=""')}`]: 3 + 2,
      [`etl_run_duration_seconds_count${a(',state="success",reason=""')}`]: 2,
      [`etl_run_queued_duration_seconds_sum${a()}`]: 0.5 + 1,
      [`etl_run_schedule_delay_seconds_count${a()}`]: 2,
      [`etl_tries_total${a(',task="a",state="failed"')}`]: 1,
      [`etl_tries_total${a(',task="a",state="success"')}`]: 2,
      [`etl_try_duration_seconds_sum${a(',task="a",state="success"')}`]: 3.5,
      [`etl_try_cpu_seconds_total${a(',task="a",state="success"')}`]: 1,
      [`etl_tool_duration_seconds_sum${a(',tool="get-stats",status="0"')}`]: 0.5,
      [`etl_tool_rows_total${a(',tool="load-stats",status="0",rows="in"')}`]: 3,
      [`etl_tool_rows_total${a(',tool="load-stats",status="75",rows="in"')}`]: 60,
      [`etl_tool_rows_total${a(',tool="load-stats",status="75",rows="out"')}`]: 0,
      [`etl_tool_rows_total${a(',tool="load-stats",status="75",rows="rejected"')}`]: 1,
    });
  });

  it('count the items of a task together', async () => {
    const { ledger, path } = await openedLedger();
    const [{ run } = { run: 0 }] = await ledger.add([newRun('a', NOON)]);
    const items = [0, 1].map((position) => ({ task: `count[${position}]`, split: 'count', position }));
    await ledger.write((file) => {
      beginGraph(
        file,
        run,
        'hash',
        items.map((item) => ({ ...item, hash: '', state: 'none' })),
      );
      for (const { task } of items) {
        intendTry(file, { run, task, number: 1 });
        const next = { state: 'success' } as const;
        endTaskTry(file, { run, task, number: 1 }, { result: result('success'), reports: [], next });
      }
    });
    const tries = [...(await metricsOf(path))].filter(([name]) => name.startsWith('etl_tries_total'));
    expect(tries).toEqual([['etl_tries_total{job_name="a",task="count",state="success"}', 2]]);
  });

  it('do not fall when old runs are removed, and are gone with their job', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.register([job('a')]);
    await done(ledger, newRun('a', NOON), [[result('success'), ok, [report('load-stats')]]]);
    const database = new DatabaseSync(path);
    onTestFinished(() => database.close());
    database.exec('DELETE FROM run; DELETE FROM try; DELETE FROM report');
    expect([...(await metricsOf(path)).keys()].filter((name) => name.includes('_total{'))).toHaveLength(6);
    database.exec('DELETE FROM job');
    expect([...(await metricsOf(path)).keys()].filter((name) => name.includes('job_name'))).toEqual([]);
  });

  it('count each end once, also when it is written twice, and a run that is taken up again twice', async () => {
    const { ledger, path } = await openedLedger();
    const run = await done(ledger, newRun('a', NOON), [[result('failed'), failed, [report('x')]]]);
    ledger.ended({ run, task: 'a', number: 1 }, result('failed'), [report('x')], failed);
    await ledger.flush();
    const runs = `etl_runs_total{job_name="a",state="failed",reason=""}`;
    const rows = 'etl_tool_rows_total{job_name="a",tool="x",status="0",rows="in"}';
    let metrics = await metricsOf(path);
    expect([metrics.get(runs), metrics.get(rows)]).toEqual([1, 60]);
    const database = new DatabaseSync(path);
    onTestFinished(() => database.close());
    database.exec(`UPDATE run SET state = 'queued', "trigger" = 'retry', "end" = NULL`);
    ledger.ended({ run, task: 'a', number: 2 }, result('failed', { end: NOON + 3_600_000 }), [], failed);
    await ledger.flush();
    metrics = await metricsOf(path);
    // From its first try on it would be an hour.
    const seconds = metrics.get('etl_run_duration_seconds_sum{job_name="a",state="failed",reason=""}');
    expect([metrics.get(runs), seconds]).toEqual([2, 2]);
  });

  it('count every due time of a gap, and all reasons for which nothing ran', async () => {
    const { ledger, path } = await openedLedger();
    const runs = await ledger.decide(markAt(NOON), [
      newRun('a', NOON, { state: 'skipped', reason: 'missed', count: 7 }),
      newRun('a', NOON + MINUTE, { repeat: 0, state: 'skipped', reason: 'missed', count: 2 }),
      newRun('a', NOON + MINUTE, { repeat: 0, state: 'skipped', reason: 'missed', count: 2 }),
      newRun('a', NOON + 2 * MINUTE),
    ]);
    const last = runs.at(-1)?.run ?? 0;
    ledger.changeRun(last, { state: 'skipped', reason: 'overlap' });
    ledger.changeRun(last, { state: 'skipped', reason: 'overlap' });
    await ledger.flush();
    const metrics = await metricsOf(path);
    const skipped = (reason: string) =>
      metrics.get(`etl_runs_total{job_name="a",state="skipped",reason="${reason}"}`);
    expect([skipped('missed'), skipped('overlap')]).toEqual([9, 1]);
  });

  it('say how the last runs of a job went', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.register([job('a', { policies: { alertAfter: 2, expectRows: 5 } }), job('b')]);
    const start = (minute: number) => ({
      start: NOON + minute * MINUTE + 250,
      end: NOON + minute * MINUTE + 1250,
    });
    await done(ledger, newRun('a', NOON), [[result('success', start(0)), ok]]);
    for (const minute of [1, 2, 3])
      await done(ledger, newRun('a', NOON + minute * MINUTE), [
        [result('failed', start(minute)), failed, [report('load-stats', { out: undefined, rejected: 4 })]],
      ]);
    await ledger.decide(markAt(NOON + 9 * MINUTE), [
      newRun('a', NOON + 4 * MINUTE, { state: 'skipped', reason: 'overlap' }),
      newRun('a', NOON + 8 * MINUTE, { state: 'skipped', reason: 'missed', count: 4 }),
      newRun('a', NOON + 9 * MINUTE, { state: 'skipped', reason: 'paused' }),
      newRun('b', NOON + 9 * MINUTE),
    ]);
    const metrics = await metricsOf(path);
    const a = [...metrics].filter(([name]) => name.startsWith('etl_job_') && name.includes('"a"'));
    expect(Object.fromEntries(a.map(([name, value]) => [name.replace('job_name="a"', ''), value]))).toEqual({
      'etl_job_paused{}': 0,
      'etl_job_last_scheduled_timestamp_seconds{}': (NOON + 9 * MINUTE) / 1000,
      'etl_job_last_end_timestamp_seconds{}': (NOON + 3 * MINUTE + 1250) / 1000,
      'etl_job_last_success_timestamp_seconds{}': (NOON + 1250) / 1000,
      'etl_job_last_status{}': 1,
      'etl_job_last_duration_seconds{}': 1,
      'etl_job_last_schedule_delay_seconds{}': 0.25,
      'etl_job_last_rows{,rows="in"}': 60,
      'etl_job_last_rows{,rows="rejected"}': 4,
      'etl_job_failures_in_a_row{}': 3,
      'etl_job_missed_in_a_row{}': 5,
      'etl_job_alert_after{}': 2,
      'etl_job_expected_rows{}': 5,
    });
    const b = [...metrics.keys()].filter((name) => name.startsWith('etl_job_') && name.includes('"b"'));
    expect(b).toEqual([
      'etl_job_paused{job_name="b"}',
      'etl_job_last_scheduled_timestamp_seconds{job_name="b"}',
      'etl_job_failures_in_a_row{job_name="b"}',
      'etl_job_missed_in_a_row{job_name="b"}',
    ]);
  });

  it('say what the schedule has to do, and how far it has decided', async () => {
    const { ledger, path } = await openedLedger();
    expect(Object.fromEntries(await metricsOf(path))).toEqual({
      etl_schedule_jobs: 0,
      'etl_runs_unfinished{state="queued"}': 0,
      'etl_runs_unfinished{state="running"}': 0,
      'etl_runs_unfinished{state="up_for_retry"}': 0,
    });
    await ledger.register([job('a'), job('b')]);
    await ledger.decide(markAt(NOON), [newRun('a', NOON), newRun('b', NOON, { state: 'running' })]);
    expect(Object.fromEntries(await metricsOf(path))).toMatchObject({
      etl_schedule_decided_timestamp_seconds: NOON / 1000,
      etl_schedule_jobs: 2,
      'etl_runs_unfinished{state="queued"}': 1,
      'etl_runs_unfinished{state="running"}': 1,
    });
    await ledger.register([job('a')]);
    expect((await metricsOf(path)).get('etl_schedule_jobs')).toBe(1);
  });

  it('escape the names of jobs and tools', async () => {
    const { ledger, path } = await openedLedger();
    await done(ledger, newRun('k"\\\n', NOON), [[result('success'), ok]]);
    expect([...(await metricsOf(path)).keys()]).toContain(
      'etl_runs_total{job_name="k\\"\\\\\\n",state="success",reason=""}',
    );
  });
});
