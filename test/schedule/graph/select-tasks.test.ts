import { describe, expect, it } from 'vitest';
import { partOf, selectTasks } from '../../../src/schedule/graph/select-tasks.ts';
import { graphOfNeeds } from './graphs.ts';

const graph = graphOfNeeds({ report: ['load'], extract: [], load: ['extract'], other: [] });

describe('selectTasks', () => {
  it.each([
    [{}, ['report', 'extract', 'load', 'other']],
    [{ only: ['other', 'load'] }, ['load', 'other']],
    [{ from: ['load'] }, ['report', 'load']],
    [{ only: ['other'], from: ['report'] }, ['report', 'other']],
  ])('%j', (selection, names) => {
    expect([...selectTasks(graph, selection)]).toEqual(names);
  });

  it('names the task that was meant', () => {
    expect(() => selectTasks(graph, { only: ['extrct'] })).toThrow(
      'some has no task "extrct"; did you mean "extract"?',
    );
    expect(() => selectTasks(graph, { from: ['zzz'] })).toThrow(/^some has no task "zzz"$/);
  });
});

describe('partOf', () => {
  it('needs nothing that is not in it', () => {
    const part = partOf(graph, new Set(['report', 'load']));
    expect([...part.tasks.values()].map(({ name, needs }) => [name, needs])).toEqual([
      ['report', ['load']],
      ['load', []],
    ]);
  });
});
