import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeTicks } from '../../src/plot/time-axis.ts';
import { timeZone } from '../../src/stats/time-zone.ts';

const utc = () => 0;

function shown(from: string, to: string, room = 60, offsetAt: (time: number) => number = utc): string[] {
  const ticks = timeTicks(Date.parse(from), Date.parse(to), room, offsetAt);
  return ticks.map(({ at, label, date }) =>
    `${label} ${date} ${new Date(at).toISOString()}`.replace(/:00\.000Z$/, 'Z'),
  );
}

describe('the time axis', () => {
  it.each([
    [
      '2026-11-21T10:04:00.000Z',
      '2026-11-21T10:04:00.004Z',
      ['10:04:00.000', '10:04:00.001', '10:04:00.002', '10:04:00.003', '10:04:00.004'],
    ],
    [
      '2026-11-21T10:04:00Z',
      '2026-11-21T10:04:20Z',
      ['10:04:00', '10:04:05', '10:04:10', '10:04:15', '10:04:20'],
    ],
    ['2026-11-21T10:04:00Z', '2026-11-21T11:04:00Z', ['10:10', '10:20', '10:30', '10:40', '10:50', '11:00']],
    ['2026-11-21T09:00:00Z', '2026-11-22T09:00:00Z', ['12:00', '18:00', '00:00', '06:00']],
    ['2026-11-21T09:00:00Z', '2026-11-25T09:00:00Z', ['11-22', '11-23', '11-24', '11-25']],
    ['2026-11-01T00:00:00Z', '2026-11-30T00:00:00Z', ['11-02', '11-09', '11-16', '11-23', '11-30']],
    ['2026-06-15T00:00:00Z', '2027-03-02T00:00:00Z', ['2026-07', '2026-09', '2026-11', '2027-01', '2027-03']],
    ['2001-06-15T00:00:00Z', '2026-03-02T00:00:00Z', ['2005', '2010', '2015', '2020', '2025']],
    ['0001-01-01T00:00:00Z', '9999-12-31T00:00:00Z', ['2000', '4000', '6000', '8000']],
  ])('from %s to %s', (from, to, labels) => {
    const room = labels[0]?.length === 12 ? 80 : 62;
    expect(timeTicks(Date.parse(from), Date.parse(to), room, utc).map(({ label }) => label)).toEqual(labels);
  });

  it('says the date of a time, and the year of a day', () => {
    const dates = (from: string, to: string) =>
      timeTicks(Date.parse(from), Date.parse(to), 30, utc).map(({ date }) => date);
    expect(dates('2026-12-31T12:00:00Z', '2027-01-01T12:00:00Z')).toEqual([
      '2026-12-31',
      '2027-01-01',
      '2027-01-01',
    ]);
    expect(dates('2026-12-31T00:00:00Z', '2027-01-02T00:00:00Z')).toEqual(['2026', '2027', '2027']);
    expect(new Set(dates('2026-12-01T00:00:00Z', '2027-01-09T00:00:00Z'))).toEqual(new Set(['2026', '2027']));
    expect(dates('2026-01-01T00:00:00Z', '2026-05-09T00:00:00Z')).toEqual(['', '', '']);
  });

  it('is that of the wall clock of its zone', () => {
    const berlin = timeZone('Europe/Berlin');
    expect(shown('2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z', 40, berlin)).toEqual([
      '06:00 2026-11-21 2026-11-21T05:00Z',
      '12:00 2026-11-21 2026-11-21T11:00Z',
      '18:00 2026-11-21 2026-11-21T17:00Z',
      '00:00 2026-11-22 2026-11-21T23:00Z',
    ]);
    expect(shown('2026-11-20T00:00:00Z', '2026-11-21T20:00:00Z', 40, timeZone('Asia/Kathmandu'))).toEqual([
      '12:00 2026-11-20 2026-11-20T06:15Z',
      '00:00 2026-11-21 2026-11-20T18:15Z',
      '12:00 2026-11-21 2026-11-21T06:15Z',
      '00:00 2026-11-22 2026-11-21T18:15Z',
    ]);
  });

  it('leaves out an hour that there is not, and shows once one that comes twice', () => {
    const berlin = timeZone('Europe/Berlin');
    const hours = (from: string, to: string) => shown(from, to, 60, berlin).map((tick) => tick.slice(0, 5));
    expect(hours('2026-03-28T23:00:00Z', '2026-03-29T04:00:00Z')).toEqual([
      '00:00',
      '01:00',
      '03:00',
      '04:00',
      '05:00',
      '06:00',
    ]);
    expect(hours('2026-10-24T22:00:00Z', '2026-10-25T04:00:00Z')).toEqual([
      '00:00',
      '01:00',
      '02:00',
      '03:00',
      '04:00',
      '05:00',
    ]);
  });

  it('has ticks inside, upwards, and no more than there is room for', () => {
    const zones = [utc, timeZone('America/New_York')];
    fc.assert(
      fc.property(
        fc.integer({ min: -6e13, max: 2.5e14 }),
        fc.double({ min: 0, max: 14, noNaN: true }),
        fc.integer({ min: 10, max: 300 }),
        fc.constantFrom(...zones),
        (from, power, room, zone) => {
          const to = Math.min(from + Math.ceil(10 ** power), 253_402_214_400_000);
          fc.pre(to > from);
          const ticks = timeTicks(from, to, room, zone);
          for (const [place, { at }] of ticks.entries())
            expect(at >= from && at <= to && at > (ticks[place - 1]?.at ?? Number.NEGATIVE_INFINITY)).toBe(
              true,
            );
          const width = ticks.reduce((sum, { label }) => sum + label.length + 2, 0);
          // One more than fits between the ends, and a month may be short.
          expect(width).toBeLessThanOrEqual(room * 1.1 + 15);
        },
      ),
    );
  });
});
