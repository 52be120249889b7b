import { expect, it, vi } from 'vitest';
import { warnRarely } from '../../src/schedule/warn-rarely.ts';

it('warns at once, and then once a minute', () => {
  vi.useFakeTimers({ toFake: ['hrtime'] });
  try {
    const warned: string[] = [];
    const warn = warnRarely((message) => warned.push(message));
    for (let second = 0; second < 121; second++) {
      warn(`${second}`);
      vi.advanceTimersByTime(1000);
    }
    expect(warned).toEqual(['0', '60', '120']);
  } finally {
    vi.useRealTimers();
  }
});
