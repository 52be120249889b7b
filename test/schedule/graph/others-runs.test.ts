import { expect, it, onTestFinished } from 'vitest';
import { addRequest } from '../../../src/ledger/requests.ts';
import { lockRunner } from '../../../src/ledger/runner-lock.ts';
import { until } from '../../harness.ts';
import { at, scheduling } from '../scheduling.ts';
import { graphOf } from './graphs.ts';

/** A schedule of a graph with this policy, and a run-tasks that does a run of it. */
async function beside(overlap: string, trigger: 'manual' | 'backfill' = 'manual') {
  const text = `dag: etl\nschedule: "* * * * *"\noverlap: ${overlap}\ntimezone: UTC\ntasks: {a: {run: 'true'}}\n`;
  const graphs = [graphOf(text, '/etl/etl.yaml')];
  const made = await scheduling({ crontab: '', start: at('10:00:30'), graphs });
  const { ledger, path, settle } = made;
  const { path: runner, release: unlock } = await lockRunner(path, 0);
  let isHeld = true;
  const release = () => {
    if (isHeld) unlock();
    isHeld = false;
  };
  onTestFinished(release);
  const times = { scheduled: at('10:00:00'), dataStart: 0, dataEnd: 0, repeat: undefined };
  const [run] = await ledger.add([{ job: 'etl', trigger, ...times, state: 'running', runner, task: 'a' }]);
  return {
    ...{ ...made, release },
    requests: () => ledger.read(({ sql }) => sql('SELECT verb, run, who FROM request').all()),
    endOther: () => {
      ledger.changeRun(run?.run ?? 0, { state: 'success' });
      return ledger.flush();
    },
    stop: async (number: number) => {
      const nothing = { job: undefined, task: undefined, at: undefined, env: {} };
      await ledger.write((file) => addRequest(file, { verb: 'stop', run: number, ...nothing, who: 'me' }, 0));
      await made.ask();
      await settle();
    },
    /** Lets time pass, and all be done that can be. */
    came: async (row: string) => {
      const rows = async () => {
        await settle();
        return made.rows();
      };
      await expect.poll(rows).toContain(row);
    },
  };
}

it('a run of a schedule is skipped while a run-tasks does another one', async () => {
  const { beatAt, came, endOther, end } = await beside('skip');
  await beatAt(at('10:01:00'));
  await came('etl 10:01 schedule skipped overlap');
  await endOther();
  await beatAt(at('10:02:00'));
  await end();
  await came('etl 10:02 schedule success');
});

it('waits for its end, when it is to wait; one that a person asks for does so in any case', async () => {
  for (const overlap of ['wait', 'skip']) {
    const { beatAt, came, begun, endOther, end, ledger, scheduler } = await beside(overlap);
    if (overlap === 'wait') await beatAt(at('10:01:00'));
    else {
      const times = { scheduled: at('10:01:00'), dataStart: 0, dataEnd: 0, repeat: undefined };
      const [run] = await ledger.add([{ job: 'etl', trigger: 'manual', ...times, state: 'queued' }]);
      const job = scheduler.jobs.get('etl');
      if (run !== undefined && job !== undefined) scheduler.take(run, job);
    }
    const trigger = overlap === 'wait' ? 'schedule' : 'manual';
    await came(`etl 10:01 ${trigger} queued`);
    expect(begun).toEqual([]);
    await endOther();
    await until(() => begun.length === 1, 'it begins');
    await end();
    await came(`etl 10:01 ${trigger} success`);
  }
});

it('has the other one ended, when it is to kill it', async () => {
  const { beatAt, begun, endOther, requests } = await beside('kill');
  await beatAt(at('10:01:00'));
  await expect.poll(requests).toEqual([{ verb: 'stop', run: 1, who: 'schedule' }]);
  expect(begun).toEqual([]);
  await endOther();
  await until(() => begun.length === 1, 'it begins');
});

it('is stopped while it waits, and waits no longer for a run-tasks that was killed', async () => {
  const { beatAt, begun, came, release, stop } = await beside('wait');
  await beatAt(at('10:01:00'));
  await came('etl 10:01 schedule queued');
  await stop(2);
  await came('etl 10:01 schedule skipped stopped');
  await beatAt(at('10:02:00'));
  await came('etl 10:02 schedule queued');
  release();
  await until(() => begun.length === 1, 'it begins');
});

it('goes on beside a backfill', async () => {
  const { beatAt, begun } = await beside('skip', 'backfill');
  await beatAt(at('10:01:00'));
  await until(() => begun.length === 1, 'it begins');
});
