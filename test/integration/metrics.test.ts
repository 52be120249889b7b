/** Our metrics, as other people's programs read them. */

import { createSocket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { ledgerMetrics } from '../../src/ledger/prometheus.ts';
import { LedgerReader } from '../../src/ledger/reader.ts';
import type { NewRun, Run, ToolReport, TryResult } from '../../src/ledger/records.ts';
import type { Job } from '../../src/schedule/jobs/job.ts';
import { openMeasures } from '../../src/schedule/measures/measures.ts';
import { parseUdpAddress } from '../../src/schedule/measures/udp-lines.ts';
import type { TryOrder } from '../../src/schedule/tries/try.ts';
import { serving } from '../dashboard/serving.ts';
import { ended, privateFolder, root, shell, start } from '../harness.ts';
import { job, MINUTE, markAt, NOON, newRun, openedLedger, result } from '../ledger/invented.ts';
import { hasServer, printed, server } from '../servers.ts';

const ODD_NAME = 'küche "\\\n x=1,{}';

/** What statsd_exporter shows, once it shows this. @throws when it does not for a minute */
async function shown(web: string, wanted: string, again = () => {}): Promise<string> {
  for (let tries = 0; tries < 1200; tries++) {
    const text = await (await fetch(web)).text();
    if (text.includes(wanted)) return text;
    again();
    await sleep(50);
  }
  throw new Error(`statsd_exporter does not show ${wanted}`);
}

/** Waits until it takes packets: it answers HTTP before, and what nobody takes is lost. */
async function takesPackets(packets: string, web: string): Promise<void> {
  const { host, port } = parseUdpAddress(packets);
  const socket = createSocket('udp4').on('error', () => {});
  await shown(web, 'are_you_there 1', () => socket.send('are_you_there:1|g', port, host)).finally(() =>
    socket.close(),
  );
}

const report = (out: number): ToolReport => ({
  ...{ tool: 'load-stats', in: 60, out, rejected: 1, ms: 500, status: 0 },
});

async function done(ledger: Ledger, run: NewRun, end: TryResult, reports: readonly ToolReport[]) {
  const [{ run: number } = { run: 0 }] = await ledger.decide(markAt(run.scheduled), [run]);
  const one = { run: number, task: run.job, number: 1 };
  await ledger.intend([one]);
  ledger.ended(one, end, reports, { state: end.state });
  await ledger.flush();
}

async function textOf(path: string): Promise<string> {
  const reader = new LedgerReader(path, { waitMs: 1000, signal: new AbortController().signal });
  const text = await reader.read(ledgerMetrics);
  await reader.close();
  return text ?? '';
}

type Sample = readonly [name: string, labels: Readonly<Record<string, string>>, value: number];

describe.skipIf(!hasServer('clients'))('prometheus_client', () => {
  async function parsed(text: string): Promise<Sample[]> {
    const program = join(root, 'test/integration/parse-metrics.py');
    const end = await shell(`${printed('clients')}/python3 ${program}`, { stdin: text });
    expect(end).toMatchObject({ status: 0, stderr: '' });
    return JSON.parse(end.stdout);
  }

  it('reads the metrics of serve-stats and of a ledger, whatever jobs are called', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.register([job(ODD_NAME)]);
    await done(ledger, newRun(ODD_NAME, NOON), result('success'), [report(59)]);
    const served = await serving(['--ledger', path]);
    const samples = await parsed(await (await served.ask('/metrics')).text());
    const find = (name: string, labels: object) =>
      samples.filter(([found, its]) => {
        const wanted = Object.entries(labels);
        return found === name && wanted.every(([label, value]) => its[label] === value);
      });
    const same = { job_name: ODD_NAME };
    expect(find('etl_runs_total', same)).toEqual([
      ['etl_runs_total', { ...same, state: 'success', reason: '' }, 1],
    ]);
    expect(find('etl_tool_rows_total', { ...same, rows: 'out' })[0]?.[2]).toBe(59);
    expect(find('etl_run_duration_seconds_sum', same)[0]?.[2]).toBe(2);
    expect(find('etl_ledger_up', {})[0]?.[2]).toBe(1);
    expect(find('etl_event_listeners', {})[0]?.[2]).toBe(0);
  });
});

