import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/async/at-once.ts';

describe('atOnce', () => {
  it('gives the results in the order of the items, of at most so many at once', async () => {
    let running = 0;
    let most = 0;
    const results = await atOnce([3, 1, 2, 5, 4], 2, async (turns) => {
      most = Math.max(most, ++running);
      for (let at = 0; at < turns; at++) await turn();
      running--;
      return turns * 10;
    });
    expect([results, most]).toEqual([[30, 10, 20, 50, 40], 2]);
    expect(await atOnce([], 2, async () => 1)).toEqual([]);
  });

  it('begins no more after an error, and throws it when all has ended', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const work = async (item: number) => {
      begun.push(item);
      await turn();
      if (item === 1) throw new Error('one');
      await turn();
      ended.push(item);
    };
    await expect(atOnce([0, 1, 2, 3, 4, 5], 3, work)).rejects.toThrow('one');
    expect(ended).toEqual(begun.filter((item) => item !== 1));
    expect(begun.length).toBeLessThan(6);
  });
});
