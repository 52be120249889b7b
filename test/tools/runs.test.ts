import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LedgerFile } from '../../src/ledger/ledger-file.ts';
import { logFolderOf, logPath } from '../../src/ledger/log-path.ts';
import { hasRequests } from '../../src/ledger/requests.ts';
import { beginGraph, changeTask, endTaskTry } from '../../src/ledger/tasks.ts';
import { intendTry } from '../../src/ledger/write-runs.ts';
import tool from '../../src/tools/runs.ts';
import { ended, holdLock, privateFolder, run, start, until } from '../harness.ts';
import { runInProcess } from '../in-process.ts';
import { answering } from '../ledger/answering.ts';
import { job, MINUTE, markAt, NOON, newRun, openedLedger, result } from '../ledger/invented.ts';

/** Two jobs: `attic` has failed once and succeeded once, `backup` was skipped, and now runs a second try. */
async function filled() {
  let now = NOON;
  const { path, open } = await openedLedger();
  const ledger = await open(() => now);
  await ledger.register([job('attic'), job('backup', { schedule: '@every 1m' })]);
  const decide = (...runs: ReturnType<typeof newRun>[]) => ledger.decide(markAt(now), runs);
  await decide(
    newRun('attic', now, { state: 'running' }),
    newRun('backup', now, { state: 'skipped', reason: 'overlap' }),
  );
  const at = (ms: number) => ({ start: now + 100, end: now + 100 + ms });
  ledger.ended({ run: 1, task: 'attic', number: 1 }, result('failed', { status: 69, ...at(2000) }), [], {
    state: 'failed',
  });
  now += MINUTE;
  await decide(newRun('attic', now, { state: 'running' }), newRun('backup', now, { state: 'running' }));
  const report = { tool: 'get-stats', in: 60, out: 1, rejected: 2, ms: 41, status: 0 };
  ledger.ended({ run: 3, task: 'attic', number: 1 }, result('success', at(1000)), [report], {
    state: 'success',
  });
  const killed = result('failed', { reason: 'timeout', signal: 'SIGTERM', status: 143, ...at(500) });
  ledger.ended({ run: 4, task: 'backup', number: 1 }, killed, [], { state: 'up_for_retry', retryAt: now });
  await ledger.intend([{ run: 4, task: 'backup', number: 2 }]);
  ledger.started({ run: 4, task: 'backup', number: 2 }, now + 1000);
  await ledger.flush();
  const runs = (words: readonly string[], env = {}) =>
    runInProcess(tool, ['--ledger', path, ...words], { now: NOON + 90_000, env });
  return { path, ledger, runs };
}

const HEADER = 'run,job,task,trigger,state,reason,try,status,scheduled,start,end,in,out,rejected\n';

