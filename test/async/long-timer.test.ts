import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callAfter } from '../../src/async/long-timer.ts';

const DAY_MS = 86_400_000;

describe('a long timer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([1, DAY_MS, 60 * DAY_MS])('calls once after %d ms', (ms) => {
    const work = vi.fn();
    callAfter(ms, work);
    vi.advanceTimersByTime(ms - 1);
    expect(work).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(1);
    expect(work).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(60 * DAY_MS);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('never calls after Infinity, nor what was taken back', () => {
    const work = vi.fn();
    callAfter(Number.POSITIVE_INFINITY, work);
    const takeBack = callAfter(60 * DAY_MS, work);
    vi.advanceTimersByTime(40 * DAY_MS);
    takeBack();
    vi.advanceTimersByTime(400 * DAY_MS);
    expect(work).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
