import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import { tasksIn } from '../graph-runs.ts';
import { ended, until } from '../harness.ts';
import { processesWith } from '../processes.ts';

const DIAMOND = `
tasks:
  a: {run: 'echo a >> did'}
  b: {needs: [a], run: 'echo b >> did; [ -e fixed ]', retries: 1, retry-delay: 1ms}
  c: {needs: [a], each: [x, y, z], run: 'echo "c$ETL_INDEX" >> did; [ -e fixed ] || [ "$ETL_ITEM" != y ]'}
  d: {needs: [b, c], run: 'echo d >> did'}
`;

describe('run-tasks --resume', () => {
  it('does anew what failed and what follows it, and nothing that succeeded', async () => {
    const { go, file, lines, states, runs } = await tasksIn(DIAMOND);
    expect((await go()).status).toBe(1);
    writeFileSync(file('did'), '');
    writeFileSync(file('fixed'), '');
    expect(await go(['--resume', 'last'])).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(lines('did').sort()).toEqual(['b', 'c1', 'd']);
    expect(states()).toBe(
      'a success 1, b success 3, c success 0, d success 1, c[0] success 1, c[1] success 2, c[2] success 1',
    );
    expect(runs()).toEqual(['retry success 0']);
    expect(await go(['--resume', '1'])).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('everything in that run'),
    });
  });

  it('gives a run its end that was killed when all its tasks had theirs', async () => {
    const { go, file, lines, runs } = await tasksIn('tasks: {a: {run: "echo a >> did"}}');
    expect((await go()).status).toBe(0);
    const database = new DatabaseSync(file('runs.db'));
    // Its start and its end were not written down yet.
    database.exec(`UPDATE run SET state = 'running', start = NULL, "end" = NULL, runner = '${file('gone')}'`);
    database.close();
    expect((await go(['--resume', 'last'])).status).toBe(0);
    expect(runs()).toEqual(['retry success 0']);
    expect(lines('did')).toEqual(['a']);
  });

  it.each([
    { only: [], done: ['a', 'b'], when: 'before it had its tasks', sql: 'DELETE FROM task' },
    {
      only: ['--only', 'b'],
      done: ['b'],
      when: 'before it had begun',
      sql: "UPDATE task SET state = 'none'",
    },
  ])('does a run that was killed $when', async ({ only, done, sql }) => {
    const text = 'tasks: {a: {run: "echo a >> did"}, b: {needs: [a], run: "echo b >> did"}}';
    const { go, file, lines, runs } = await tasksIn(text);
    expect((await go(only)).status).toBe(0);
    const database = new DatabaseSync(file('runs.db'));
    database.exec(`UPDATE run SET state = 'queued', start = NULL, "end" = NULL, runner = '${file('gone')}';
      DELETE FROM try; ${sql}`);
    database.close();
    rmSync(file('logs'), { recursive: true });
    writeFileSync(file('did'), '');
    expect((await go(['--resume', 'last'])).status).toBe(0);
    expect(lines('did')).toEqual(done);
    expect(runs()).toEqual(['retry success 0']);
  });

  it('counts the items of what it keeps, as it did at first', async () => {
    const { go, file, states } = await tasksIn(`
tasks:
  split: {each: [a, b], run: '[ "$ETL_ITEM" = a ] || exit 99'}
  other: {run: '[ -e fixed ]'}
  both: {needs: [split, other], run: 'true'}
`);
    expect((await go()).status).toBe(1);
    writeFileSync(file('fixed'), '');
    expect((await go(['--resume', 'last'])).status).toBe(0);
    expect(states()).toContain('both skipped');
  });

  it('is refused while another one goes on with that run, also when both look at once', async () => {
    const { go, lines, file, runs } = await tasksIn(
      "tasks: {a: {run: 'echo a >> did; [ -e again ]; until [ -e over ]; do sleep 0.02; done'}}",
    );
    expect((await go()).status).toBe(1);
    writeFileSync(file('again'), '');
    const both = [go(['--resume', 'last']), go(['--resume', '1'])];
    expect(await Promise.race(both)).toMatchObject({
      ...{ status: 75, stderr: 'run-tasks: run 1 is in progress\n' },
    });
    writeFileSync(file('over'), '');
    expect((await Promise.all(both)).map(({ status }) => status).toSorted()).toEqual([0, 75]);
    expect(lines('did')).toEqual(['a', 'a']);
    expect(runs()).toEqual(['retry success 0']);
  });

  it('reads no items from what has no end', async () => {
    const { go, states } = await tasksIn('tasks: {split: {each: {lines: /dev/null}, run: "true"}}');
    expect((await go()).status).toBe(66);
    expect(states()).toContain('split failed');
  });

  it('refuses what has changed in what succeeded, and tells what is gone', async () => {
    const { go, file, lines, states, write } = await tasksIn(DIAMOND);
    await go();
    writeFileSync(file('fixed'), '');
    await write(
      DIAMOND.replace('echo a >>', 'echo A >>').replace(
        / {2}d: .*\n/,
        '  e: {needs: [c], run: "echo e >> did"}\n',
      ),
    );
    const refused = await go(['--resume', 'last']);
    expect([refused.status, refused.stderr]).toEqual([
      78,
      expect.stringMatching(/some\.yaml:3: a has changed since/),
    ]);
    writeFileSync(file('did'), '');
    expect((await go(['--resume', 'last', '--force'])).status).toBe(0);
    expect(lines('did').sort()).toEqual(['b', 'c1', 'e']);
    expect(states()).toMatch(/^a success 1, b success 3, c success 0, e success 1, d removed 0, /);
  });

  it('goes on with the part of a graph that a run was of', async () => {
    const { go, file, states } = await tasksIn(DIAMOND);
    await go(['--only', 'a,b']);
    writeFileSync(file('fixed'), '');
    expect((await go(['--resume', 'last'])).status).toBe(0);
    expect(states()).toBe('a success 1, b success 3');
  });

  it('goes on after a signal, which ends all tasks, and after a task has killed its runner', async () => {
    const { go, begin, file, lines, states, runs, mark } = await tasksIn(`
tasks:
  a: {run: 'echo a >> did'}
  b: {needs: [a], run: 'echo b >> did; if [ ! -e on ]; then sleep 1h & wait; fi'}
  c: {needs: [b], run: 'echo c >> did; if [ ! -e over ]; then kill -9 $PPID; sleep 1h; fi'}
`);
    const first = begin();
    const end = ended(first);
    await until(() => lines('did').includes('b'), 'the second task');
    first.kill('SIGTERM');
    expect(await end).toMatchObject({ status: null, signal: 'SIGTERM' });
    expect(processesWith(mark)).toEqual([]);
    expect(states()).toBe('a success 1, b failed: stopped 1, c skipped: stopped 0');
    expect(runs()).toEqual(['manual failed: stopped 143']);
    writeFileSync(file('on'), '');
    expect(await ended(begin(['--resume', 'last']))).toMatchObject({ signal: 'SIGKILL' });
    expect(states()).toMatch(/^a success 1, b success 2, c (scheduled|queued|running) 1$/);
    writeFileSync(file('over'), '');
    expect((await go(['--resume', 'last'])).status).toBe(0);
    expect(processesWith(mark)).toEqual([]);
    expect(states()).toBe('a success 1, b success 2, c success 2');
    expect(lines('did')).toEqual(['a', 'b', 'b', 'c', 'c']);
  });
});

