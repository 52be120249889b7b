import { describe, expect, it } from 'vitest';
import { dueLines } from '../../../src/weblog/generate/steady-rate.ts';

/** What is due at these times, in milliseconds since the start. */
async function dueAt(rate: number, ...times: number[]): Promise<number[]> {
  let elapsed = times[0] ?? 0;
  const due: number[] = [];
  const signal = new AbortController().signal;
  for await (const lines of dueLines(rate, { elapsed: () => elapsed, signal })) {
    due.push(lines);
    const next = times[due.length];
    if (next === undefined) break;
    elapsed = next;
  }
  return due;
}

describe('pace', () => {
  it('begins with a line, and the next is due when its time has come', async () => {
    expect(await dueAt(10, 0, 100, 200, 300)).toEqual([1, 1, 1, 1]);
    expect(await dueAt(0.5, 7, 2007, 4007)).toEqual([1, 1, 1]);
  });

  it('does not drift, however late each time is', async () => {
    const times = Array.from({ length: 1000 }, (_, at) => at * 100 + (at === 0 ? 0 : (at * 37) % 90));
    const due = await dueAt(10, ...times);
    expect(due.reduce((sum, lines) => sum + lines, 0)).toBe(1000);
    expect(Math.max(...due)).toBeLessThanOrEqual(2);
  });

  it('catches up after a stall of less than a second', async () => {
    expect(await dueAt(100, 0, 900, 1000)).toEqual([1, 90, 10]);
  });

  it('has lines of a second at the most after a longer one, and goes on from there', async () => {
    expect(await dueAt(100, 0, 60_000, 60_010, 60_100)).toEqual([1, 100, 1, 9]);
    expect(await dueAt(0.1, 0, 95_000, 100_000)).toEqual([1, 1, 1]);
  });

  it('waits where nothing is due, and ends by the signal', async () => {
    const stop = new AbortController();
    const lines = dueLines(0.001, { elapsed: () => 0, signal: stop.signal });
    expect(await lines.next()).toEqual({ value: 1, done: false });
    const second = lines.next();
    stop.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
  });
});