describe('the list of jobs', () => {
  it('has the last runs of each, when it is due next, and what is odd', async () => {
    const { runs } = await filled();
    expect((await runs([])).stdout).toBe(
      [
        'job     schedule   next                  runs  median  last  notices',
        'attic   * * * * *  2026-11-21T12:02:00Z  ✗✓      1.0s  1.0s',
        'backup  @every 1m  2026-11-21T12:02:00Z  -▶                  ',
        '',
      ]
        .map((line) => line.trimEnd())
        .join('\n'),
    );
    const { stdout } = await runs(['--csv'], { LANG: 'C' });
    expect(stdout).toBe(
      'job,schedule,next,runs,median,last,notices\n' +
        'attic,* * * * *,2026-11-21T12:02:00Z,x+,1,1,\n' +
        'backup,@every 1m,2026-11-21T12:02:00Z,->,,,\n',
    );
  });

  it('shows as many runs as fit on the terminal', async () => {
    const { runs, path, ledger } = await filled();
    for (let at = 2; at < 40; at++)
      await ledger.decide(markAt(NOON), [
        newRun('attic', NOON + at * MINUTE, { state: 'skipped', reason: 'overlap' }),
      ]);
    const on = async (columns: number | undefined, words: readonly string[] = []) => {
      const more = columns === undefined ? {} : { columns };
      const { stdout } = await runInProcess(tool, ['--ledger', path, ...words], { now: NOON, ...more });
      return /-{5,}/.exec(stdout)?.[0].length;
    };
    expect(await on(undefined)).toBe(30);
    expect(await on(200)).toBe(30);
    expect(await on(80)).toBe(25);
    expect(await on(20)).toBe(5);
    expect(await on(20, ['--csv'])).toBe(30);
    const line = (await runs([], { COLUMNS: '80' })).stdout.split('\n')[1];
    expect([...(line ?? '')].length).toBeLessThanOrEqual(80);
  });

  it('leaves out jobs that are gone, and says which are paused', async () => {
    const { runs, ledger } = await filled();
    await ledger.register([job('attic')]);
    expect(await runs(['pause', 'attic'])).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(JSON.parse((await runs(['--json'])).stdout)).toMatchObject({
      ...{ job: 'attic', next: null, notices: 'paused since 2026-11-21T12:01:30Z' },
    });
    expect(await ledger.paused()).toEqual(new Set(['attic']));
    await runs(['resume', '--job', 'attic']);
    expect(await ledger.paused()).toEqual(new Set());
    expect(await runs(['pause', 'backup'])).toMatchObject({
      status: 66,
      stderr: 'runs: no such job: backup\n',
    });
  });
});

describe('a list of runs', () => {
  it('has all that programs want', async () => {
    const { runs } = await filled();
    expect((await runs(['--since', '1h', '--csv'])).stdout).toBe(
      `${HEADER}1,attic,attic,schedule,failed,,1,69,2026-11-21T12:00:00Z,2026-11-21T12:00:00.100Z,2026-11-21T12:00:02.100Z,,,\n` +
        '2,backup,backup,schedule,skipped,overlap,,,2026-11-21T12:00:00Z,,,,,\n' +
        '3,attic,attic,schedule,success,,1,0,2026-11-21T12:01:00Z,2026-11-21T12:01:00.100Z,2026-11-21T12:01:01.100Z,60,1,2\n' +
        '4,backup,backup,schedule,running,,2,143,2026-11-21T12:01:00Z,2026-11-21T12:01:00.100Z,2026-11-21T12:01:00.600Z,,,\n',
    );
    const numbers = async (words: readonly string[]) =>
      (await runs([...words, '--csv'])).stdout
        .split('\n')
        .slice(1, -1)
        .map((line) => Number.parseInt(line, 10));
    expect(await numbers(['attic'])).toEqual([1, 3]);
    expect(await numbers(['--failed'])).toEqual([1]);
    expect(await numbers(['backup', '--failed'])).toEqual([]);
    expect(await numbers(['-n', '2'])).toEqual([3, 4]);
    expect(await numbers(['--since', '2026-11-21T12:01:00Z'])).toEqual([3, 4]);
    expect(await numbers(['--since', '40s'])).toEqual([3, 4]);
    expect(await numbers(['--since', '10s'])).toEqual([]);
    expect(await runs(['--since', 'monday'])).toMatchObject({
      status: 64,
      stderr:
        'runs: --since: not a time or duration: "monday" (write 1d, 90m, or 2026-11-21T10:04:00Z) (see runs --help)\n',
    });
  });

  it('has what people want', async () => {
    const { runs } = await filled();
    expect((await runs(['backup'])).stdout).toBe(
      [
        'run  job     scheduled             state    reason   try  status    late  took  in  out  rejected',
        '  2  backup  2026-11-21T12:00:00Z  skipped  overlap',
        '  4  backup  2026-11-21T12:01:00Z  running             2     143  0.100s   30s',
        '',
      ].join('\n'),
    );
  });

  it('is not made of a job that nobody knows, nor of what is no list', async () => {
    const { runs } = await filled();
    expect(await runs(['cellar'])).toMatchObject({ status: 66, stderr: 'runs: no such job: cellar\n' });
    expect((await runs(['attic', '--follow'])).stderr).toBe(
      'runs: --follow is for logs only (see runs --help)\n',
    );
    expect((await runs(['attic', '--within', '5m'])).stderr).toBe(
      'runs: --within is for --check only (see runs --help)\n',
    );
    expect((await runs(['show', '1', '--failed'])).status).toBe(64);
    expect((await runs(['run', 'attic', '-e', '1=2'])).stderr).toBe(
      'runs: --env: not NAME=VALUE: "1=2" (see runs --help)\n',
    );
  });
});

