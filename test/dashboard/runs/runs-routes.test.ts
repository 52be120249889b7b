import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type {
  GridJson,
  ItemsJson,
  JobsJson,
  RunDetailJson,
  RunsJson,
} from '../../../src/dashboard/page/runs/runs-json.ts';
import { lockSchedule } from '../../../src/ledger/schedule-lock.ts';
import { job, MINUTE, NOON, newRun, openedLedger, result } from '../../ledger/invented.ts';
import { addTasks, asking, describeJob } from './asking.ts';
import { differences } from './described.ts';

const NOW = '2026-11-21T12:00:00Z';

describe('jobs', () => {
  it('are told in the order of the schedule, with their last runs, then those that are gone', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.register([job('old'), job('new')]);
    await ledger.add(Array.from({ length: 30 }, (_, at) => newRun('attic', NOON + at * MINUTE)));
    await ledger.add([newRun('old', NOON)]);
    await ledger.register([job('attic'), job('load', { schedule: '', command: '' })]);
    await describeJob(ledger, 'load', { owner: 'eve', tags: ['t'], env: { STATION: 'attic' } });
    for (const [run, ms] of [
      [29, 2000],
      [30, 4000],
    ] as const) {
      const taken = result('success', { start: NOON, end: NOON + ms });
      ledger.ended({ run, task: 'attic', number: 1 }, taken, [], { state: 'success' });
    }
    await ledger.write(({ sql }) => {
      sql("UPDATE job SET paused = ? WHERE name = 'load'").run(NOON);
    });
    const { now, live, jobs } = await asking(path).json<JobsJson>('/api/jobs');
    expect({ now, live }).toEqual({ now: NOW, live: false });
    expect(jobs.map(({ name, gone }) => [name, gone])).toEqual([
      ['attic', null],
      ['load', null],
      ['old', NOW],
    ]);
    const [attic, load, old] = jobs;
    expect(attic).toMatchObject({
      ...{ kind: 'line', schedule: '* * * * *', words: 'every minute', command: 'run attic', env: {} },
      ...{ place: 'crontab:1', owner: null, tags: [], paused: null, next: '2026-11-21T12:01:00Z', median: 2 },
    });
    expect(attic?.recent.map(({ run }) => run)).toEqual(Array.from({ length: 25 }, (_, at) => 6 + at));
    expect(attic?.recent.at(-1)).toEqual({
      ...{ run: 30, state: 'success', reason: null, scheduled: '2026-11-21T12:29:00Z' },
      ...{ start: NOW, end: '2026-11-21T12:00:04Z' },
    });
    expect(load).toMatchObject({
      ...{ kind: 'graph', owner: 'eve', description: null, tags: ['t'], env: { STATION: 'attic' } },
      ...{ paused: NOW, next: null, median: null, recent: [], notices: [`paused since ${NOW}`] },
    });
    expect(old).toMatchObject({ next: null, notices: [] });
  });

  it('are there when a schedule is, and none without a ledger', async () => {
    const { ledger, path } = await openedLedger();
    const asked = asking(path);
    const lock = await lockSchedule(path, NOON);
    expect(await asked.json('/api/jobs')).toMatchObject({ now: NOW, live: true, since: null, jobs: [] });
    lock.close();
    await ledger.close(false);
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    expect(await asked.json('/api/jobs')).toMatchObject({ now: NOW, live: false, jobs: [] });
    expect(await asked.json('/api/runs')).toEqual({ now: NOW, runs: [], next: null });
    expect(await asked.json('/api/grid?job=a')).toMatchObject({ tasks: [], runs: [], next: null });
    await expect(asked.answer('/api/runs/1')).rejects.toMatchObject({ status: 404 });
    await writeFile(path, 'no ledger');
    await expect(asked.answer('/api/jobs')).rejects.toMatchObject({
      ...{ status: 500, message: 'the ledger cannot be read' },
    });
    expect(asked.failures).toMatchObject([{ status: 78 }]);
  });
});

