import { describe, expect, it } from 'vitest';
import { tasksAndItemsOf } from '../../../src/ledger/read-tasks.ts';
import type { Request } from '../../../src/ledger/requests.ts';
import { addRequest } from '../../../src/ledger/requests.ts';
import { at, scheduling } from '../scheduling.ts';
import { graphOf } from './graphs.ts';

const DIAMOND = `
dag: diamond
schedule: "* * * * *"
timezone: UTC
env: {STATION: attic}
tasks:
  extract: {run: 'true', retries: 1, retry-delay: 1h}
  left: {needs: [extract], run: 'true'}
  right: {needs: [extract], run: 'true'}
  load: {needs: [left, right], run: 'true'}
  report: {needs: [load], trigger-rule: all_done, run: 'true'}
`;

const request = (words: Partial<Request>): Omit<Request, 'id'> => ({
  ...{ verb: 'run', job: undefined, run: undefined, task: undefined, at: undefined, env: {}, who: 'me' },
  ...words,
});

/** A schedule with the diamond, and what its tests ask. */
async function diamond(text = DIAMOND, slots = 32) {
  const made = await scheduling({
    ...{ crontab: '', start: at('10:00:30'), slots },
    graphs: [graphOf(text, '/etl/diamond.yaml')],
  });
  const { ledger, begun, settle } = made;
  return {
    ...made,
    running: () => begun.map(({ order }) => `${order.task} ${order.number}`).join(' '),
    /** Ends the try of a task that runs. */
    endTask: async (task: string, result: Parameters<(typeof begun)[number]['end']>[0] = {}) => {
      const index = begun.findIndex(({ order }) => order.task === task);
      begun.splice(index, 1)[0]?.end(result);
      await settle();
    },
    states: async (run: number) => {
      const rows = await ledger.read((file) => tasksAndItemsOf(file, run));
      return rows.map(({ task, state, tries }) => `${task} ${state} ${tries}`).join(', ');
    },
    ask: async (words: Partial<Request>) => {
      const id = await ledger.write((file) => addRequest(file, request(words), 0));
      await made.ask();
      await settle();
      return ledger.read(({ sql }) =>
        Object.values(sql('SELECT status, answer FROM request WHERE id = ?').get(id)),
      );
    },
  };
}

const failed = { state: 'failed', status: 1 } as const;

