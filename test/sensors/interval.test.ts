import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignedTimes, atIntervals, nextTime } from '../../src/sensors/interval.ts';

const time = fc.integer({ min: -1e13, max: 1e14 });
const length = fc.integer({ min: 1, max: 1e10 });

describe('nextTime', () => {
  it('is the first multiple of the interval after now, however late now is', () => {
    expect(nextTime(1000, 50, 1000)).toBe(1050);
    expect(nextTime(1000, 50, 1049)).toBe(1050);
    expect(nextTime(1000, 50, 1050)).toBe(1100);
    expect(nextTime(1000, 50, 1275)).toBe(1300);
    fc.assert(
      fc.property(time, length, time, (start, every, now) => {
        const next = nextTime(start, every, now);
        expect(next).toBeGreaterThan(now);
        expect(next - now).toBeLessThanOrEqual(every);
        expect(Math.abs((next - start) % every)).toBe(0);
      }),
    );
  });
});

describe('atIntervals', () => {
  it('yields at once, then never early, as many times as asked', async () => {
    const clock = { now: Date.now, signal: new AbortController().signal };
    const start = Date.now();
    const times: number[] = [];
    for await (const _ of atIntervals(20, 4, clock)) times.push(Date.now() - start);
    expect(times).toHaveLength(4);
    for (const [index, elapsed] of times.entries()) expect(elapsed).toBeGreaterThanOrEqual(index * 20);
  });

  it('goes on by the new time when the clock is set back', async () => {
    const began = Date.now();
    const tenYears = 10 * 365 * 24 * 3_600_000;
    let ahead = tenYears;
    const clock = { now: () => Date.now() + ahead, signal: new AbortController().signal };
    let count = 0;
    for await (const _ of atIntervals(20, 5, clock)) {
      count += 1;
      // While it waits.
      setTimeout(() => (ahead = [0, 3_600_000, -tenYears][count] ?? 0), 5);
    }
    expect(count).toBe(5);
    expect(Date.now() - began).toBeLessThan(5000);
  });

  it('ends at once when it is aborted', async () => {
    const stop = new AbortController();
    const clock = { now: Date.now, signal: stop.signal };
    const all = async () => {
      for await (const _ of atIntervals(3_600_000, 9, clock))
        setTimeout(() => stop.abort(new Error('SIGTERM')), 10);
    };
    await expect(all()).rejects.toThrow('SIGTERM');
  });
});

describe('alignedTimes', () => {
  it('are multiples of the interval, the start included and the end not', () => {
    expect([...alignedTimes(0, 180, 60)]).toEqual([0, 60, 120]);
    expect([...alignedTimes(1, 181, 60)]).toEqual([60, 120, 180]);
    expect([...alignedTimes(-61, 0, 60)]).toEqual([-60]);
    expect([...alignedTimes(61, 119, 60)]).toEqual([]);
  });
});
