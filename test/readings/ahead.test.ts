import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FutureCheck, isFuture, lengthOf, parseAhead } from '../../src/readings/ahead.ts';
import type { StatsRow } from '../../src/readings/stats-row.ts';
import { root } from '../harness.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 28, 12);
const manifest: { releaseDate: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const RELEASED = Date.parse(manifest.releaseDate);

function checkAt(now: number, ahead = '1h') {
  const warnings: string[] = [];
  const check = new FutureCheck({
    ahead: parseAhead(ahead),
    now: () => now,
    warn: (message) => warnings.push(message),
  });
  return { check, warnings };
}

const row = (window: string, end: string): StatsRow => ({
  ...{ sensor: 'a', window, start: '', end, count: 1, min: '1', max: '1', avg: '1' },
  extra: new Map(),
});

describe('isFuture', () => {
  it('is later than the clock by more than that', () => {
    expect(isFuture(NOW + HOUR, NOW, HOUR)).toBe(false);
    expect(isFuture(NOW + HOUR + 1, NOW, HOUR)).toBe(true);
    expect(isFuture(0, NOW, HOUR)).toBe(false);
  });

  it('is nothing without a limit, and by a clock from before the release', () => {
    const time = fc.integer({ min: -1e14, max: 1e14 });
    fc.assert(
      fc.property(time, time, (at, now) => {
        expect(isFuture(at, now, Number.POSITIVE_INFINITY)).toBe(false);
        if (now < RELEASED) expect(isFuture(at, now, HOUR)).toBe(false);
      }),
    );
  });

  it('has a release that is over', () => {
    expect(RELEASED).toBeLessThan(Date.now());
  });
});

describe('parseAhead', () => {
  it('reads a duration, or none', () => {
    expect(parseAhead('5m')).toEqual({ ms: 300_000, text: '5m' });
    expect(parseAhead('none').ms).toBe(Number.POSITIVE_INFINITY);
    expect(() => parseAhead('never')).toThrow('not a duration');
  });
});

describe('FutureCheck', () => {
  it('rejects what is future, with its time', () => {
    const { check, warnings } = checkAt(NOW);
    expect(check.rejection('line', NOW + HOUR)).toBeUndefined();
    expect(check.rejection('line', NOW + HOUR + 1)).toEqual({
      kind: 'future',
      detail: 'line is more than 1h ahead of the clock: 2026-11-28T13:00:00.001Z',
    });
    expect([check.latest, warnings]).toEqual([NOW + HOUR, []]);
  });

  it('says once that the clock is wrong, where it matters', () => {
    const { check, warnings } = checkAt(10_000);
    expect(check.rejection('line', 20_000)).toBeUndefined();
    expect(warnings).toEqual([]);
    for (const time of [NOW, NOW + 1]) expect(check.rejection('line', time)).toBeUndefined();
    expect(warnings).toEqual(['the clock is wrong (1970-01-01T00:00:10Z), so nothing is rejected as future']);
    expect(check.latest).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ['1h', '2026-11-28T14:00:00Z', false],
    ['1h', '2026-11-28T15:00:00Z', true],
    ['1d', '2026-11-29T13:00:00Z', false],
    ['1d', '2026-11-30T00:00:00Z', true],
    ['all', '2026-11-28T13:00:00Z', false],
    ['all', '2026-11-28T13:00:01Z', true],
    ['7 days', '2026-11-28T13:00:01Z', true],
  ])('rejects a row by when its window begins: %s to %s', (window, end, isRejected) => {
    expect(checkAt(NOW).check.rowRejection(row(window, end)) !== undefined).toBe(isRejected);
  });
});

describe('lengthOf', () => {
  it('is that of a duration, else 0', () => {
    const windows = ['1h', 'all', 'PT1H', '1h', 'x', ''];
    expect(windows.map(lengthOf)).toEqual([HOUR, 0, HOUR, HOUR, 0, 0]);
  });

  it('is the greatest of months of the calendar, with a change of the clock', () => {
    expect(['1mo', 'P3M', '1y', '0mo'].map(lengthOf)).toEqual([745 * HOUR, 2233 * HOUR, 8785 * HOUR, 0]);
  });
});