describe.skipIf(!hasServer('statsd-exporter'))('statsd_exporter', () => {
  const exporter = server('statsd-exporter');

  it('reads what a schedule tells', async () => {
    const [packets = '', web = ''] = exporter.address().split(' ');
    await takesPackets(packets, web);
    const { path } = await openedLedger();
    const measures = openMeasures(
      { statsd: parseUdpAddress(packets), textfile: undefined, ledger: path, waitMs: 0 },
      { warn: () => {}, explain: () => {}, failed: () => {}, now: () => NOON + 250 },
    );
    const run = { job: 'attic', trigger: 'schedule', scheduled: NOON, queued: NOON + 50 } as Run;
    const order = { job: { name: 'attic' } as Job, task: 'attic', number: 1 } as TryOrder;
    measures.beat(3, { open: 30, taken: 2, queued: 1 });
    measures.tryStarted(order, run);
    measures.tryEnded(order, result('success'), run);
    measures.runEnded(run, result('success', { end: NOON + 3000 }), 'success');
    measures.tryEnded(order, result('failed'), run);
    const samples = async () => (await (await fetch(web)).text()).split('\n');
    // It shows each packet when it has read it.
    await expect.poll(samples).toEqual(
      expect.arrayContaining([
        'airflow_scheduler_heartbeat 1',
        'airflow_dagbag_size 3',
        'airflow_executor_open_slots 30',
        'airflow_executor_running_tasks 2',
        'airflow_executor_queued_tasks 1',
        'airflow_ti_start_attic_attic 1',
        'airflow_ti_finish_attic_attic_success 1',
        'airflow_ti_finish_attic_attic_failed 1',
        'airflow_ti_successes 1',
        'airflow_ti_failures 1',
        // In seconds.
        'airflow_dag_attic_attic_duration_sum 4',
        'airflow_dag_attic_attic_queued_duration_sum 0.2',
        'airflow_dagrun_schedule_delay_attic_sum 0.25',
        'airflow_dagrun_duration_success_attic_sum 2.75',
      ]),
    );
    await measures.close();
  });
});

describe.skipIf(!hasServer('statsd-exporter'))('a schedule', () => {
  const exporter = server('statsd-exporter');

  it('tells the same over UDP and in its file, with the rows of the tools', async () => {
    const [packets = '', web = ''] = exporter.address().split(' ');
    await takesPackets(packets, web);
    const cwd = await privateFolder();
    const steps = 'get-temp | buffer-tail t.log | get-stats | load-stats --to stats.db';
    writeFileSync(join(cwd, 'crontab'), `#: name=attic\n@every 1s ${steps}\n`);
    const child = start('schedule', ['--statsd', packets, '--textfile', 'etl.prom'], { cwd });
    const end = ended(child);
    const told = async () => /^airflow_ti_successes (\d+)$/m.exec(await (await fetch(web)).text())?.[1];
    while (Number((await told()) ?? 0) < 3) await sleep(100);
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ signal: 'SIGTERM', stderr: '' });
    const text = readFileSync(join(cwd, 'etl.prom'), 'utf8');
    const value = (name: string) => {
      const line = text.split('\n').find((each) => each.startsWith(`${name} `));
      return Number(line?.slice(name.length));
    };
    const rows = (tool: string, kind: string) =>
      value(`etl_tool_rows_total{job_name="attic",tool="${tool}",status="0",rows="${kind}"}`);
    const successes = value('etl_tries_total{job_name="attic",task="attic",state="success"}');
    expect(successes).toBeGreaterThanOrEqual(3);
    await expect.poll(async () => Number(await told())).toBe(successes);
    expect([rows('get-temp', 'in'), rows('get-temp', 'out')]).toEqual([successes, successes]);
    expect(rows('load-stats', 'in')).toBe(rows('load-stats', 'out') + rows('load-stats', 'rejected'));
    expect(value('etl_job_last_rows{job_name="attic",rows="out"}')).toBe(1);
  });
});