describe('runs', () => {
  async function filled() {
    const made = await openedLedger();
    const { ledger } = made;
    await ledger.add(
      Array.from({ length: 9 }, (_, at) =>
        newRun(at % 3 === 0 ? 'c' : 'a', NOON + at * MINUTE, {
          ...(at === 4 && { trigger: 'manual', repeat: undefined, env: { A: '1' } }),
          ...(at === 5 && { state: 'skipped', reason: 'overlap' }),
        }),
      ),
    );
    ledger.ended({ run: 2, task: 'a', number: 1 }, result('failed'), [], { state: 'failed' });
    ledger.ended({ run: 3, task: 'a', number: 1 }, result('success'), [], { state: 'success' });
    await ledger.flush();
    const asked = asking(made.path);
    const list = async (query: string) => {
      const { runs, next } = await asked.json<RunsJson>(`/api/runs${query}`);
      return [runs.map(({ run }) => run), next];
    };
    return { ...made, ...asked, list };
  }

  it('are listed the newest first, page by page', async () => {
    const { list, json } = await filled();
    expect(await list('')).toEqual([[9, 8, 7, 6, 5, 4, 3, 2, 1], null]);
    expect(await list('?limit=4')).toEqual([[9, 8, 7, 6], 6]);
    expect(await list('?limit=4&before=6')).toEqual([[5, 4, 3, 2], 2]);
    expect(await list('?limit=4&before=2')).toEqual([[1], null]);
    expect(await list('?before=1')).toEqual([[], null]);
    expect((await json<RunsJson>('/api/runs')).runs.find(({ run }) => run === 5)).toEqual({
      ...{ run: 5, job: 'a', trigger: 'manual', state: 'queued', reason: null, count: 1, tries: 0 },
      ...{ scheduled: '2026-11-21T12:04:00Z', dataStart: '2026-11-21T12:03:00Z' },
      ...{ dataEnd: '2026-11-21T12:04:00Z', queued: NOW, start: null, end: null, retryAt: null },
      ...{ status: null, rows: null, env: { A: '1' }, graph: null, runner: 'schedule' },
    });
  });

  it('are filtered by job, state, trigger and time', async () => {
    const { list } = await filled();
    expect(await list('?job=c')).toEqual([[7, 4, 1], null]);
    expect(await list('?job=c&limit=2')).toEqual([[7, 4], 4]);
    expect(await list('?job=c&limit=3')).toEqual([[7, 4, 1], null]);
    expect(await list('?state=failed')).toEqual([[2], null]);
    expect(await list('?state=failed&state=success')).toEqual([[3, 2], null]);
    expect(await list('?state=skipped&job=a')).toEqual([[6], null]);
    expect(await list('?trigger=manual')).toEqual([[5], null]);
    expect(await list('?from=2026-11-21T12:02:00Z&to=2026-11-21T12:04:00Z')).toEqual([[4, 3], null]);
  });

  it('are found however many others there are between them', async () => {
    const { ledger, list } = await filled();
    await ledger.write(({ sql }) => {
      sql('UPDATE run SET run = run + 100000 WHERE run > 5').run();
      sql('UPDATE run SET run = run + 30000 WHERE run BETWEEN 4 AND 5').run();
    });
    expect(await list('?job=c')).toEqual([[100_007, 30_004, 1], null]);
    expect(await list('?state=failed')).toEqual([[2], null]);
    expect(await list('?limit=5')).toEqual([[100_009, 100_008, 100_007, 100_006, 30_005], 30_005]);
  });

  it('refuse parameters that are wrong', async () => {
    const { answer } = await filled();
    for (const [query, message] of [
      ['?limit=0', 'limit is not a whole number from 1 to 1000'],
      ['?limit=1001', 'limit is not a whole number from 1 to 1000'],
      ['?before=x', 'before is not a whole number: "x"'],
      ['?before=1&before=2', 'before is given more than once'],
      ['?state=bad', /^state is not one of queued, .*: "bad"$/],
      ['?trigger=', /^trigger is not one of/],
      ['?from=yesterday', 'from is not a time: "yesterday"'],
      ['?from=2026-11-22T00:00:00Z&to=2026-11-21T00:00:00Z', 'from is after to'],
      ['?jobs=a', 'unknown parameter: "jobs"'],
    ] as const)
      await expect(answer(`/api/runs${query}`)).rejects.toMatchObject({
        ...{ status: 400, message: expect.stringMatching(message) },
      });
    await expect(answer('/api/jobs?x=1')).rejects.toMatchObject({ status: 400 });
    await expect(answer('/api/grid')).rejects.toMatchObject({ status: 400, message: 'job is missing' });
    for (const run of ['99', '0', '-1', '1.0', '1e3', 'last', '..%2F', '9'.repeat(400), '%00'])
      await expect(answer(`/api/runs/${run}`)).rejects.toMatchObject({ status: 404 });
  });
});

