import { describe, expect, it } from 'vitest';
import { poll } from '../../src/async/poll.ts';

/** Polls these versions one after the other, then ends; undefined is an error. @returns the number of changes */
async function changes(...versions: (string | undefined)[]): Promise<number> {
  const stop = new AbortController();
  let changed = 0;
  const version = async () => {
    const next = versions.shift();
    if (versions.length === 0) setImmediate(() => stop.abort());
    if (next === undefined) throw new Error('not known');
    return next;
  };
  await poll({ version, everyMs: 1, signal: stop.signal }, () => {
    changed += 1;
  });
  return changed;
}

describe('poll', () => {
  it('calls back after each change, not for the first version', async () => {
    expect(await changes('a', 'a', 'a')).toBe(0);
    expect(await changes('a', 'b', 'b', 'a', 'a')).toBe(2);
  });

  it('takes an error for no change', async () => {
    expect(await changes('a', undefined, 'a', 'a')).toBe(0);
    expect(await changes('a', undefined, 'b', 'b')).toBe(1);
  });

  it('ends at once when it is aborted', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 10);
    await poll({ version: async () => 'a', everyMs: 3_600_000, signal: stop.signal }, () => {});
  });
});
