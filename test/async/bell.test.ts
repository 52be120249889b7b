import { describe, expect, it } from 'vitest';
import { Bell } from '../../src/async/bell.ts';

const never = new AbortController().signal;

describe('a bell', () => {
  it('wakes all who wait, and nobody later', async () => {
    const bell = new Bell();
    const waits = Promise.all([bell.wait(60_000, never), bell.wait(60_000, never)]);
    bell.ring();
    await waits;
    const late = bell.wait(1, never);
    await late;
  });

  it('lets a wait end at the signal, and one that begins after it', async () => {
    const bell = new Bell();
    const stop = new AbortController();
    const wait = bell.wait(60_000, stop.signal);
    stop.abort();
    await wait;
    await bell.wait(60_000, stop.signal);
    expect(stop.signal.aborted).toBe(true);
  });
});