describe('a graph in a schedule', () => {
  it('is run when it is due, its tasks in their order, as one run', async () => {
    const { beatAt, endTask, running, rows, states } = await diamond();
    await beatAt(at('10:01:00'));
    expect(running()).toBe('extract 1');
    await endTask('extract');
    expect(running()).toBe('left 1 right 1');
    await endTask('right');
    await endTask('left', { state: 'failed', status: 65 });
    expect(running()).toBe('report 1');
    await endTask('report');
    expect(rows()).toEqual(['diamond 10:01 schedule failed']);
    expect(await states(1)).toBe(
      'extract success 1, left failed 1, right success 1, load upstream_failed 0, report success 1',
    );
  });

  it('begins what needs one item when that has ended, as Airflow does, and what needs all when all have', async () => {
    const { beatAt, endTask, running, rows, states } = await diamond(`
dag: etl
schedule: "* * * * *"
timezone: UTC
tasks:
  split: {run: 'true', each: [a, b, c]}
  first: {needs: [split], trigger-rule: one_success, run: 'true'}
  alarm: {needs: [split], trigger-rule: one_failed, run: 'true'}
  all: {needs: [split], trigger-rule: all_done, run: 'true'}
`);
    await beatAt(at('10:01:00'));
    expect(running()).toBe('split[0] 1 split[1] 1 split[2] 1');
    await endTask('split[1]');
    expect(running()).toBe('split[0] 1 split[2] 1 first 1');
    await endTask('split[0]', failed);
    expect(running()).toBe('split[2] 1 first 1 alarm 1');
    for (const task of ['first', 'alarm', 'split[2]']) await endTask(task);
    expect(running()).toBe('all 1');
    await endTask('all');
    expect(await states(1)).toMatch(/^split failed 0, .*first success 1, .*alarm success 1, .*all success 1/);
    expect(rows()).toEqual(['etl 10:01 schedule failed']);
  });

  it('has no try that ends before it starts, though it could not be started, or the clock was set back', async () => {
    const { beatAt, endTask, ledger } = await diamond();
    await beatAt(at('10:01:00'));
    await endTask('extract', { end: at('10:00:59') });
    const took = await ledger.read(({ sql }) =>
      sql(`SELECT "end" - start AS took FROM try WHERE task = 'extract'
           UNION ALL SELECT "end" - start FROM task WHERE task = 'extract'`).all(),
    );
    expect(took).toEqual([{ took: 0 }, { took: 0 }]);
  });

  it('overlaps as a whole', async () => {
    const { beatAt, endTask, rows } = await diamond();
    await beatAt(at('10:01:00'));
    await beatAt(at('10:02:00'));
    await endTask('extract');
    await beatAt(at('10:03:00'));
    expect(rows()).toEqual([
      'diamond 10:01 schedule running',
      'diamond 10:02 schedule skipped overlap',
      'diamond 10:03 schedule skipped overlap',
    ]);
  });

  it('of overlap=kill is ended for the next run', async () => {
    const { beatAt, endTask, rows, states } = await diamond(`overlap: kill\n${DIAMOND}`);
    await beatAt(at('10:01:00'));
    await endTask('extract');
    await beatAt(at('10:02:00'));
    expect(rows()).toEqual(['diamond 10:01 schedule failed killed', 'diamond 10:02 schedule running']);
    expect(await states(1)).toBe(
      'extract success 1, left failed 1, right failed 1, load skipped 0, report skipped 0',
    );
  });

  it('has its hooks when all of it has ended', async () => {
    const { beatAt, endTask, hooks } = await diamond(`on-failure: f\non-success: s\n${DIAMOND}`);
    await beatAt(at('10:01:00'));
    for (const task of ['extract', 'left', 'right', 'load']) await endTask(task);
    expect(hooks).toEqual([]);
    await endTask('report');
    expect(hooks).toEqual(['diamond success 0']);
    await beatAt(at('10:02:00'));
    await endTask('extract', { state: 'failed', status: 65 });
    expect(hooks).toHaveLength(1);
    await endTask('report');
    expect(hooks.slice(1)).toEqual(['diamond failed 65']);
  });

  it('is watched over by a URL, and so are tasks of it: one that is split as a whole', async () => {
    const { beatAt, endTask, pings } = await diamond(`
ping: https://all
schedule: "* * * * *"
tasks:
  plain: {run: x, ping: 'https://plain', retries: 1, retry-delay: 0}
  split: {run: x, ping: 'https://split', each: [a, b], needs: [plain], trigger-rule: all_done}
  empty: {run: x, ping: 'https://empty', each: [], needs: [split]}
`);
    await beatAt(at('10:01:00'));
    await endTask('plain', failed);
    await endTask('plain', { state: 'failed', status: 65 });
    await endTask('split[0]');
    await endTask('split[1]');
    const tried = 'https://plain start';
    expect(pings).toEqual([
      ...['https://all start', tried, tried, 'https://plain fail failed, exit status 65'],
      ...['https://split start', 'https://split success success, exit status 0'],
      ...['https://empty start', 'https://empty success skipped'],
      'https://all fail failed, exit status 65',
    ]);
  });

  it('shares the slots of all', async () => {
    const { beatAt, endTask, running } = await diamond(DIAMOND, 1);
    await beatAt(at('10:01:00'));
    await endTask('extract');
    expect(running()).toBe('left 1');
    await endTask('left');
    expect(running()).toBe('right 1');
  });

  it('is over at once when it is stopped while it waits for a slot, as if no task had been tried', async () => {
    const made = await scheduling({
      ...{ crontab: '#: name=other\n* * * * * true', start: at('10:00:30'), slots: 1 },
      graphs: [graphOf(DIAMOND, '/etl/diamond.yaml')],
    });
    await made.beatAt(at('10:01:00'));
    expect(made.scheduler.stop('diamond', 2)).toBe('running');
    await made.settle();
    expect(made.rows()).toEqual(['other 10:01 schedule running', 'diamond 10:01 schedule skipped stopped']);
    const tasks = await made.ledger.read((file) => tasksAndItemsOf(file, 2));
    expect(tasks.map(({ state, tries }) => `${state} ${tries}`)).toEqual(Array(5).fill('skipped 0'));
    await made.end();
    expect(made.told).toEqual(['other 10:01 1']);
  });
});

