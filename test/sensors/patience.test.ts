import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure, status } from '../../src/failure.ts';
import { patiently, pauseMs } from '../../src/sensors/patience.ts';

const down = () => new Failure(status.temporary, 'down');
const never = new AbortController().signal;

/** Fails so many times, then gives how often it was asked. */
function upAfter(failures: number, failure: () => Error = down) {
  let tries = 0;
  return async () => {
    tries += 1;
    if (tries <= failures) throw failure();
    return tries;
  };
}

const eager = { timeoutMs: 20_000, random: () => 0 };

describe('patiently', () => {
  it('tries again after temporary failures, as often as it may', async () => {
    await expect(patiently('x', { ...eager, retries: 2 }, never, upAfter(2))).resolves.toBe(3);
    await expect(patiently('x', { ...eager, retries: 1 }, never, upAfter(2))).rejects.toThrow('down');
  });

  it('does not try again what is useless, nor after a bug', async () => {
    const gone = () => new Failure(status.unavailable, 'gone');
    await expect(patiently('x', { ...eager, retries: 5 }, never, upAfter(1, gone))).rejects.toThrow('gone');
    const bug = () => new TypeError('bug');
    await expect(patiently('x', { ...eager, retries: 5 }, never, upAfter(1, bug))).rejects.toThrow('bug');
  });

  it('has one timeout for all tries, whatever they do', async () => {
    const patience = { timeoutMs: 50, retries: 1000, random: () => 1 };
    await expect(patiently('x', patience, never, upAfter(1000))).rejects.toThrow('down');
    await expect(patiently('x', patience, never, () => new Promise(() => {}))).rejects.toMatchObject({
      status: status.temporary,
      message: 'x: no reading within 0.05 s',
    });
  });

  it('tells the attempt that its time is over', async () => {
    let told: AbortSignal | undefined;
    const hang = (signal: AbortSignal) => {
      told = signal;
      return new Promise<never>(() => {});
    };
    await expect(patiently('x', { timeoutMs: 10, retries: 0 }, never, hang)).rejects.toThrow();
    expect(told?.aborted).toBe(true);
  });

  it('ends at once when it is aborted, in a try or in a pause', async () => {
    for (const attempt of [() => new Promise<never>(() => {}), upAfter(9)]) {
      const stop = new AbortController();
      setTimeout(() => stop.abort(new Error('SIGTERM')), 10);
      const patience = { timeoutMs: 2 ** 40, retries: 9, random: () => 1 };
      await expect(patiently('x', patience, stop.signal, attempt)).rejects.toThrow('SIGTERM');
    }
  });
});

describe('pauseMs', () => {
  it('doubles, and never exceeds what is left', () => {
    expect([0, 1, 2, 3, 99].map((retry) => pauseMs(retry, 1e9, 1))).toEqual([250, 500, 1000, 2000, 30_000]);
    fc.assert(
      fc.property(
        fc.nat(2000),
        fc.double({ min: -10, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (retry, left, random) => {
          const pause = pauseMs(retry, left, random);
          expect(pause).toBeGreaterThanOrEqual(0);
          expect(pause).toBeLessThanOrEqual(Math.max(0, left));
        },
      ),
    );
  });
});
