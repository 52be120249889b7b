import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCycles } from '../../../../src/schedule/graph/file/cycles.ts';
import { anyTasks, tasksOf } from '../../../stats/needing.ts';

describe('cycles', () => {
  it('are paths of which each needs the one before it', () => {
    fc.assert(
      fc.property(anyTasks, (tasks) => {
        const cycles = findCycles([...tasks.values()]);
        for (const cycle of cycles) {
          expect(cycle.length).toBeGreaterThan(1);
          for (const [index, name] of cycle.entries())
            expect(tasks.get(name)?.needs).toContain(cycle[index === 0 ? cycle.length - 1 : index - 1]);
        }
        expect(new Set(cycles.flat()).size).toBe(cycles.flat().length);
      }),
    );
  });

  it('begin with the task that the file has first', () => {
    const tasks = tasksOf({ x: ['a'], b: ['a'], a: ['c'], c: ['b'], d: ['e'], e: ['d'] });
    expect(findCycles([...tasks.values()])).toEqual([
      ['b', 'c', 'a'],
      ['d', 'e'],
    ]);
  });

  it('are found at the end of a long chain', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `t${index}`);
    const tasks = names.map((name, index) => ({ name, needs: [names.at(index - 1) ?? ''] }));
    expect(findCycles(tasks).map(({ length }) => length)).toEqual([20_000]);
  });
});
