import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stopper } from '../../src/events/fill-inbox.ts';

const DAY_MS = 86_400_000;
const never = new AbortController().signal;

describe('what stops a stream', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([1, 60 * DAY_MS])('does so after %d ms, and not before', (ms) => {
    const { signal } = stopper(never, ms);
    vi.advanceTimersByTime(ms - 1);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.aborted).toBe(true);
  });

  it('does so with the signal, and leaves no timer', () => {
    const outer = new AbortController();
    const { signal, end } = stopper(outer.signal, undefined);
    expect([signal.aborted, vi.getTimerCount()]).toEqual([false, 0]);
    outer.abort();
    expect(signal.aborted).toBe(true);
    end();
    const timed = stopper(never, DAY_MS);
    timed.end();
    expect([timed.signal.aborted, vi.getTimerCount()]).toEqual([true, 0]);
  });
});
