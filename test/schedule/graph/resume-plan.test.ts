import { expect, test } from 'vitest';
import type { Graph } from '../../../src/schedule/graph/graph.ts';
import {
  type PastTask,
  planRepeat,
  planResume,
  planRetry,
  type ResumePlan,
  refuseChanged,
} from '../../../src/schedule/graph/resume-plan.ts';
import { inventedGraph, type TaskWords } from './invented-graph.ts';

/** extract, then two sides, then load, and two reports that look at what became of it. */
const DIAMOND: Readonly<Record<string, TaskWords>> = {
  extract: {},
  left: { needs: ['extract'] },
  right: { needs: ['extract'] },
  load: { needs: ['left', 'right'] },
  alarm: { needs: ['load'], triggerRule: 'one_failed' },
  report: { needs: ['load'], triggerRule: 'all_done' },
};

/** @param states of tasks, and of items; `skip-on` is skipped by the command itself */
function past(graph: Graph, states: Readonly<Record<string, PastTask['state'] | 'skip-on'>>): PastTask[] {
  return Object.entries(states).map(([task, word]) => {
    const split = /^(.*)\[\d+\]$/.exec(task)?.[1];
    const hash = graph.tasks.get(split ?? task)?.hash ?? 'of another file';
    const isOwn = word === 'skip-on';
    return { task, split, hash, state: isOwn ? 'skipped' : word, reason: isOwn ? 'skip-on' : undefined };
  });
}

const again = (plan: ResumePlan) => [...plan.again].join(' ');

test('resume repeats nothing that succeeded, and does what failed and what had not begun', () => {
  const graph = inventedGraph(DIAMOND);
  const killed = { extract: 'success', left: 'running', right: 'up_for_retry', load: 'none' } as const;
  expect(again(planResume(graph, past(graph, killed)))).toBe('left right load');
  const failed = { extract: 'success', left: 'failed', right: 'success', load: 'upstream_failed' } as const;
  const plan = planResume(graph, past(graph, { ...failed, alarm: 'success', report: 'success' }));
  expect(again(plan)).toBe('left load');
  expect([...plan.kept]).toEqual(['extract', 'right', 'alarm', 'report']);
});

test('what a rule skipped is judged anew only when what it follows is done anew', () => {
  const graph = inventedGraph({ ...DIAMOND, last: { needs: ['alarm'] } });
  const ended = { extract: 'success', left: 'success', right: 'success', report: 'success' } as const;
  const skipped = { alarm: 'skipped', last: 'skipped' } as const;
  expect(again(planResume(graph, past(graph, { ...ended, load: 'success', ...skipped })))).toBe('');
  expect(again(planResume(graph, past(graph, { ...ended, load: 'running', ...skipped })))).toBe(
    'load alarm last',
  );
});

test('what its own command skipped stays, as long as that is the same command', () => {
  const graph = inventedGraph(DIAMOND);
  const states = { extract: 'failed', left: 'skip-on', right: 'upstream_failed' } as const;
  expect(again(planResume(graph, past(graph, states)))).toBe('extract right');
  const edited = inventedGraph({ ...DIAMOND, left: { needs: ['extract'], command: 'other' } });
  expect(again(planResume(edited, past(graph, states)))).toBe('extract left right');
});

test('what was skipped since its run was ended is done', () => {
  const graph = inventedGraph(DIAMOND);
  const ended = past(graph, { extract: 'success', left: 'failed', right: 'skipped', load: 'skipped' });
  const stopped = ended.map((row) =>
    row.state === 'success' ? row : { ...row, reason: 'stopped' as const },
  );
  expect(again(planResume(graph, stopped))).toBe('left right load');
});

test('what is new in the file was never done, and what follows it is judged anew', () => {
  const old = inventedGraph(DIAMOND);
  const states = { extract: 'success', left: 'success', right: 'success', load: 'success' } as const;
  const rows = past(old, { ...states, alarm: 'skipped', report: 'success' });
  const edited = inventedGraph({
    ...DIAMOND,
    extra: {},
    alarm: { needs: ['load', 'extra'], triggerRule: 'one_failed' },
  });
  expect(again(planResume(edited, rows))).toBe('alarm');
  expect(() => refuseChanged(planResume(edited, rows), 'hint')).not.toThrow();
});

