import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tasksIn } from '../graph-runs.ts';
import { ended, run, start, until } from '../harness.ts';
import { killNow, processesWith } from '../processes.ts';

/** The first run does not end by itself. */
const WAITS = `tasks: {a: {run: 'echo "$ETL_RUN" >> did; if [ "$ETL_RUN" = 1 ]; then sleep 1h; fi'}, b: {needs: [a], run: 'true'}}`;

async function begun(text = WAITS, words: readonly string[] = []) {
  const made = await tasksIn(text);
  const child = made.begin(words);
  const end = ended(child);
  await until(() => made.lines('did').length > 0, 'the first run');
  const ask = (...asked: string[]) => run('runs', ['--ledger', made.file('runs.db'), ...asked]);
  return { ...made, child, end, ask };
}

describe('a run of run-tasks', () => {
  it('is stopped by who asks for that, as one of a schedule is; nothing else can be asked', async () => {
    const { ask, end, runs, states, mark, file, query } = await begun();
    // Not of a schedule: it is asked about its own runs.
    writeFileSync(file('crontab'), '');
    const schedule = start('schedule', ['--ledger', file('runs.db'), file('crontab')]);
    const scheduleEnd = ended(schedule);
    await until(() => existsSync(file('runs.db-lock')), 'the schedule works');
    expect(await ask('retry', '1')).toMatchObject({
      ...{ status: 69, stderr: 'runs: run 1 is running: run-tasks executes it, and can only stop it\n' },
    });
    expect(await ask('stop', 'last')).toMatchObject({ status: 0, stdout: '1\n', stderr: '' });
    expect(await end).toMatchObject({
      ...{ status: 143, signal: null },
      stderr: 'run-tasks: a: stopped, exit status 143 (see runs logs 1 --task a)\n',
    });
    schedule.kill();
    await scheduleEnd;
    expect(runs()).toEqual(['manual failed: stopped 143']);
    expect(states()).toBe('a failed: stopped 1, b skipped: stopped 0');
    expect(processesWith(mark)).toEqual([]);
    expect(query('SELECT verb, status FROM request')).toEqual([
      { verb: 'retry', status: 69 },
      { verb: 'stop', status: 0 },
    ]);
  });

  it('is stopped while it waits for its turn', async () => {
    const { ask, begin, child, end, runs, query } = await begun(`overlap: wait\n${WAITS}`);
    const second = ended(begin());
    await until(() => query('SELECT run FROM run').length === 2, 'a second run');
    expect((await ask('stop', '2')).status).toBe(0);
    expect(await second).toMatchObject({
      ...{ status: 75, stderr: 'run-tasks: some: stopped (see runs show 2)\n' },
    });
    child.kill();
    await end;
    expect(runs()).toEqual(['manual failed: stopped 143', 'manual skipped: stopped null']);
  });

  it('of a backfill is stopped without the others, whether it has begun or not', async () => {
    const text = `schedule: '0 */8 * * *'\ntimezone: UTC\n${WAITS}`;
    const { ask, end, runs } = await begun(text, ['--backfill', '2026-11-01..2026-11-01']);
    expect((await ask('stop', '2')).status).toBe(0);
    expect((await ask('stop', '1')).status).toBe(0);
    expect(await end).toMatchObject({ status: 143, stdout: '3 due: 1 succeeded, 1 failed, 1 skipped\n' });
    expect(runs()).toEqual([
      'backfill failed: stopped 143',
      'backfill skipped: stopped null',
      'backfill success 0',
    ]);
  });

  it('is ended for a run of a schedule, when the graph says so', async () => {
    const { end, file, runs, lines } = await begun(`schedule: '@every 1s'\noverlap: kill\n${WAITS}`);
    const schedule = start('schedule', ['--ledger', file('runs.db'), file('some.yaml')]);
    const scheduleEnd = ended(schedule);
    expect(await end).toMatchObject({ status: 143, signal: null });
    await until(() => lines('did').length > 1, 'a run of the schedule');
    schedule.kill();
    await scheduleEnd;
    expect(runs()[0]).toBe('manual failed: stopped 143');
  });

  it('that was killed is lost, for who looks; and a schedule of the ledger ends what is left of it', async () => {
    const { ask, child, end, file, mark, runs, states } = await begun();
    await until(() => states().startsWith('a running'), 'the ledger has it');
    killNow(child.pid ?? 0);
    await end;
    expect(runs()).toEqual(['manual running null']);
    expect(JSON.parse((await ask('some', '--json')).stdout)).toMatchObject({
      state: 'failed',
      reason: 'lost',
    });
    const shown = (await ask('show', '1')).stdout;
    expect(shown).toMatch(/^state +failed: lost$/m);
    expect(shown).toMatch(/^a +failed +lost +1 /m);
    expect(shown).toMatch(/^b +none *$/m);
    writeFileSync(file('crontab'), '');
    const schedule = start('schedule', ['--ledger', file('runs.db'), file('crontab')], { env: {} });
    const scheduleEnd = ended(schedule);
    await until(() => runs()[0] === 'manual failed: lost null', 'the schedule ends it');
    expect(states()).toBe('a failed: lost 1, b none 0');
    expect(processesWith(mark)).toEqual([]);
    schedule.kill();
    await scheduleEnd;
  });

  it('that was killed is not there to be stopped, which is said at once', async () => {
    const { ask, child, end } = await begun();
    killNow(child.pid ?? 0);
    await end;
    const lost = /: run 1 is lost: its run-tasks was killed \(run-tasks --resume 1 continues it\)\n$/;
    expect(await ask('stop', '1')).toMatchObject({ status: 75, stderr: expect.stringMatching(lost) });
  });
});
