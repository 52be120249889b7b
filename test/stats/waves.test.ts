import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCycles } from '../../src/schedule/graph/file/cycles.ts';
import { andFollowing, wavesOf } from '../../src/stats/waves.ts';
import { anyTasks, type Needing, tasksOf } from './needing.ts';

function namesOf(waves: readonly (readonly Needing[])[]): string[][] {
  return waves.map((wave) => wave.map(({ name }) => name));
}

/** Each needs the one before it. */
const chain = tasksOf(
  Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`t${at}`, at === 0 ? [] : [`t${at - 1}`]])),
);

describe('waves', () => {
  it('have each task after all that it needs, and in the order of the file', () => {
    const tasks = tasksOf({
      last: ['left', 'right'],
      right: ['first'],
      left: ['first'],
      first: [],
      alone: [],
    });
    expect(namesOf(wavesOf(tasks))).toEqual([['first', 'alone'], ['right', 'left'], ['last']]);
  });

  it('have the order of the file also where what they need has another', () => {
    const tasks = tasksOf({ later: ['b'], sooner: ['a'], a: [], b: [] });
    expect(namesOf(wavesOf(tasks))).toEqual([
      ['a', 'b'],
      ['later', 'sooner'],
    ]);
  });

  it('do not wait for what is not there', () => {
    expect(namesOf(wavesOf(tasksOf({ a: ['gone'], b: ['a'] })))).toEqual([['a'], ['b']]);
  });

  it('are as early as can be, and hold every task when there is no cycle', () => {
    fc.assert(
      fc.property(anyTasks, (tasks) => {
        const waves = wavesOf(tasks);
        const waveOf = new Map(
          waves.flatMap((wave, index) => wave.map(({ name }) => [name, index] as const)),
        );
        for (const [name, wave] of waveOf) {
          const before = (tasks.get(name)?.needs ?? []).map((need) => waveOf.get(need) ?? Number.NaN);
          expect(wave).toBe(Math.max(-1, ...before) + 1);
        }
        const isCyclic =
          [...tasks.values()].some(({ name, needs }) => needs.includes(name)) ||
          findCycles([...tasks.values()]).length > 0;
        expect(waveOf.size === tasks.size).toBe(!isCyclic);
      }),
    );
  });

  it('take a chain of a thousand, and a fan', () => {
    expect(wavesOf(chain).length).toBe(1000);
    const names = Array.from({ length: 1000 }, (_, index) => `t${index}`);
    const fan = tasksOf({
      first: [],
      ...Object.fromEntries(names.map((name) => [name, ['first']])),
      last: names,
    });
    expect(wavesOf(fan).map(({ length }) => length)).toEqual([1, 1000, 1]);
  });
});

describe('what follows', () => {
  it('is all that needs a task, over others, too', () => {
    const tasks = tasksOf({ d: ['c'], a: [], b: ['a'], c: ['b'], x: ['a'] });
    expect([...andFollowing(tasks, ['b'])]).toEqual(['d', 'b', 'c']);
    expect([...andFollowing(tasks, [])]).toEqual([]);
  });

  it('is found in a long chain', () => {
    expect(andFollowing(chain, ['t0']).size).toBe(1000);
  });
});