describe.skipIf(!hasServer('promtool'))('promtool', () => {
  const rules = join(root, 'scripts/alerts.yml');
  const promtool = (words: string, stdin = '') => shell(`${printed('promtool')} ${words}`, { stdin });

  it('finds nothing to say against the metrics, and the rules', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.register([job('a', { policies: { alertAfter: 1, expectRows: 1 } })]);
    await done(ledger, newRun('a', NOON), result('success'), [report(59)]);
    expect(await promtool('check metrics', await textOf(path))).toMatchObject({ status: 0, stderr: '' });
    expect(await promtool(`check rules ${rules}`)).toMatchObject({ status: 0, stderr: '' });
  });

  /** Of a schedule that has decided all up to this minute, if any, and is looked at in the twentieth. */
  async function fired(decided: number | undefined, write: (ledger: Ledger) => Promise<void>) {
    const { ledger, path } = await openedLedger();
    await write(ledger);
    if (decided !== undefined) await ledger.decide(markAt(decided * MINUTE), []);
    const lines = (await textOf(path)).split('\n').filter((line) => /^[^#]/.test(line));
    const tests = join(await privateFolder(), 'tests.yml');
    const file = {
      rule_files: [rules],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: lines.map((line) => {
            const at = line.lastIndexOf(' ');
            return { series: line.slice(0, at), values: `${line.slice(at + 1)}+0x30` };
          }),
          promql_expr_test: [{ expr: 'ALERTS{alertstate="firing"}', eval_time: '20m', exp_samples: [] }],
        },
      ],
    };
    // JSON is YAML.
    writeFileSync(tests, JSON.stringify(file));
    const { stdout, stderr } = await promtool(`test rules ${tests}`);
    expect(`${stdout}${stderr}`).not.toMatch(/unmarshal|parse error/);
    const label = (series: string, name: string) => new RegExp(`${name}="(\\w+)"`).exec(series)?.[1];
    return [...`${stdout}${stderr}`.matchAll(/\{[^}]*alertname=[^}]*\}/g)]
      .map(([series]) => [label(series, 'alertname'), label(series, 'job_name')].filter(Boolean).join(' '))
      .sort();
  }

  it('fires no alert where all is well', async () => {
    const alerts = await fired(19, async (ledger) => {
      await ledger.register([job('a', { policies: { alertAfter: 1, expectRows: 59 } }), job('paused')]);
      const at = 19 * MINUTE;
      await done(ledger, newRun('a', at), result('success', { start: at + 100, end: at + 900 }), [
        report(59),
      ]);
      await ledger.decide(markAt(at), [newRun('paused', at, { state: 'skipped', reason: 'paused' })]);
    });
    expect(alerts).toEqual([]);
  });

  it('fires an alert for each thing that is wrong', async () => {
    const at = 5 * MINUTE;
    const end = { start: at + 100, end: at + 900 };
    const alerts = await fired(5, async (ledger) => {
      const once = (name: string, policies = {}) => job(name, { policies: { alertAfter: 1, ...policies } });
      await ledger.register([
        ...[once('fails'), once('seldom', { alertAfter: 2 }), once('missed'), once('late'), once('free')],
        ...[once('few', { expectRows: 60 }), once('empty', { expectRows: 1 })],
      ]);
      await done(ledger, newRun('fails', at), result('failed', end), []);
      await done(ledger, newRun('seldom', at), result('failed', end), []);
      await ledger.decide(markAt(at), [
        newRun('missed', at, { state: 'skipped', reason: 'missed', count: 3 }),
      ]);
      await done(ledger, newRun('late', at), result('success', { start: at + 61_000, end: at + 62_000 }), []);
      await done(ledger, newRun('empty', at), result('success', end), [report(0)]);
      await done(ledger, newRun('few', at), result('success', end), [report(59)]);
      await done(ledger, newRun('free', at), result('success', end), [report(0)]);
    });
    expect(alerts).toEqual([
      'EtlJobFailing fails',
      'EtlJobLate late',
      'EtlJobNotRun missed',
      'EtlJobTooFewRows empty',
      'EtlJobTooFewRows few',
      'EtlScheduleGone',
    ]);
  });

  it('fires an alert when nobody tells of a schedule', async () => {
    expect(await fired(undefined, async () => {})).toEqual(['EtlScheduleGone']);
  });
});