describe('show', () => {
  it('shows the tasks of a graph, and of items only what went wrong', async () => {
    const { runs, ledger } = await filled();
    const names = ['list', 'count', 'load'];
    const items = [0, 1, 2].map((position) => ({ task: `count[${position}]`, split: 'count', position }));
    const tasks = [...names.map((task, position) => ({ task, position })), ...items];
    const ended = (task: string, number: number, state: 'success' | 'failed') => (file: LedgerFile) => {
      intendTry(file, { run: 3, task, number });
      const status = state === 'failed' ? 65 : 0;
      endTaskTry(
        file,
        { run: 3, task, number },
        { result: result(state, { status }), reports: [], next: { state } },
      );
    };
    await ledger.write((file) => {
      beginGraph(
        file,
        3,
        'hash',
        tasks.map((task) => ({ ...task, hash: '', state: 'none' })),
      );
      for (const end of [
        ended('list', 1, 'success'),
        ended('count[0]', 1, 'success'),
        ended('count[1]', 1, 'failed'),
      ])
        end(file);
      changeTask(file, 3, { task: 'count', state: 'failed', status: 65 });
      changeTask(file, 3, { task: 'load', state: 'upstream_failed' });
    });
    const { stdout } = await runs(['show', '3']);
    const lines = stdout.split('\n').map((line) => line.replace(/ +/g, ' ').trim());
    const at = lines.findIndex((line) => line.startsWith('task state reason try status start'));
    expect(lines.slice(at, at + 5)).toEqual([
      'task state reason try status start took in out rejected items',
      'list success 1 0 2026-11-21T12:00:01Z 2.0s',
      'count failed 65 1 failed, 1 none, 1 success',
      'load upstream_failed',
      '',
    ]);
    const tries = lines.slice(at + 5).map((line) => line.split(' ').slice(0, 3).join(' '));
    expect(tries).toContain('count[1] 1 failed');
    expect(tries).not.toContain('count[0] 1 success');
    const rows = (await runs(['show', '3', '--csv'])).stdout.split('\n');
    expect(rows.filter((row) => row.includes('count'))).toHaveLength(3);
    expect(rows).toContain('3,attic,load,schedule,upstream_failed,,,,2026-11-21T12:01:00Z,,,,,');
  });

  it('tells all about a run', async () => {
    const { runs, path } = await filled();
    const { stdout } = await runs(['show', '4']);
    const log = (number: number) => `${dirname(path)}/logs/backup/backup/2026-11-21T12:01:00Z/${number}.log`;
    expect(stdout).toBe(
      [
        'run        4',
        'job        backup',
        'state      running',
        'trigger    schedule',
        'scheduled  2026-11-21T12:01:00Z',
        'data       2026-11-21T12:00:00Z to 2026-11-21T12:01:00Z',
        'queued     2026-11-21T12:01:00Z',
        '',
        'task    try  state    reason   status  signal   start                       took    cpu  memory  log',
        `backup    1  failed   timeout     143  SIGTERM  2026-11-21T12:01:00.100Z  0.500s  0.50s    3.8M  ${log(1)}`,
        `backup    2  running                            2026-11-21T12:01:01Z         29s                 ${log(2)}`,
        '',
      ].join('\n'),
    );
    expect((await runs(['show', 'last', '--job', 'attic'])).stdout).toContain(
      'task   try  tool       in  out  rejected  status  took\nattic    1  get-stats  60    1         2       0  41ms\n',
    );
    expect((await runs(['show', '4', '--csv'])).stdout).toBe(
      `${HEADER}4,backup,backup,schedule,failed,timeout,1,143,2026-11-21T12:01:00Z,2026-11-21T12:01:00.100Z,2026-11-21T12:01:00.600Z,,,\n` +
        '4,backup,backup,schedule,running,,2,,2026-11-21T12:01:00Z,2026-11-21T12:01:01Z,,,,\n',
    );
  });

  it('refuses what is no run', async () => {
    const { runs } = await filled();
    expect(await runs(['show', '9'])).toMatchObject({ status: 66, stderr: 'runs: no such run: 9\n' });
    expect((await runs(['show', 'x'])).stderr).toBe(
      'runs: show: not a run: "x" (a number, or last) (see runs --help)\n',
    );
    expect((await runs(['show'])).stderr).toBe('runs: show: no RUN (see runs --help)\n');
    expect(await runs(['lgos', 'last'])).toMatchObject({
      ...{ status: 64, stderr: 'runs: unknown verb: "lgos"; did you mean "logs"? (see runs --help)\n' },
    });
    expect((await runs(['attic', 'last'])).stderr).toBe(
      'runs: unexpected operand: "last" (see runs --help)\n',
    );
    expect((await runs(['show', 'last', '--job', 'cellar'])).stderr).toBe('runs: no run of cellar\n');
  });

  it('is a job, when --job says it', async () => {
    const { runs, ledger } = await filled();
    await ledger.register([job('show')]);
    expect(await runs(['--job', 'show', '--csv'])).toMatchObject({ status: 0, stdout: '' });
    expect((await runs(['--job', 'show', 'attic'])).stderr).toBe(
      'runs: unexpected operand: "attic" (see runs --help)\n',
    );
  });
});

