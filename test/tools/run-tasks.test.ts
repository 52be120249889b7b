import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { tasksIn } from '../graph-runs.ts';

describe('run-tasks', () => {
  it('runs tasks when what they need is done, and hands data on in a folder of the run', async () => {
    const { go, lines, states, runs, query } = await tasksIn(`
env: {STATION: attic, ROOM: north}
tasks:
  report: {needs: [load], run: 'echo report >> said'}
  load: {needs: [left, right], run: 'cat "$ETL_RUN_DIR"/{left,right} >> said'}
  left: {needs: [extract], run: 'sed s/x/left/ "$ETL_RUN_DIR/x" > "$ETL_RUN_DIR/left"'}
  right: {needs: [extract], env: {SIDE: right}, run: 'sed "s/x/$SIDE/" "$ETL_RUN_DIR/x" > "$ETL_RUN_DIR/right"'}
  extract: {run: 'echo "$STATION $ROOM x" > "$ETL_RUN_DIR/x"; stat -c %a "$ETL_RUN_DIR" > mode'}
`);
    expect(await go(['-e', 'STATION=roof'])).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(lines('said')).toEqual(['roof north left', 'roof north right', 'report']);
    expect(lines('mode')).toEqual(['700']);
    expect(states()).toBe(
      'report success 1, load success 1, left success 1, right success 1, extract success 1',
    );
    expect(runs()).toEqual(['manual success 0']);
    const [graph] = query('SELECT text, tasks FROM graph JOIN run ON graph.hash = run.graph');
    expect(graph?.text).toContain('STATION: attic');
    expect(JSON.parse(String(graph?.tasks)).map(({ name }: { name: string }) => name)).toContain('extract');
  });

  it('tells tasks what for, under bash that notices what fails, in their folder', async () => {
    const { go, cwd, file, log, states } = await tasksIn(`
env-file: secrets.env
tasks:
  told: {run: 'pwd; echo "$ETL_JOB $ETL_TASK $ETL_TRY $ETL_AT"; echo "$TOKEN"', cwd: sub}
  pipe: {run: 'false | true'}
  unset: {run: 'echo "$NO_SUCH"; true'}
`);
    await mkdir(file('sub'));
    await writeFile(file('secrets.env'), 'TOKEN=correct-horse\n');
    await chmod(file('secrets.env'), 0o600);
    expect((await go(['--at', '2026-11-01T10:00:00Z'])).status).toBe(1);
    expect(states()).toBe('told success 1, pipe failed 1, unset failed 1');
    expect(log('told')).toMatch(
      new RegExp(` O ${cwd}/sub\\n.* O some told 1 2026-11-01T10:00:00Z\\n.* O \\*\\*\\*\\n`),
    );
    expect(log('told')).not.toContain('correct-horse');
  });

  it('is for the first moment of a day in the zone of its file', async () => {
    const { go, lines } = await tasksIn(`
timezone: Asia/Tokyo
tasks:
  told: {run: 'echo "$ETL_AT" >> said'}
`);
    expect((await go(['--at', '2026-11-01'])).status).toBe(0);
    expect((await go(['--at', 'yesterdy'])).stderr).toContain('--at: not a time: "yesterdy" (write ');
    expect(lines('said')).toEqual(['2026-10-31T15:00:00Z']);
  });

  it('ends as its first task that failed, names all that failed, and goes on where it may', async () => {
    const { go, states, runs, lines, log } = await tasksIn(`
on-failure: 'echo "$ETL_STATE $ETL_STATUS $(basename "$ETL_LOG")" >> hook'
tasks:
  a: {run: 'echo "$ETL_TRY" >> tries; exit 75', retries: 2, retry-delay: 1ms}
  b: {run: 'exit 65', retries: 2}
  skipped: {run: 'exit 99', skip-on: 99}
  c: {needs: [a], run: 'touch ran'}
  d: {needs: [skipped], run: 'touch ran'}
  e: {needs: [a, b], trigger-rule: all_done, run: 'true'}
`);
    const { status, stderr } = await go();
    expect([status, stderr.trim().split('\n').sort()]).toEqual([
      65,
      [
        'run-tasks: a: exit status 75 (see runs logs 1 --task a)',
        'run-tasks: b: exit status 65 (see runs logs 1 --task b)',
      ],
    ]);
    expect(states()).toBe(
      'a failed 3, b failed 1, skipped skipped: skip-on 1, c upstream_failed 0, d skipped 0, e success 1',
    );
    expect(runs()).toEqual(['manual failed 65']);
    expect(lines('tries')).toEqual(['1', '2', '3']);
    expect(lines('ran')).toEqual([]);
    expect(lines('hook')).toEqual(['failed 65 1.log']);
    expect(log('a').match(/# failed: exit status 75/g)).toHaveLength(3);
  });

  it('does a task that is split for each of its items', async () => {
    const { go, states, lines, log, file, cwd } = await tasksIn(`
tasks:
  make: {run: 'printf "a b\\nc\\n\\nd" > "$ETL_RUN_DIR/list"'}
  lines: {needs: [make], each: {lines: '$ETL_RUN_DIR/list'}, max-parallel: 1, run: 'echo "$ETL_INDEX $ETL_ITEM" >> got; [ "$ETL_ITEM" != c ]'}
  files: {each: {glob: 'in/*.gz'}, run: 'echo "$ETL_ITEM"'}
  none: {each: {glob: 'out/*'}, run: 'touch ran'}
  absent: {each: {lines: nofile}, run: 'touch ran'}
  list: {each: [x, 'a"b'], run: 'exit 99', skip-on: 99}
  after: {needs: [lines, files], trigger-rule: all_done, run: 'echo after >> got'}
`);
    await mkdir(file('in'));
    for (const name of ['b $(x).gz', 'a.gz', 'c']) await writeFile(file(`in/${name}`), '');
    const { status, stderr } = await go();
    expect([status, stderr]).toEqual([
      66,
      expect.stringContaining('lines: 1 item, exit status 1 (see runs logs 1'),
    ]);
    expect(lines('got')).toEqual(['0 a b', '1 c', '2 d', 'after']);
    expect(states()).toBe(
      'make success 1, lines failed 0, files success 0, none skipped 0, absent failed 1, list skipped 0, after success 1, ' +
        'files[0] success 1, lines[0] success 1, list[0] skipped: skip-on 1, files[1] success 1, lines[1] failed 1, list[1] skipped: skip-on 1, lines[2] success 1',
    );
    // They run at the same time.
    expect(
      log('files')
        .match(/(?<= O ).*$/gm)
        ?.toSorted(),
    ).toEqual(['in/a.gz', 'in/b $(x).gz']);
    expect(log('absent')).toContain(`# failed: ${cwd}/nofile: no such file or directory`);
    expect(existsSync(file('ran'))).toBe(false);
  });

  it('waits for what holds later, without a slot, and not longer than it may', async () => {
    const { go, states, log } = await tasksIn(`
tasks:
  ready: {until: 'echo asked; [ -e "$ETL_RUN_DIR/flag" ]', every: 1ms, timeout: 1m}
  flag: {run: 'touch "$ETL_RUN_DIR/flag"'}
  never: {until: '[ ! -e asked ] || exec sleep 60; touch asked; exit 99', every: 1ms, timeout: 2s, retries: 5, skip-on: 99}
  after: {needs: [ready], run: 'true'}
`);
    // The last answer counts, not the question that the time limit cut off.
    expect((await go(['--jobs', '2'])).status).toBe(99);
    expect(states()).toBe('ready success 1, flag success 1, never failed: timeout 1, after success 1');
    expect(log('ready')).toMatch(/ O asked\n.*# success: exit status 0\n$/);
  });

  it('waits no longer than it may for its turn to ask, either', async () => {
    const { go, states } = await tasksIn(`
pools: {one: 1}
tasks:
  holds: {run: 'until [ -e go ]; do sleep 0.02; done', pool: one}
  asks: {until: 'true', timeout: 200ms, pool: one}
  frees: {needs: asks, trigger-rule: all_failed, run: touch go}
`);
    expect((await go()).status).toBe(75);
    expect(states()).toBe('holds success 1, asks failed: timeout 1, frees success 1');
  });

  it('ends a run whose time is over: what runs fails, what has not begun is skipped', async () => {
    const { go, states, runs } = await tasksIn(`
run-timeout: 300ms
tasks: {a: {run: 'sleep 1h'}, b: {needs: [a], run: 'true'}, c: {needs: [b], trigger-rule: all_done, run: 'true'}}
`);
    expect((await go()).stderr).toContain('run-tasks: a: timeout, exit status 143');
    expect(states()).toBe('a failed: timeout 1, b skipped: timeout 0, c skipped: timeout 0');
    expect(runs()).toEqual(['manual failed: timeout 143']);
  });

  it('says all that is wrong before anything starts', async () => {
    const { go, file, write } = await tasksIn('tasks:\n  a: {runn: x}\n  b: {run: x, needs: [c]}\n');
    const bad = await go();
    expect([bad.status, bad.stderr.match(/some\.yaml:\d+:\d+: /g)]).toEqual([
      78,
      ['some.yaml:2:3: ', 'some.yaml:2:7: ', 'some.yaml:3:23: '],
    ]);
    await write('env: {STATION: attic}\ntasks: {a: {run: touch ran}}\n');
    const misplaced = async (words: string[]) => {
      const { status, stderr } = await go(words);
      return `${status} ${stderr}`;
    };
    expect(await misplaced(['-e', 'STATOIN=x'])).toMatch(
      /^64 .*declares no "STATOIN" in its env; did you mean "STATION"\?/,
    );
    expect(await misplaced(['--only', 'aa'])).toMatch(/^64 .*no task "aa"/);
    expect(await misplaced(['--max-active', '2'])).toMatch(/^64 .*--max-active is for --backfill only/);
    expect(await misplaced(['--resume', 'last', '-e', 'STATION=x'])).toMatch(
      /^64 .*--env is not for --resume/,
    );
    expect(await misplaced(['--only', ','])).toMatch(/^64 .*not names of tasks: ","/);
    expect(await misplaced(['--dry-run', '-e', 'STATOIN=x'])).toMatch(/^64 .*declares no "STATOIN"/);
    expect(await misplaced(['--dry-run', '--resume', 'last'])).toMatch(/^64 .*--resume is not for --dry-run/);
    expect(await misplaced(['--dry-run', '--backfill', '2026-11-01..2026-11-02'])).toMatch(
      /^64 .*--backfill is not for --dry-run/,
    );
    expect(await misplaced(['--dry-run', '--airflow'])).toMatch(/^64 .*--dry-run is not for --airflow/);
    expect(await misplaced(['--backfill', '2026-11-01..2026-11-02'])).toMatch(/^64 .*some has no schedule/);
    expect(await misplaced(['--resume', 'last'])).toMatch(/^66 .*no run of some/);
    expect(existsSync(file('ran'))).toBe(false);
  });

  it('runs a part of a graph', async () => {
    const { go, states } = await tasksIn(`
tasks: {a: {run: exit 1}, b: {needs: [a], run: 'true'}, c: {needs: [b], run: 'true'}, d: {run: exit 1}}
`);
    expect((await go(['--from', 'b'])).status).toBe(0);
    expect((await go(['--only', 'b, c', '--dry-run'])).stdout).toMatch(/^some: 2 tasks/);
    expect(states()).toBe('b success 1, c success 1');
    expect((await go(['--only', 'b,d'])).status).toBe(1);
    expect(states(2)).toBe('b success 1, d failed 1');
  });

  it('tells each change with --verbose, and draws on a terminal', async () => {
    const { go } = await tasksIn("tasks: {a: {run: exit 3}, b: {needs: [a], run: 'true'}}\n");
    const { stderr } = await go(['--verbose']);
    expect(stderr.match(/(?<=run-tasks: 1: ).*/g)).toEqual([
      ...['a: scheduled', 'a: queued', 'a: running', 'a: failed, exit status 3', 'b: upstream_failed'],
    ]);
    const { stdout } = await go([], { columns: 20, env: { NO_COLOR: '1', LANG: 'C.UTF-8' } });
    const last = stdout.split('\u001b[K\n').slice(-4, -1);
    expect(last[0]).toMatch(/✗ a {2}failed {8}$/);
    expect(last.slice(1)).toEqual(['✗ b  upstream faile', '2 tasks: 1 failed, ']);
  });

  it('leaves no lock behind', async () => {
    const { go, cwd } = await tasksIn("tasks: {a: {run: 'true'}}\n");
    await go();
    expect(readdirSync(cwd).filter((name) => name.includes('lock'))).toEqual([]);
  });
});
