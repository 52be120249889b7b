import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../../src/ledger/records.ts';
import type { Job } from '../../../src/schedule/jobs/job.ts';
import { Statsd } from '../../../src/schedule/measures/statsd.ts';
import type { TryOrder } from '../../../src/schedule/tries/try.ts';
import { NOON, result } from '../../ledger/invented.ts';

/** What a schedule would tell, from what happens to it. */
function statsd(now = NOON + 250) {
  const lines: string[] = [];
  const clock = { now };
  return { lines, clock, statsd: new Statsd({ add: (line) => lines.push(line) }, () => clock.now) };
}

const run = (job: string, also: Partial<Run> = {}): Run =>
  ({ job, trigger: 'schedule', scheduled: NOON, queued: NOON + 50, ...also }) as Run;
const order = (job: string, also: Partial<TryOrder> = {}): TryOrder =>
  ({ job: { name: job } as Job, task: job, number: 1, ...also }) as TryOrder;

describe('Statsd', () => {
  it('tells of a run by the names of Airflow', async () => {
    const { lines, clock, statsd: metrics } = statsd();
    const one = run('attic');
    metrics.tryStarted(order('attic'), one);
    metrics.tryEnded(order('attic'), result('success', { start: NOON + 1000, end: NOON + 3000 }));
    metrics.runEnded(one, result('success', { end: NOON + 3000 }), 'success');
    clock.now = NOON;
    await nextTurn();
    expect(lines).toEqual([
      'airflow.ti.start.attic.attic:1|c',
      'airflow.dag.attic.attic.queued_duration:200|ms',
      'airflow.dagrun.schedule_delay.attic:250|ms',
      'airflow.ti.finish.attic.attic.success:1|c',
      'airflow.ti_successes:1|c',
      'airflow.dag.attic.attic.duration:2000|ms',
      'airflow.dagrun.duration.success.attic:2750|ms',
    ]);
  });

  it('takes the duration of a run from its first try, and its delay only once', async () => {
    const { lines, clock, statsd: metrics } = statsd();
    const one = run('attic');
    metrics.tryStarted(order('attic'), one);
    clock.now = NOON + 60_000;
    metrics.tryStarted(order('attic', { number: 2 }), one);
    metrics.runEnded(one, result('failed', { end: NOON + 70_000 }), 'failed');
    expect(lines.filter((line) => line.endsWith('|ms'))).toEqual([
      'airflow.dag.attic.attic.queued_duration:200|ms',
      'airflow.dagrun.schedule_delay.attic:250|ms',
      'airflow.dagrun.duration.failed.attic:69750|ms',
    ]);
  });

  it('tells of the tasks of a graph, and of items by the name of their task', () => {
    const { lines, clock, statsd: metrics } = statsd();
    const one = run('etl');
    for (const task of ['list', 'count[0]', 'count[1]']) {
      metrics.taskChanged(one, { task, state: 'queued' });
      clock.now += 1000;
      metrics.taskChanged(one, { task, state: 'queued' });
      metrics.tryStarted(order('etl', { task }), one);
    }
    metrics.tryEnded(order('etl', { task: 'count[1]' }), result('success', { start: undefined }));
    expect(lines.filter((line) => !line.includes('.start.'))).toEqual([
      'airflow.dag.etl.list.queued_duration:1000|ms',
      'airflow.dagrun.schedule_delay.etl:1250|ms',
      'airflow.dag.etl.count.queued_duration:1000|ms',
      'airflow.dag.etl.count.queued_duration:1000|ms',
      'airflow.ti.finish.etl.count.success:1|c',
      'airflow.ti_successes:1|c',
    ]);
  });

  it('knows since when a run runs that the schedule before has begun', () => {
    const { lines, statsd: metrics } = statsd();
    metrics.runEnded(
      run('a', { start: NOON }),
      result('failed', { start: undefined, end: NOON + 5 }),
      'failed',
    );
    metrics.runEnded(run('b'), result('failed', { start: undefined }), 'failed');
    expect(lines).toEqual(['airflow.dagrun.duration.failed.a:5|ms']);
  });

  it('counts failures of tries, and neither success nor failure of what had nothing to do', () => {
    const { lines, statsd: metrics } = statsd();
    metrics.tryEnded(order('a'), result('failed', { start: undefined }));
    metrics.tryEnded(order('a'), result('skipped', { start: undefined }));
    metrics.runEnded(run('a'), result('skipped'), 'skipped');
    expect(lines).toEqual([
      'airflow.ti.finish.a.a.failed:1|c',
      'airflow.ti_failures:1|c',
      'airflow.ti.finish.a.a.skipped:1|c',
    ]);
  });

  it('tells of no delay of runs that came late on purpose, and of no negative time', () => {
    const { lines, statsd: metrics } = statsd(NOON - 1000);
    metrics.tryStarted(order('a'), run('a', { trigger: 'catchup' }));
    expect(lines.slice(1)).toEqual(['airflow.dag.a.a.queued_duration:0|ms']);
  });

  it('tells at each beat that it lives, and the slots as they are after what has happened', async () => {
    const { lines, statsd: metrics } = statsd();
    const slots = { open: 32, taken: 0, queued: 0 };
    metrics.beat(3, slots);
    Object.assign(slots, { open: 0, taken: 32, queued: 2 });
    await nextTurn();
    expect(lines).toEqual([
      'airflow.scheduler_heartbeat:1|c',
      'airflow.dagbag_size:3|g',
      'airflow.executor.open_slots:0|g',
      'airflow.executor.running_tasks:32|g',
      'airflow.executor.queued_tasks:2|g',
    ]);
    metrics.tryEnded(order('a'), result('success'));
    Object.assign(slots, { open: 1, taken: 31, queued: 0 });
    await nextTurn();
    expect(lines).toContain('airflow.executor.running_tasks:31|g');
  });

  it('has one part of a name for each job, whatever it is called', () => {
    const { lines, statsd: metrics } = statsd();
    metrics.tryEnded(order('Temp_ETL.sh'), result('skipped', { start: undefined }));
    metrics.tryEnded(order('a:1|c\n#@ küche', { task: 'x' }), result('skipped', { start: undefined }));
    expect(lines).toEqual([
      'airflow.ti.finish.Temp_ETL_sh.Temp_ETL_sh.skipped:1|c',
      'airflow.ti.finish.a_1_c____k_che.x.skipped:1|c',
    ]);
  });
});
