import { expect, it, vi } from 'vitest';
import { UsageSampler } from '../../../src/schedule/tries/usage.ts';

it('keeps no process from its end once nothing is watched', () => {
  vi.useFakeTimers();
  try {
    const sampler = new UsageSampler(4096);
    const ends = [sampler.watch(process.pid), sampler.watch(process.pid + 1)];
    vi.advanceTimersByTime(2500);
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    for (const end of ends) end();
    expect(vi.getTimerCount()).toBe(0);
    const end = sampler.watch(process.pid);
    vi.advanceTimersByTime(2500);
    expect(end().peakBytes).toBeGreaterThan(0);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