describe('people ask for', () => {
  it('a run, with variables that the file declares', async () => {
    const { ask, begun } = await diamond();
    expect(await ask({ job: 'diamond', env: { STATION: 'roof' } })).toEqual([0, '1']);
    expect(begun[0]?.order.env).toEqual({ STATION: 'roof' });
    expect(await ask({ job: 'diamond', env: { toString: 'x' } })).toEqual([
      69,
      'diamond: env declares no toString',
    ]);
  });

  it('the end of a run, with all its tasks', async () => {
    const { ask, beatAt, endTask, running, rows, states } = await diamond();
    await beatAt(at('10:01:00'));
    await endTask('extract');
    expect(running()).toBe('left 1 right 1');
    expect(await ask({ verb: 'stop', run: 1 })).toEqual([0, '1']);
    expect(rows()).toEqual(['diamond 10:01 schedule failed stopped']);
    expect(await states(1)).toContain('left failed 1, right failed 1, load skipped 0, report skipped 0');
  });

  it('nothing of a run that run-tasks does', async () => {
    const { ask, ledger } = await diamond();
    const times = { scheduled: 0, dataStart: 0, dataEnd: 0 };
    const run = { job: 'diamond', trigger: 'manual', ...times, repeat: undefined } as const;
    await ledger.add([{ ...run, state: 'queued', runner: '/somewhere/runs.db-lock-1' }]);
    // It is left for that one to answer.
    expect(await ask({ verb: 'retry', run: 1 })).toEqual([null, null]);
    expect(await ask({ verb: 'stop', run: 1 })).toEqual([null, null]);
  });

  it('a retry of what failed, and of what was not done since', async () => {
    const { ask, beatAt, endTask, running, rows, states } = await diamond();
    await beatAt(at('10:01:00'));
    await endTask('extract');
    await endTask('left', failed);
    await endTask('right');
    await endTask('report');
    expect(await ask({ verb: 'retry', run: 1 })).toEqual([0, '1']);
    expect(running()).toBe('left 2');
    await endTask('left');
    await endTask('load');
    expect(rows()).toEqual(['diamond 10:01 retry success']);
    expect(await states(1)).toBe(
      'extract success 1, left success 2, right success 1, load success 1, report success 1',
    );
    expect(running()).toBe('');
    expect(await ask({ verb: 'retry', run: 1 })).toEqual([0, '1']);
    expect(running()).toBe('extract 2');
  });

  it('a retry of one task, and what follows it', async () => {
    const { ask, beatAt, endTask, running, states, rows } = await diamond();
    await beatAt(at('10:01:00'));
    for (const task of ['extract', 'left', 'right', 'load', 'report']) await endTask(task);
    expect(await ask({ verb: 'retry', run: 1, task: 'lod' })).toEqual([66, 'no such task: lod']);
    expect(await ask({ verb: 'retry', run: 1, task: 'load' })).toEqual([0, '1']);
    expect(await ask({ verb: 'retry', run: 1 })).toEqual([69, 'run 1 is running']);
    expect(running()).toBe('load 2');
    await endTask('load');
    await endTask('report');
    expect(await states(1)).toContain('left success 1, right success 1, load success 2, report success 2');
    expect(rows()).toEqual(['diamond 10:01 retry success']);
  });
});