describe('a run', () => {
  it('of a line of a crontab has one task, which is the line', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.add([newRun('a', NOON, { state: 'running' })]);
    const next = { state: 'up_for_retry', retryAt: NOON + MINUTE } as const;
    const reports = [{ tool: 'get-stats', in: 60, out: 1, rejected: 2, ms: 5, status: 0 }];
    const end = result('failed', { reason: 'timeout', status: 137, signal: 'SIGKILL' });
    ledger.ended({ run: 1, task: 'a', number: 1 }, end, reports, next);
    await ledger.flush();
    const detail = await asking(path).json<RunDetailJson>('/api/runs/1');
    const times = { start: '2026-11-21T12:00:01Z', end: '2026-11-21T12:00:03Z' };
    expect(detail.tasks).toEqual([
      {
        ...{ task: 'a', state: 'up_for_retry', reason: null, tries: 1, status: 137, queued: NOW, ...times },
        ...{
          retryAt: '2026-11-21T12:01:00Z',
          rows: { in: 60, out: 1, rejected: 2 },
          item: null,
          items: null,
        },
      },
    ]);
    expect(detail.attempts).toEqual([
      {
        ...{ task: 'a', number: 1, state: 'failed', reason: 'timeout', status: 137, signal: 'SIGKILL' },
        ...{ ...times, cpuSeconds: 0.5, peakBytes: 4_000_000 },
      },
    ]);
  });

  it('of a graph has its tasks in the order of the file, and items apart', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.add([newRun('g', NOON)]);
    await ledger.intend([
      { run: 1, task: 'split[0]', number: 1 },
      { run: 1, task: 'a', number: 2 },
      { run: 1, task: 'a', number: 1 },
    ]);
    const item = (index: number, state: string) => ({
      ...{ run: 1, task: `split[${index}]`, position: index, split: 'split', item: `i${index}`, state },
    });
    await addTasks(ledger, 'abc', [
      { run: 1, task: 'split', position: 1, state: 'running' },
      { run: 1, task: 'a', position: 2, rows: [3, 2, 1] },
      { run: 1, task: 'z', position: 0, state: 'upstream_failed', tries: 0 },
      ...Array.from({ length: 12 }, (_, at) => item(at, at === 3 ? 'failed' : 'success')),
    ]);
    const { json, answer } = asking(path);
    const { graph, tasks, attempts } = await json<RunDetailJson>('/api/runs/1');
    expect(graph).toBe('abc');
    expect(tasks.map(({ task, state }) => `${task} ${state}`)).toEqual([
      'z upstream_failed',
      'split running',
      'a success',
    ]);
    expect(tasks.map(({ items }) => items)).toEqual([null, { failed: 1, success: 11 }, null]);
    expect(tasks[2]?.rows).toEqual({ in: 3, out: 2, rejected: 1 });
    expect(attempts.map(({ task, number }) => [task, number])).toEqual([
      ['a', 1],
      ['a', 2],
    ]);
    const page = await json<ItemsJson>('/api/runs/1/items?task=split&limit=10');
    expect(page.items.map(({ task, item }) => `${task} ${item}`)).toEqual(
      Array.from({ length: 10 }, (_, at) => `split[${at}] i${at}`),
    );
    expect(page.next).toBe(9);
    const last = await json<ItemsJson>('/api/runs/1/items?task=split&limit=10&after=9');
    expect([last.items.map(({ task }) => task), last.next]).toEqual([['split[10]', 'split[11]'], null]);
    await expect(answer('/api/runs/2/items?task=split')).rejects.toMatchObject({ status: 404 });
  });
});

describe('the grid', () => {
  it('has tasks in the order of the newest run, those that are gone behind', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.add([0, 1, 2].map((at) => newRun('g', NOON + at * MINUTE)));
    await addTasks(ledger, 'abc', [
      { run: 1, task: 'gone', position: 0 },
      { run: 1, task: 'a', position: 1, state: 'failed' },
      { run: 3, task: 'b', position: 0 },
      { run: 3, task: 'a', position: 1 },
    ]);
    await ledger.register([
      job('g', { about: { owner: undefined, description: undefined, tags: [], env: {} } }),
    ]);
    const { json } = asking(path);
    const grid = await json<GridJson>('/api/grid?job=g');
    expect([grid.tasks, grid.runs.map(({ run }) => run), grid.next]).toEqual([
      ['b', 'a', 'gone'],
      [3, 2, 1],
      null,
    ]);
    expect(grid.cells.map((row) => row.map((cell) => cell?.state ?? null))).toEqual([
      ['success', 'success', null],
      [null, null, null],
      [null, 'failed', 'success'],
    ]);
    const page = await json<GridJson>('/api/grid?job=g&limit=1&before=3');
    expect([page.runs.map(({ run }) => run), page.next]).toEqual([[2], 2]);
  });

  it('of a line of a crontab has one task', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.add([newRun('a', NOON), newRun('a', NOON + MINUTE, { state: 'skipped', reason: 'missed' })]);
    const { tasks, cells } = await asking(path).json<GridJson>('/api/grid?job=a');
    expect([tasks, cells.map(([cell]) => cell?.state)]).toEqual([['a'], ['skipped', 'queued']]);
  });

  it('ends a page early when there are very many tasks', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.add([0, 1, 2].map((at) => newRun('g', NOON + at * MINUTE)));
    await ledger.write(({ sql }) => {
      sql(
        `WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 9999)
         INSERT INTO task (run, task, position, state, hash, tries) SELECT run, 't' || n, n, 'none', '', 0 FROM n, run`,
      ).run();
    });
    const { runs, next } = await asking(path).json<GridJson>('/api/grid?job=g');
    expect([runs.map(({ run }) => run), next]).toEqual([[3, 2], 2]);
  });
});