it('run-tasks does all tasks when its ledger is removed meanwhile, and tells that it does not know them', async () => {
  const { go, lines } = await tasksIn(
    "tasks: {a: {run: 'rm runs.db*'}, b: {needs: [a], run: 'echo b >> did'}, c: {needs: [b], run: 'echo c >> did'}}",
  );
  const { status, stderr } = await go([], { columns: 80 });
  expect([status, stderr]).toEqual([
    74,
    expect.stringMatching(
      /^run-tasks: .*runs\.db: was removed or replaced during run 1, which is not recorded in it\n$/,
    ),
  ]);
  expect(lines('did')).toEqual(['b', 'c']);
});

describe('run-tasks beside another run of its graph', () => {
  it('is skipped, waits, or ends the other one, as its policy says', async () => {
    const text = (overlap: string) =>
      `overlap: ${overlap}\ntasks: {a: {run: 'echo "$ETL_RUN" >> did; if [ "$ETL_RUN" = 1 ]; then sleep 1h; fi'}}\n`;
    const { go, begin, lines, runs, write } = await tasksIn(text('skip'));
    const first = ended(begin());
    await until(() => lines('did').length > 0, 'the first run');
    const skipped = await go();
    expect([skipped.status, skipped.stderr]).toEqual([
      75,
      expect.stringContaining('run 1 is in progress (overlap: skip)'),
    ]);
    await write(text('kill'));
    expect((await go()).status).toBe(0);
    expect(await first).toMatchObject({ status: 143, signal: null });
    expect(runs()).toEqual([
      'manual failed: stopped 143',
      'manual skipped: overlap null',
      'manual success 0',
    ]);
    expect(lines('did')).toEqual(['1', '3']);
  });
});

describe('a ledger that only run-tasks uses', () => {
  it('keeps runs as long as it is said, and those that failed for longer, a few are forgotten at a time', async () => {
    const { go, file, query } = await tasksIn(
      `tasks: {a: {run: 'echo "$ETL_RUN" > "$ETL_RUN_DIR/x"; [ ! -e bad ]'}}`,
    );
    await go();
    writeFileSync(file('bad'), '');
    await go();
    rmSync(file('bad'));
    await go();
    const [folder] = readdirSync(file('logs/some/a'));
    await go(['--keep', '1d']);
    expect(query('SELECT run FROM run')).toHaveLength(4);
    const database = new DatabaseSync(file('runs.db'));
    database.exec(`UPDATE run SET queued = queued - 40 * 86400000`);
    database.exec(`UPDATE ledger SET decided = ${Date.now()}, horizon = 0`);
    expect((await go()).status).toBe(0);
    // A schedule has used it.
    expect(query('SELECT run FROM run')).toHaveLength(5);
    database.exec('UPDATE ledger SET decided = NULL, horizon = NULL');
    database.close();
    expect((await go()).status).toBe(0);
    expect(query('SELECT run, state FROM run').map(({ run, state }) => `${run} ${state}`)).toEqual([
      '2 failed',
      '5 success',
      '6 success',
    ]);
    expect(existsSync(file(`logs/some/a/${folder}`))).toBe(false);
  });

  it('never fails a run for what cannot be forgotten', async () => {
    const { go, file, query } = await tasksIn('tasks: {a: {run: "true"}}');
    await go();
    await go();
    const database = new DatabaseSync(file('runs.db'));
    database.exec(`UPDATE run SET queued = queued - 40 * 86400000;
      CREATE TRIGGER refused BEFORE DELETE ON run BEGIN SELECT raise(FAIL, 'no'); END`);
    database.close();
    expect(await go()).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(query('SELECT run FROM run')).toHaveLength(3);
  });
});