describe('logs', () => {
  const place = { run: 4, job: 'backup', scheduled: NOON + MINUTE, repeat: 0 };

  function writeLog(path: string, number: number, text: string): string {
    const log = logPath(logFolderOf(path), place, 'backup', number);
    mkdirSync(dirname(log), { recursive: true });
    writeFileSync(log, text);
    return log;
  }

  it('are those of the last try, or of another one', async () => {
    const { runs, path } = await filled();
    writeLog(path, 1, 'first\n');
    writeLog(path, 2, 'second\n');
    expect((await runs(['logs', '4'])).stdout).toBe('second\n');
    expect((await runs(['logs', 'last', '--try', '1'])).stdout).toBe('first\n');
    expect(await runs(['logs', '4', '--try', '3'])).toMatchObject({
      status: 66,
      stderr: 'runs: run 4 has no try 3\n',
    });
    expect(await runs(['logs', '2'])).toMatchObject({ status: 66, stderr: 'runs: run 2 has no try\n' });
    expect((await runs(['logs', '1'])).stderr).toMatch(
      /^runs: .*\/1\.log: no such log: it was pruned, or has not begun\n$/,
    );
  });

  it('of the last run are those of one that was begun', async () => {
    const { runs, ledger, path } = await filled();
    writeLog(path, 2, 'second\n');
    await ledger.decide(markAt(NOON), [
      newRun('backup', NOON + 2 * MINUTE, { state: 'skipped', reason: 'overlap' }),
    ]);
    expect((await runs(['logs', 'last', '--job', 'backup'])).stdout).toBe('second\n');
    expect((await runs(['logs', 'last'])).stdout).toBe('second\n');
    expect((await runs(['show', 'last'])).stdout).toMatch(/^run +5\n/);
  });

  it('are followed until the try has ended', async () => {
    const { ledger, path } = await filled();
    const log = writeLog(path, 2, 'begun\n');
    const child = start('runs', ['--ledger', path, 'logs', '4', '-f']);
    const end = ended(child);
    let seen = '';
    child.stdout?.on('data', (chunk) => {
      seen += chunk;
    });
    await until(() => seen === 'begun\n', 'it shows what is there');
    await appendFile(log, 'more\n');
    await until(() => seen === 'begun\nmore\n', 'it shows what is added');
    await appendFile(log, 'done\n');
    ledger.ended({ run: 4, task: 'backup', number: 2 }, result('success'), [], { state: 'success' });
    expect(await end).toEqual({ status: 0, signal: null, stdout: 'begun\nmore\ndone\n', stderr: '' });
  });
});

