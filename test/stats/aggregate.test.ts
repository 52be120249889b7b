import { describe, expect, it } from 'vitest';
import { Aggregate, type PartsBySensor, type WindowSummary } from '../../src/stats/aggregate.ts';
import { parseDecimal } from '../../src/stats/decimal.ts';
import { SlidingWindows } from '../../src/stats/sliding-windows.ts';
import { NOTHING } from '../../src/stats/summary.ts';
import type { Resolution } from '../../src/stats/window-panes.ts';
import { windowsOf } from '../../src/stats/windows.ts';

const WANTED = { squares: false, distinct: false, times: false };
const ALL: Resolution = { label: 'all', panes: undefined };
const TENS: Resolution = { label: '10', panes: windowsOf(10, undefined) };
const SLIDING: Resolution = {
  ...TENS,
  label: '20',
  sliding: new SlidingWindows(windowsOf(10, undefined), 2),
};

function add(aggregate: Aggregate, sensor: string, time: number | undefined, text = '1') {
  return aggregate.add(sensor, time, parseDecimal(text) ?? { units: 0n, scale: 0 });
}

const shown = (windows: readonly WindowSummary[]) =>
  windows.map(({ sensor, label, span, summary }) => `${sensor} ${label} ${span?.start} ${summary.count}`);

const rows = (aggregate: Aggregate, elsewhere: readonly PartsBySensor[] = []) =>
  shown([...aggregate.closeAll(elsewhere)].flat());

describe('Aggregate', () => {
  it('gives windows by sensor, resolution and start, whatever the order of readings', () => {
    const aggregate = new Aggregate([TENS, ALL], WANTED, Infinity);
    for (const [sensor, time] of [
      ['b', 25],
      ['a', 31],
      ['b', 5],
      ['b', 29],
    ] as const)
      add(aggregate, sensor, time);
    expect(rows(aggregate)).toEqual([
      'a 10 30 1',
      'a all undefined 1',
      'b 10 0 1',
      'b 10 20 2',
      'b all undefined 3',
    ]);
  });

  it('gives nothing without readings', () => {
    const aggregate = new Aggregate([TENS], WANTED, 0);
    expect([aggregate.closePassed(), rows(aggregate)]).toEqual([[], []]);
  });

  it('counts a value without a time only where one window holds all readings', () => {
    expect(add(new Aggregate([ALL], WANTED, Infinity), 'a', undefined)).toBe('counted');
    const timed = new Aggregate([ALL, TENS], WANTED, Infinity);
    expect(add(timed, 'a', undefined)).toBe('without a time');
    expect(rows(timed)).toEqual([]);
  });

  it('closes windows that have passed, by their end, and each of them once', () => {
    const aggregate = new Aggregate([SLIDING, TENS], WANTED, 0);
    add(aggregate, 'b', 5);
    add(aggregate, 'a', 7);
    expect([aggregate.hasPassed, shown(aggregate.closePassed())]).toEqual([true, []]);
    add(aggregate, 'a', 15);
    add(aggregate, 'a', 21);
    expect([aggregate.hasPassed, shown(aggregate.closePassed())]).toEqual([
      true,
      ['a 20 -10 1', 'a 10 0 1', 'b 20 -10 1', 'b 10 0 1', 'a 20 0 2', 'a 10 10 1', 'b 20 0 1'],
    ]);
    expect([add(aggregate, 'a', 19), add(aggregate, 'c', 20)]).toEqual(['late', 'counted']);
    expect([aggregate.hasPassed, aggregate.closePassed()]).toEqual([false, []]);
    expect(rows(aggregate)).toEqual([
      'a 20 10 2',
      'a 20 20 1',
      'a 10 20 1',
      'c 20 10 1',
      'c 20 20 1',
      'c 10 20 1',
    ]);
  });

  it('rejects late readings at once, also when windows are closed later', () => {
    const [early, late] = [0, 1].map(() => new Aggregate([TENS], WANTED, 0));
    if (early === undefined || late === undefined) throw new Error('two aggregates');
    const closed: WindowSummary[] = [];
    for (const time of [1, 12, 3, 14, 25, 11, 38]) {
      expect(add(early, 'a', time)).toBe(add(late, 'a', time));
      closed.push(...early.closePassed());
    }
    expect(shown(late.closePassed())).toEqual(shown(closed));
    expect(rows(late)).toEqual(rows(early));
  });

  it('takes in panes of another aggregate, and parts that were counted elsewhere', () => {
    const [one, other] = [
      new Aggregate([SLIDING, ALL], WANTED, Infinity),
      new Aggregate([SLIDING, ALL], WANTED, Infinity),
    ];
    add(one, 'a', 5);
    add(other, 'a', 6);
    add(other, 'b', 6);
    for (const pane of other.contents()) one.addPane(pane);
    const units = {
      ...NOTHING,
      count: 3,
      sum: 3n,
      min: { units: 1n, scale: 0 },
      max: { units: 1n, scale: 0 },
    };
    one.addParts('a', 8, units);
    const elsewhere = {
      sensors: ['c', 'a'],
      partsOf: (sensor: string) => (sensor === 'b' ? [] : [{ time: 4, parts: units }]),
    };
    expect(rows(one, [elsewhere])).toEqual([
      'a 20 -10 8',
      'a 20 0 8',
      'a all undefined 8',
      'b 20 -10 1',
      'b 20 0 1',
      'b all undefined 1',
      'c 20 -10 3',
      'c 20 0 3',
      'c all undefined 3',
    ]);
  });
});
