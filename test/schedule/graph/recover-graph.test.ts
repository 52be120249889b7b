import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { logPath } from '../../../src/ledger/log-path.ts';
import type { Run, TaskRow, TryRow } from '../../../src/ledger/records.ts';
import type { TaskLeft } from '../../../src/schedule/execution.ts';
import { graphRecord } from '../../../src/schedule/graph/execution/graph-record.ts';
import { readGraph } from '../../../src/schedule/graph/file/read-graph.ts';
import type { Graph } from '../../../src/schedule/graph/graph.ts';
import { graphJob } from '../../../src/schedule/graph/graph-job.ts';
import { recover } from '../../../src/schedule/recover.ts';
import { trial } from '../trial.ts';
import { graphOf } from './graphs.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');

const TEXT = `
dag: diamond
tasks:
  extract: {run: 'true'}
  left: {needs: [extract], run: 'true'}
  right: {needs: [extract], run: 'true'}
  count: {needs: [extract], run: 'true', each: [a, b, c]}
  load: {needs: [left, right], run: 'true'}
`;

const run: Run = {
  ...{ run: 7, job: 'diamond', trigger: 'schedule', scheduled: NOON, repeat: 0, count: 1, state: 'running' },
  ...{
    dataStart: NOON,
    dataEnd: NOON,
    reason: undefined,
    tries: 1,
    queued: NOON,
    start: NOON,
    end: undefined,
  },
  ...{ retryAt: undefined, status: undefined, rows: undefined, env: {}, isOfNow: true },
  ...{ graph: graphOf(TEXT).hash, runner: undefined },
};

function task(name: string, state: TaskRow['state'], tries: number, also: Partial<TaskRow> = {}): TaskRow {
  const [, split] = /^(.+)\[\d\]$/.exec(name) ?? [];
  return {
    ...{ run: 7, task: name, position: 0, split, item: split && name, state, reason: undefined, hash: '' },
    ...{ tries, queued: NOON, start: NOON, end: undefined, retryAt: undefined, status: undefined },
    ...{ rows: undefined, ...also },
  };
}

function running(name: string, number: number): TryRow {
  const unknown = { cpuSeconds: undefined, peakBytes: undefined };
  return {
    ...{ run: 7, task: name, number, state: 'running', reason: undefined, status: undefined },
    ...{ signal: undefined, start: undefined, end: undefined, ...unknown },
  };
}

const TASKS = [
  task('extract', 'success', 1),
  task('left', 'running', 1),
  task('right', 'up_for_retry', 2, { retryAt: NOON + 5000, status: 75 }),
  task('count', 'running', 0),
  task('count[0]', 'failed', 3, { status: 1 }),
  task('count[1]', 'running', 2),
  task('count[2]', 'none', 0),
  task('load', 'none', 0),
];

/** What becomes of the run of a graph of which tries were being done. @param logs by task what stands in the log of that try */
async function recovered(
  tries: readonly TryRow[],
  logs: Record<string, string>,
  graphs: readonly Graph[],
  tasks = TASKS,
) {
  const { world } = trial();
  for (const [name, text] of Object.entries(logs)) {
    const number = tries.find((one) => one.task === name)?.number ?? 1;
    const path = logPath(world.logFolder, run, name, number);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `2026-11-21T12:00:00.000Z # ledger ${world.ledgerId}\n${text}`);
  }
  const told: string[] = [];
  const graph = graphRecord(graphOf(TEXT));
  await recover([{ run, tries, tasks, graph }], {
    jobs: new Map(graphs.map((one) => [one.name, graphJob(one)])),
    ...{ ledgerId: world.ledgerId, logFolder: world.logFolder, runners: [world.runner] },
    others: new Set(),
    insist: new AbortController().signal,
    now: () => NOON,
    take: (_run, job, left) => {
      told.push(`tasks: ${[...(job.graph?.tasks.keys() ?? [])].join(' ')}`);
      told.push(`retries: ${job.graph?.tasks.get('extract')?.policies.retries}`);
      for (const [name, one] of left?.kind === 'tasks' ? left.tasks : []) told.push(`${name} ${shown(one)}`);
    },
    giveUp: (_run, { state, reason }) => void told.push(`${state} ${reason}`),
  });
  return told;
}

function shown({ state, tries, left }: TaskLeft): string {
  const result = left?.kind === 'lost' ? ` ${left.number} ${left.result?.state ?? 'unknown'}` : '';
  return `${state} after ${tries}${left === undefined ? '' : `: ${left.kind}${result}`}`;
}

const trailer = '2026-11-21T12:00:01.000Z # success: exit status 0\n';

it('of a graph results stay, and each task that has none goes on from its last try', async () => {
  const tries = [running('left', 1), running('count[1]', 2)];
  expect(await recovered(tries, { left: trailer, 'count[1]': '' }, [graphOf(TEXT)])).toEqual([
    'tasks: extract left right count load',
    'retries: 0',
    'extract success after 1',
    'left none after 1: lost 1 success',
    'right none after 2: retry',
    'count none after 0',
    'count[0] failed after 3',
    'count[1] none after 2: lost 2 unknown',
    'count[2] none after 0',
    'load none after 0',
  ]);
});

it('a try that was intended and not begun is made by its own number', async () => {
  const told = await recovered([running('left', 1), running('count[1]', 2)], {}, [graphOf(TEXT)]);
  expect(told).toContain('left none after 0');
  expect(told).toContain('count[1] none after 1: retry');
});

it('goes on by the file with which it has begun', async () => {
  const [tasks] = await recovered([], {}, [graphOf('dag: diamond\ntasks: {other: {run: "true"}}')]);
  expect(tasks).toBe('tasks: extract left right count load');
});

it('goes on with the policies that are given for what a file does not say, and with the tasks that it had', async () => {
  const { graph } = readGraph('dag: diamond\ntasks: {other: {run: "true"}}', 'diamond.yaml', { retries: 3 });
  const [tasks, retries] = await recovered([], {}, graph ? [graph] : [], TASKS.slice(0, 3));
  expect([tasks, retries]).toEqual(['tasks: extract left right', 'retries: 3']);
});

it('whose job is gone has failed', async () => {
  expect(await recovered([running('left', 1)], { left: trailer }, [])).toEqual(['failed lost']);
  expect(await recovered([], {}, [])).toEqual(['failed lost']);
});