describe('what the schedule is asked for', () => {
  it('is answered by it', async () => {
    const { runs, path, ledger } = await filled();
    const asked = await answering(path, ledger, 0, '5');
    const at = '2026-11-01T00:00:00Z';
    expect(await runs(['run', 'attic', '--at', at, '-e', 'A=1', '-e', 'B=x=y'])).toMatchObject({
      ...{ status: 0, stdout: '5\n', stderr: '' },
    });
    expect((await runs(['retry', 'last', '--job', 'attic', '--task', 'load'])).status).toBe(0);
    await ledger.decide(markAt(NOON), [
      newRun('backup', NOON + 2 * MINUTE, { state: 'skipped', reason: 'overlap' }),
    ]);
    expect((await runs(['stop', 'last', '--job', 'backup'])).status).toBe(0);
    const nothing = { job: undefined, run: undefined, task: undefined, at: undefined, env: {} };
    const who = userInfo().username;
    expect(asked).toEqual([
      { ...nothing, id: 1, verb: 'run', job: 'attic', at: Date.parse(at), env: { A: '1', B: 'x=y' }, who },
      { ...nothing, id: 2, verb: 'retry', run: 3, task: 'load', who },
      { ...nothing, id: 3, verb: 'stop', run: 4, who },
    ]);
  });

  it('stays in the ledger, with who and what it answered; what is paused, too', async () => {
    const { runs, path, ledger } = await filled();
    await answering(path, ledger, 0, '5');
    await runs(['run', 'attic']);
    await runs(['pause', 'attic']);
    await runs(['pause', 'nothing']);
    const words =
      'SELECT verb, job, who, status, answer, taken IS NOT NULL AS taken FROM request ORDER BY id';
    const who = userInfo().username;
    expect(await ledger.read(({ sql }) => sql(words).all())).toEqual([
      { verb: 'run', job: 'attic', who, status: 0, answer: '5', taken: 1 },
      { verb: 'pause', job: 'attic', who, status: 0, answer: null, taken: 1 },
    ]);
  });

  it('may be refused by it', async () => {
    const { runs, path, ledger } = await filled();
    await answering(path, ledger, 69, 'run 1 has ended: failed');
    expect(await runs(['stop', '1'])).toMatchObject({
      status: 69,
      stderr: 'runs: run 1 has ended: failed\n',
    });
  });

  it('is not done when none runs, or when it does not answer', async () => {
    const { runs, path, ledger } = await filled();
    expect(await runs(['stop', '4'])).toMatchObject({
      status: 75,
      stderr: `runs: ${path}: no schedule is running with this ledger\n`,
    });
    const { release } = await holdLock(`${path}-lock`);
    expect(await runs(['stop', '4', '--wait', '0'])).toMatchObject({
      ...{ status: 75, stderr: `runs: ${path}: the schedule has not answered: nothing was done\n` },
    });
    await release();
    expect(await ledger.read((file) => hasRequests(file, undefined))).toBe(false);
  });
});

