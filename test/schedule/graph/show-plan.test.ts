import { describe, expect, it } from 'vitest';
import { showPlan } from '../../../src/schedule/graph/show-plan.ts';
import { graphOf, graphOfNeeds } from './graphs.ts';

const graph = graphOf(`
pools: {db: 1}
tasks:
  load: {needs: [extract, wait], run: load, pool: db, each: [a, b], trigger-rule: one_success}
  extract: {run: extract, each: {lines: list}}
  wait: {until: test -f ready}
  report: {needs: load, run: report, each: {glob: '*.csv'}}
`);

describe('showPlan', () => {
  it('shows the waves, and of each task what is not usual', () => {
    expect([...showPlan(graph, false)].join('')).toBe(`some: 4 tasks in 3 waves
1  extract  each line of list
1  wait     waits
2  load     needs extract wait, one_success, 2 items, pool db
3  report   needs load, each *.csv
`);
  });

  it('is NDJSON for programs', () => {
    const records = [...showPlan(graph, true)].map((line) => JSON.parse(line));
    expect(records.map(({ wave, task }) => [wave, task])).toEqual([
      [1, 'extract'],
      [1, 'wait'],
      [2, 'load'],
      [3, 'report'],
    ]);
    expect(records[2]).toEqual({
      ...{ wave: 2, task: 'load', needs: ['extract', 'wait'], triggerRule: 'one_success', command: 'load' },
      ...{ waits: false, each: { kind: 'list', items: ['a', 'b'] }, pool: 'db', cwd: '/etl', line: 4 },
    });
  });

  it('names a few of many', () => {
    const names = Array.from({ length: 9 }, (_, index) => `t${index}`);
    const graph = graphOfNeeds({ ...Object.fromEntries(names.map((name) => [name, []])), last: names });
    expect([...showPlan(graph, false)].at(-1)).toBe('2  last  needs t0 t1 t2 t3 t4 t5 t6 and 2 others\n');
  });

  it('says one task, and shows no character that would move the cursor', () => {
    const text = [...showPlan(graphOf('tasks: {a: {run: x, each: {lines: "\\e[2J"}}}'), false)].join('');
    expect(text).toBe('some: 1 task in 1 wave\n1  a  each line of \ufffd[2J\n');
  });
});
