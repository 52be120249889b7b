import { describe, expect, it } from 'vitest';
import { answered, dueAt, dueRows, type LoadedRows } from '../../../../src/dashboard/page/data/rows-due.ts';
import type { RowsNeeded } from '../../../../src/dashboard/page/data/selection.ts';

const needed: RowsNeeded = {
  sensors: ['a'],
  window: '1h',
  least: { from: 100, to: 200 },
  span: { from: 50, to: 250 },
  shown: 100,
  points: 200,
  step: undefined,
};
const loaded = (more: Partial<LoadedRows> = {}): LoadedRows => ({
  ...{ sensor: 'a', step: 60, thinned: false, rows: [], wanted: needed, at: 5000 },
  ...more,
});

describe('the rows of a sensor are asked for', () => {
  it('at once when they are not there, of another window, or of another time', () => {
    expect(dueAt(needed, undefined, false)).toBe(0);
    expect(dueAt({ ...needed, window: '1d' }, loaded(), false)).toBe(0);
    expect(dueAt({ ...needed, least: { from: 40, to: 200 } }, loaded(), false)).toBe(0);
  });

  it('never again while they are as in the store', () => {
    expect(dueAt(needed, loaded(), false)).toBe(Infinity);
    expect(dueAt({ ...needed, shown: 10 }, loaded(), false)).toBe(Infinity);
  });

  it('at once when they were asked for in other steps', () => {
    const daily = { ...needed, step: 86_400_000 };
    expect(dueAt(daily, loaded(), false)).toBe(0);
    expect(dueAt(daily, loaded({ wanted: daily, thinned: true }), false)).toBe(Infinity);
    expect(dueAt(needed, loaded({ wanted: daily, thinned: true }), false)).toBe(0);
    expect(dueAt(needed, loaded({ wanted: daily }), false)).toBe(Infinity);
  });

  it('at once when thinned ones are too coarse for what is shown', () => {
    expect(dueAt({ ...needed, shown: 80 }, loaded({ thinned: true }), false)).toBe(0);
    expect(dueAt({ ...needed, shown: 90 }, loaded({ thinned: true }), false)).toBe(Infinity);
  });

  it('a second after the last time when they have changed, thinned ones less often', () => {
    expect(dueAt(needed, loaded(), true)).toBe(6000);
    expect(dueAt(needed, loaded({ thinned: true }), true)).toBe(20_000);
    expect(dueAt(needed, loaded({ thinned: true, step: 1 }), true)).toBe(6000);
    expect(dueAt(needed, loaded({ thinned: true, step: 86_400 }), true)).toBe(65_000);
  });
});

describe('of several sensors', () => {
  const both = { ...needed, sensors: ['a', 'b'] };
  const [a, b] = answered(both, [{ sensor: 'b', step: 1, thinned: true, rows: [] }], 5000);
  const known = new Map([a, b].flatMap((rows) => (rows === undefined ? [] : [[rows.sensor, rows]])));

  it('those without an answer have no rows', () => {
    expect(a).toEqual({ sensor: 'a', step: 0, thinned: false, rows: [], wanted: both, at: 5000 });
    expect(b).toMatchObject({ sensor: 'b', step: 1, thinned: true });
  });

  it('those that are due are asked for, and the time of the next one is known', () => {
    const due = (old: string[], now: number, pausedUntil = 0) =>
      dueRows(both, known, new Set(old), { now, pausedUntil });
    expect(due([], 9000)).toEqual({ sensors: [], next: Infinity });
    expect(due(['b'], 5500)).toEqual({ sensors: [], next: 6000 });
    expect(due(['b'], 6000).sensors).toEqual(['b']);
    expect(due(['b'], 6000, 7000)).toEqual({ sensors: [], next: 7000 });
    expect(dueRows(both, new Map(), new Set(), { now: 1, pausedUntil: 0 }).sensors).toEqual(['a', 'b']);
  });
});