it('what a run-tasks has left that was killed has failed, for --failed and --check, too', async () => {
  const { runs, path, ledger } = await filled();
  const killed = { runner: `${path}-lock-gone`, trigger: 'manual', repeat: undefined } as const;
  const numbers = async (...words: string[]) =>
    (await runs(['--csv', ...words])).stdout.split('\n').map((line) => line.split(',')[0]);
  expect(await numbers('--failed')).toEqual(['run', '1', '']);
  await ledger.add([
    newRun('attic', NOON, { ...killed, state: 'running' }),
    // It had not begun.
    newRun('attic', NOON, { ...killed, state: 'queued' }),
  ]);
  expect(await numbers('--failed')).toEqual(['run', '1', '5', '']);
  expect(await numbers('--failed', '-n', '1', 'attic')).toEqual(['run', '5', '']);
  expect(await numbers('--failed', 'backup')).toEqual(['']);
  expect(await runs(['--check', 'attic'])).toMatchObject({
    status: 1,
    stderr: 'runs: attic: run 5 failed: lost; last success: 2026-11-21T12:01:01.100Z\n',
  });
});

describe('--check', () => {
  it('is 0, 1, or 3 when it cannot tell', async () => {
    const { runs, path, ledger } = await filled();
    expect(await runs(['--check', 'attic'])).toMatchObject({
      ...{ status: 0, stdout: 'attic: last success: 2026-11-21T12:01:01.100Z\n', stderr: '' },
    });
    expect((await runs(['--check', 'attic', '--within', '29s'])).status).toBe(0);
    expect(await runs(['--check', 'attic', '--within', '28s'])).toMatchObject({
      status: 1,
      stderr: 'runs: attic: no success within 28s; last success: 2026-11-21T12:01:01.100Z\n',
    });
    expect(await runs(['--check', 'backup', '--within', '5m'])).toMatchObject({
      ...{ status: 1, stderr: 'runs: backup: no success within 5m; last success: never\n' },
    });
    expect(await runs(['--check', 'backup'])).toMatchObject({
      status: 3,
      stderr: 'runs: backup: no run has ended yet\n',
    });
    expect(
      await runInProcess(tool, ['--ledger', path, '--check', 'attic', '--within', '1h'], { now: NOON }),
    ).toMatchObject({
      status: 3,
      stderr: 'runs: attic: the last success is in the future, 2026-11-21T12:01:01.100Z: a clock is wrong\n',
    });
    expect(await runs(['--check', 'cellar'])).toMatchObject({
      status: 3,
      stderr: 'runs: cellar: no such job\n',
    });
    ledger.ended({ run: 4, task: 'backup', number: 2 }, result('failed'), [], {
      state: 'failed',
      reason: 'timeout',
    });
    await ledger.flush();
    expect(await runs(['--check', 'backup'])).toMatchObject({
      ...{ status: 1, stderr: 'runs: backup: run 4 failed: timeout; last success: never\n' },
    });
    await writeFile(`${path}.txt`, 'text\n'.repeat(1000));
    expect(await runs(['--ledger', `${path}.txt`, '--check', 'attic'])).toMatchObject({ status: 3 });
    expect(await runs(['--ledger', `${path}.none`, '--check', 'attic'])).toMatchObject({
      ...{ status: 3, stderr: `runs: ${path}.none: no such ledger\n` },
    });
  });
});

it('says that a folder is no ledger', async () => {
  const cwd = await privateFolder();
  for (const words of [[], ['pause', 'a']])
    expect(await run('runs', ['--ledger', '.', ...words], { cwd })).toMatchObject({
      ...{ status: 66, stderr: 'runs: .: is a directory\n' },
    });
});

it('creates no ledger', async () => {
  const cwd = await privateFolder();
  for (const words of [
    [],
    ['attic'],
    ['show', '1'],
    ['logs', 'last'],
    ['pause', 'a'],
    ['run', 'a'],
    ['stop', '1'],
  ])
    expect((await run('runs', words, { cwd })).stderr).toBe('runs: runs.db: no such ledger\n');
  expect(readdirSync(cwd)).toEqual([]);
  expect((await run('runs', [], { cwd, env: { ETL_LEDGER: join(cwd, 'other') } })).stderr).toBe(
    `runs: ${cwd}/other: no such ledger\n`,
  );
});