test('a task that is gone from the file is removed, and so is an item of one that is not split any more', () => {
  const old = inventedGraph({ a: { each: { kind: 'list', items: ['x', 'y'] } }, gone: {}, b: {} });
  const rows = past(old, { a: 'failed', 'a[0]': 'success', 'a[1]': 'failed', gone: 'success', b: 'success' });
  const plan = planResume(inventedGraph({ a: {}, b: {} }), rows);
  expect([...plan.removed]).toEqual(['a[0]', 'a[1]', 'gone']);
  expect(again(plan)).toBe('a');
  expect(() => refuseChanged(plan, 'hint')).not.toThrow();
});

test('a graph that changed in what succeeded is refused, by its line', () => {
  const graph = inventedGraph(DIAMOND);
  const rows = past(graph, { extract: 'success', left: 'success', right: 'failed', load: 'upstream_failed' });
  const edit = (name: string) => ({ [name]: { ...DIAMOND[name], command: 'other' } });
  expect(() =>
    refuseChanged(planResume(inventedGraph({ ...DIAMOND, ...edit('right') }), rows), 'hint'),
  ).not.toThrow();
  const plan = planResume(inventedGraph({ ...DIAMOND, ...edit('extract'), ...edit('left') }), rows);
  expect(() => refuseChanged(plan, 'hint')).toThrow(
    /^graph\.yaml:2: extract \(and left\) has changed since it succeeded: hint$/,
  );
  expect([...plan.kept]).toEqual(['extract', 'left']);
});

const SPLIT: Readonly<Record<string, TaskWords>> = {
  list: {},
  count: { needs: ['list'], each: { kind: 'lines', file: 'names' } },
  sum: { needs: ['count'] },
};

test('items are resumed one by one', () => {
  const graph = inventedGraph(SPLIT);
  const items = { 'count[0]': 'success', 'count[1]': 'failed', 'count[2]': 'queued' } as const;
  const rows = past(graph, { list: 'success', count: 'running', ...items, sum: 'none' });
  expect(again(planResume(graph, rows))).toBe('count count[1] count[2] sum');
});

test('items that succeeded keep that, while others of a changed task are done as they are now', () => {
  const graph = inventedGraph(SPLIT);
  const rows = past(graph, { list: 'success', count: 'failed', 'count[0]': 'success', 'count[1]': 'failed' });
  const edited = inventedGraph({ ...SPLIT, count: { ...SPLIT.count, command: 'other' } });
  expect(planResume(edited, rows).changed.map(({ name }) => name)).toEqual(['count']);
});

test('retry of a task takes what follows it along, whatever became of that, and nothing else', () => {
  const graph = inventedGraph(DIAMOND);
  const states = { extract: 'success', left: 'failed', right: 'failed', load: 'upstream_failed' } as const;
  const rows = past(graph, { ...states, alarm: 'success', report: 'success' });
  expect(again(planRetry(graph, rows, 'left'))).toBe('left load alarm report');
  expect(again(planRetry(graph, rows, 'report'))).toBe('report');
  expect(() => planRetry(graph, rows, 'lift')).toThrow('no such task: lift');
});

test('retry of a task that is split: its items that failed, or all; and of one item', () => {
  const graph = inventedGraph(SPLIT);
  const items = { 'count[0]': 'success', 'count[1]': 'failed' } as const;
  const rows = past(graph, { list: 'success', count: 'failed', ...items, sum: 'upstream_failed' });
  expect(again(planRetry(graph, rows, 'count'))).toBe('count count[1] sum');
  expect(again(planRetry(graph, rows, 'count[0]'))).toBe('count count[0] sum');
  expect(again(planRetry(graph, rows, 'list'))).toBe('list count count[0] count[1] sum');
  const well = past(graph, { list: 'success', count: 'success', 'count[0]': 'success', sum: 'success' });
  expect(again(planRetry(graph, well, 'count'))).toBe('count count[0] sum');
});

test('what does all again keeps nothing', () => {
  const graph = inventedGraph(DIAMOND);
  const plan = planRepeat(graph, past(graph, { extract: 'success', gone: 'failed' }));
  expect([again(plan), [...plan.removed], plan.changed]).toEqual(['extract', ['gone'], []]);
});

test('a chain of thousands', () => {
  const names = Array.from({ length: 2000 }, (_, at) => `t${at}`);
  const graph = inventedGraph(
    Object.fromEntries(names.map((name, at) => [name, { needs: names.slice(at - 1, at) }])),
  );
  const states = Object.fromEntries(
    names.map((name, at) => [name, at === 0 ? ('failed' as const) : ('skipped' as const)]),
  );
  expect(planResume(graph, past(graph, states)).again.size).toBe(2000);
});