it('the file of a graph is told as it was', async () => {
  const { ledger, path } = await openedLedger();
  const task = {
    ...{ name: 'a', needs: [], triggerRule: 'all_success', command: 'true', waits: false, isSplit: true },
    ...{ pool: null, line: 3 },
  };
  await ledger.write(({ sql }) => {
    sql('INSERT INTO graph VALUES (?, ?, ?, ?)').run('abc', 'g.yaml', 'tasks:\n', JSON.stringify([task]));
  });
  const { json, answer } = asking(path);
  expect(await json('/api/graphs/abc')).toEqual({
    ...{ hash: 'abc', file: 'g.yaml', text: 'tasks:\n', tasks: [task] },
  });
  await expect(answer('/api/graphs/%2e%2e%2fabc')).rejects.toMatchObject({ status: 404 });
});

it('answers as the OpenAPI document says', async () => {
  const { ledger, path } = await openedLedger();
  const about = { owner: 'eve', description: 'd', tags: ['t'], env: { A: '1' } };
  await ledger.register([job('g', { about }), job('a')]);
  await ledger.add([
    newRun('g', NOON),
    newRun('a', NOON, { state: 'running', env: { A: '2' } }),
    newRun('g', NOON + MINUTE),
  ]);
  const reports = [{ tool: 'get-stats', in: 60, out: 1, rejected: 2, ms: 5, status: 0 }];
  ledger.ended({ run: 2, task: 'a', number: 1 }, result('success'), reports, { state: 'success' });
  await ledger.flush();
  await addTasks(ledger, 'abc', [
    { run: 1, task: 's', position: 0 },
    { run: 1, task: 's[0]', position: 0, split: 's', item: 'x' },
    { run: 3, task: 'b', position: 0, rows: [1, 2, 3] },
  ]);
  await ledger.write(({ sql }) => {
    const task = { name: 'a', needs: ['b'], triggerRule: 'always', command: '', waits: false, isSplit: true };
    const tasks = JSON.stringify([{ ...task, pool: null, line: 3 }]);
    sql('INSERT INTO graph VALUES (?, ?, ?, ?)').run('abc', 'g.yaml', 'tasks:\n', tasks);
  });
  const { json } = asking(path);
  for (const [name, asked] of [
    ['Jobs', '/api/jobs'],
    ['Runs', '/api/runs'],
    ['Runs', '/api/runs?limit=1'],
    ['RunDetail', '/api/runs/1'],
    ['RunDetail', '/api/runs/2'],
    ['Items', '/api/runs/1/items?task=s'],
    ['Grid', '/api/grid?job=g'],
    ['Graph', '/api/graphs/abc'],
  ] as const)
    expect([asked, differences(name, await json(asked))]).toEqual([asked, []]);
  expect(differences('Runs', { now: NOW, runs: [{}], later: 1 })).toContain('Runs.next');
});

it('a run of a run-tasks that was killed is lost, and what it has left has ended', async () => {
  const { ledger, path } = await openedLedger();
  await ledger.register([job('load')]);
  await ledger.add([
    newRun('load', NOON, { state: 'running', runner: `${path}-lock-gone`, task: 'extract' }),
  ]);
  await addTasks(ledger, 'abc', [
    { run: 1, task: 'extract', position: 0, state: 'running' },
    { run: 1, task: 'load', position: 1, state: 'scheduled' },
  ]);
  ledger.started({ run: 1, task: 'extract', number: 1 }, NOON - MINUTE);
  await ledger.flush();
  const { json } = asking(path);
  const lost = { run: 1, state: 'failed', reason: 'lost', end: NOW };
  expect((await json<RunsJson>('/api/runs')).runs).toMatchObject([lost]);
  expect((await json<JobsJson>('/api/jobs')).jobs[0]?.recent).toMatchObject([lost]);
  const detail = await json<RunDetailJson>('/api/runs/1');
  expect(detail).toMatchObject(lost);
  expect(detail.attempts).toMatchObject([{ task: 'extract', state: 'failed', reason: 'lost', end: NOW }]);
  const tasks = ['extract failed', 'load none'];
  expect(detail.tasks.map(({ task, state }) => `${task} ${state}`)).toEqual(tasks);
  const { runs, cells } = await json<GridJson>('/api/grid?job=load');
  expect(runs).toMatchObject([lost]);
  expect(cells[0]?.map((cell) => `${cell?.task} ${cell?.state}`)).toEqual(tasks);
});
