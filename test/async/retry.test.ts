import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOff, jittered, retry, spread } from '../../src/async/retry.ts';

/** Fails the first `failures` times, then gives the number of tries. */
function upAfter(failures: number) {
  let tries = 0;
  return () => {
    tries += 1;
    if (tries <= failures) throw new Error(`try ${tries}`);
    return tries;
  };
}

const eager = { pause: () => 0, isTransient: () => true };

describe('retry', () => {
  it('gives the first result, and retries no more often than it may', async () => {
    await expect(retry(upAfter(0), eager)).resolves.toBe(1);
    await expect(retry(upAfter(2), eager)).resolves.toBe(3);
    await expect(retry(upAfter(2), { ...eager, retries: 2 })).resolves.toBe(3);
    await expect(retry(upAfter(3), { ...eager, retries: 2 })).rejects.toThrow('try 3');
    await expect(retry(upAfter(1), { ...eager, retries: 0 })).rejects.toThrow('try 1');
  });

  it('awaits tries that take time', async () => {
    const up = upAfter(2);
    await expect(retry(async () => up(), eager)).resolves.toBe(3);
  });

  it('tries again only after what is transient', async () => {
    const isTransient = (error: unknown) => error instanceof Error && error.message === 'try 1';
    await expect(retry(upAfter(9), { ...eager, isTransient })).rejects.toThrow('try 2');
  });

  it('tries once without time, and at least once more within it', async () => {
    await expect(retry(upAfter(9), { ...eager, timeoutMs: 0 })).rejects.toThrow('try 1');
    await expect(retry(upAfter(9), { ...eager, timeoutMs: 20, pause: () => 30 })).rejects.toThrow('try 2');
  });

  it('has its time from the first failure, where that is asked for', async () => {
    const up = upAfter(9);
    const slow = async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return up();
    };
    const options = { ...eager, timeoutMs: 20, timeoutFrom: 'failure' as const };
    await expect(retry(slow, options)).rejects.toThrow('try 2');
  });

  it('tells each error before its pause, and the pause how much time is left', async () => {
    const told: unknown[] = [];
    await retry(upAfter(2), {
      timeoutMs: 60_000,
      isTransient: () => true,
      onRetry: (error) => told.push(String(error)),
      pause(retried, leftMs) {
        expect(leftMs).toBeGreaterThan(0);
        expect(leftMs).toBeLessThanOrEqual(60_000);
        told.push(retried);
        return 0;
      },
    });
    expect(told).toEqual(['Error: try 1', 0, 'Error: try 2', 1]);
  });

  it('ends with the last error as soon as it is aborted, in a try or in a pause', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 10);
    const long = { ...eager, pause: () => 3_600_000, signal: stop.signal };
    await expect(retry(upAfter(9), long)).rejects.toThrow('try 1');
    await expect(retry(upAfter(9), long)).rejects.toThrow('try 1');
    await expect(retry(upAfter(0), long)).resolves.toBe(1);
  });
});

describe('a pause', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });

  it('that is jittered doubles from 2 ms to 50 ms, a half more or less', () => {
    for (const [retried, middle] of [2, 4, 8, 16, 32, 50, 50].entries())
      for (let round = 0; round < 100; round++) {
        expect(jittered(retried)).toBeGreaterThanOrEqual(middle / 2);
        expect(jittered(retried)).toBeLessThanOrEqual(middle * 1.5);
      }
    expect(jittered(5000)).toBeLessThanOrEqual(75);
  });

  it('that backs off doubles, and never exceeds the time left', () => {
    expect([0, 1, 2, 3, 99].map((retried) => backOff(retried, 1e9, 1))).toEqual([
      250, 500, 1000, 2000, 30_000,
    ]);
    fc.assert(
      fc.property(
        fc.nat(2000),
        fc.double({ min: -10, max: 1e6, noNaN: true }),
        share,
        (retried, left, random) => {
          const pause = backOff(retried, left, random);
          expect(pause).toBeGreaterThanOrEqual(0);
          expect(pause).toBeLessThanOrEqual(Math.max(0, left));
        },
      ),
    );
  });

  it('of those that are spread is twice the one before; together they are the whole time', () => {
    expect([0, 1, 2].map(spread(700, 3))).toEqual([100, 200, 400]);
    expect([0].map(spread(50, 1))).toEqual([50]);
  });
});
