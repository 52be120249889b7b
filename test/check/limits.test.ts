import { describe, expect, it } from 'vitest';
import { LastRowsOf } from '../../src/check/last-rows.ts';
import { type Finding, findings, type Limits } from '../../src/check/limits.ts';
import type { StatsRow } from '../../src/readings/stats-row.ts';
import { parseDecimal } from '../../src/stats/decimal.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const none: Limits = {
  ...{ max: undefined, min: undefined, clear: undefined, maxAgeMs: undefined, missing: undefined, inARow: 1 },
};

/** A row of a minute before noon. */
function row(minute: number, changes: Partial<StatsRow> = {}): StatsRow {
  const end = new Date(NOW - (60 - minute) * 60_000).toISOString().replace('.000', '');
  return {
    ...{ sensor: 'attic', window: '1m', start: '', end, count: 1, min: '20', max: '20', avg: '20' },
    ...{ extra: new Map(), ...changes },
  };
}

function found(rows: readonly StatsRow[], limits: Partial<Limits>, was = false): string[] {
  const last = { sensor: 'attic', window: '1m', rows };
  return findings(last, { ...none, ...limits }, NOW, () => was).map(shown);
}

const shown = ({ limit, isKnown, message }: Finding) => `${limit}${isKnown ? '' : '?'}: ${message}`;
const hot = (minute: number, value: string) => row(minute, { max: value });

describe('findings', () => {
  const max = parseDecimal('30');

  it('has a limit as within it', () => {
    expect(found([hot(60, '30.000')], { max })).toEqual([]);
    expect(found([hot(60, '30.0000000000000000001')], { max })).toEqual([
      'max: 30.0000000000000000001 is above 30 in the row 1m that ends 2026-11-29T12:00:00Z',
    ]);
    expect(found([row(60, { min: '-5.1' })], { min: parseDecimal('-5') })).toEqual([
      'min: -5.1 is below -5 in the row 1m that ends 2026-11-29T12:00:00Z',
    ]);
  });

  it('asks for as many rows in a row as it is told', () => {
    const limits = { max, inARow: 2 };
    expect(found([hot(60, '31')], limits)).toEqual([]);
    expect(found([hot(58, '31'), hot(59, '29'), hot(60, '31')], limits)).toEqual([]);
    expect(found([hot(58, '29'), hot(59, '31'), hot(60, '31')], limits)).toHaveLength(1);
  });

  it('lets a breach last until the newest row is within what clears it', () => {
    const limits = { max, clear: { max: parseDecimal('28'), min: undefined } };
    expect(found([hot(60, '29')], limits)).toEqual([]);
    expect(found([hot(60, '29')], limits, true)).toEqual([
      'max: 29 is still above 28 in the row 1m that ends 2026-11-29T12:00:00Z',
    ]);
    expect(found([hot(60, '28')], limits, true)).toEqual([]);
  });

  it('has the age of the newest row, and none of a window that goes on', () => {
    expect(found([row(55)], { maxAgeMs: 300_000 })).toEqual([]);
    expect(found([row(54)], { maxAgeMs: 300_000 })).toEqual([
      'max-age: no row for 6m, longer than 5m: the last one ends 2026-11-29T11:54:00Z',
    ]);
    expect(found([row(90)], { maxAgeMs: 1 })).toEqual([]);
  });

  it('has the age of the last reading, also while its window goes on', () => {
    const hour = (minute: number) =>
      row(90, { extra: new Map([['last_time', row(minute).end]]), start: '2026-11-29T11:30:00Z' });
    expect(found([hour(55)], { maxAgeMs: 300_000 })).toEqual([]);
    expect(found([hour(54)], { maxAgeMs: 300_000 })).toEqual([
      'max-age: no reading for 6m, longer than 5m: the last one was at 2026-11-29T11:54:00Z',
    ]);
  });

  it('counts what is missing in the last rows together', () => {
    const part = (minute: number, missing: string) =>
      row(minute, {
        count: 10 - Number(missing),
        extra: new Map([
          ['expected', '10'],
          ['missing', missing],
        ]),
      });
    expect(found([part(60, '1')], { missing: 10 })).toEqual([]);
    expect(found([part(60, '2')], { missing: 10 })).toEqual([
      'missing: 2 of 10 readings are missing, more than 10%',
    ]);
    expect(found([part(59, '0'), part(60, '2')], { missing: 10, inARow: 2 })).toEqual([]);
    expect(found([row(60)], { missing: 10 })).toEqual([
      'missing?: its rows do not say how many are missing (get-stats --expect)',
    ]);
  });
});

describe('the last rows', () => {
  const ends = (rows: readonly StatsRow[]) => rows.map(({ end }) => end.slice(11, 16));

  it('are those with the latest ends, whatever their order, each once', () => {
    const last = new LastRowsOf({ isWanted: () => true, window: undefined, most: 2 });
    for (const minute of [58, 60, 57, 59, 60]) last.add(row(minute, { avg: String(minute) }));
    expect([...last.all()].map(({ rows }) => ends(rows))).toEqual([['11:59', '12:00']]);
  });

  it('come by the names of sensors, in the order in which get-stats prints them', () => {
    const last = new LastRowsOf({ isWanted: () => true, window: undefined, most: 1 });
    for (const sensor of ['\u{1f321}', 'b', '\uff21', 'a']) last.add(row(60, { sensor }));
    expect([...last.all()].map(({ sensor }) => sensor)).toEqual(['a', 'b', '\uff21', '\u{1f321}']);
  });

  it('are of the window with the newest reading, of several the one that ends first', () => {
    const last = new LastRowsOf({ isWanted: (name) => name !== 'x', window: undefined, most: 1 });
    for (const [sensor, window] of [
      ['b', '1d'],
      ['b', '60m'],
      ['a', '1m'],
      ['a', 'all'],
      ['x', '1m'],
    ] as const)
      last.add(row(60, { sensor, window }));
    expect([...last.all()].map(({ sensor, window }) => `${sensor} ${window}`)).toEqual(['a all', 'b 60m']);
    last.add(row(59, { sensor: 'c', window: 'all' }));
    last.add(row(61, { sensor: 'c', window: '1m' }));
    last.add(row(80, { sensor: 'c', window: '1h', extra: new Map([['last_time', row(60).end]]) }));
    expect([...last.all()].at(-1)?.window).toBe('1m');
  });
});
