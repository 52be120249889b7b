import { describe, expect, it } from 'vitest';
import { dueAt, type LoadedRows } from '../../../../src/dashboard/page/data/rows-due.ts';
import type { RowsNeeded } from '../../../../src/dashboard/page/data/selection.ts';

const needed: RowsNeeded = {
  sensors: ['a'],
  window: '1h',
  least: { from: 100, to: 200 },
  span: { from: 50, to: 250 },
  shown: 100,
  points: 200,
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
