import { describe, expect, it } from 'vitest';
import { withTimeLimit } from '../../src/async/time-limit.ts';

const never = new AbortController().signal;
const late = { timeoutError: () => new Error('late') };
const hang = () => new Promise<never>(() => {});

describe('withTimeLimit', () => {
  it('gives the outcome of work that ends in time', async () => {
    const limit = { ...late, timeoutMs: 60_000, signal: never };
    await expect(withTimeLimit(async () => 'done', limit)).resolves.toBe('done');
    await expect(withTimeLimit(() => Promise.reject(new Error('broken')), limit)).rejects.toThrow('broken');
  });

  it('ends work that hangs, and tells it', async () => {
    let told: AbortSignal | undefined;
    const work = (signal: AbortSignal) => {
      told = signal;
      return hang();
    };
    await expect(withTimeLimit(work, { ...late, timeoutMs: 10, signal: never })).rejects.toThrow('late');
    expect(told?.reason).toEqual(new Error('late'));
  });

  it('throws its own error, whatever the work makes of the end', async () => {
    const work = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
    await expect(withTimeLimit(work, { ...late, timeoutMs: 10, signal: never })).rejects.toThrow('late');
  });

  it('ends at once when it is aborted, before or meanwhile, for a limit of years too', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('SIGTERM')), 10);
    const limit = { ...late, timeoutMs: 2 ** 40, signal: stop.signal };
    await expect(withTimeLimit(hang, limit)).rejects.toThrow('SIGTERM');
    await expect(withTimeLimit(hang, limit)).rejects.toThrow('SIGTERM');
  });
});
