import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineTimes } from '../../src/readings/line-time.ts';
import { formatReading, formatReadingJson } from '../../src/readings/reading.ts';
import { parseTime } from '../../src/readings/time.ts';

const NOON = Date.UTC(2026, 10, 21, 12);

/** The time of a line; undefined when it has none. */
function lineTime(line: string): number | undefined {
  const [time] = new LineTimes({}, () => NOON).of([line]);
  return typeof time === 'number' ? time : undefined;
}

describe('the time of a line', () => {
  it.each([
    '2026-11-21T12:00:00Z,attic,21.35',
    '2026-11-21T12:00:00Z,attic,21.35\r',
    '2026-11-21T12:00:00Z,21.35',
    '2026-11-21T12:00:00Z',
    '2026-11-21T12:00:00Z;attic;21,35',
    '2026-11-21T12:00:00Z\tattic',
    '2026-11-21 13:00:00+01:00,attic,21.35',
    ' 2026-11-21T12:00:00Z ,attic,21.35',
    '"2026-11-21T12:00:00Z","attic",21.35',
    '1795262400,attic,21.35',
    '{"time":"2026-11-21T12:00:00Z","value":21.35}',
    '{"sensor":"attic", "time" : "2026-11-21T12:00:00Z"}',
    '{"time":1795262400000,"value":1}',
  ])('finds the time of %j', (line) => {
    expect(lineTime(line)).toBe(NOON);
  });

  it.each([
    '',
    'time,sensor,value',
    'attic,2026-11-21T12:00:00Z,21.35',
    '2026-11-21T12:00:00,attic,21.35',
    '2026-11-21T12:00:00Z attic 21.35',
    ',attic,1',
    '{"value":1}',
    '{"time":null}',
    '{"time":"noon"}',
    '{',
  ])('finds none in %j', (line) => {
    expect(lineTime(line)).toBeUndefined();
  });

  it('finds the time of every reading, as a line and as JSON', () => {
    const reading = fc.record({
      time: fc.integer({ min: 0, max: 4e12 }),
      sensor: fc.string({ unit: 'grapheme' }),
      value: fc.constant({ units: 2135n, scale: 2 }),
    });
    fc.assert(
      fc.property(reading, (some) => {
        expect(lineTime(formatReading(some))).toBe(some.time);
        expect(lineTime(formatReadingJson(some))).toBe(some.time);
      }),
    );
  });

  it.each([
    ['2026-11-21 12:00,a,1', 'without an offset'],
    ['"2026/11/21",a,1', 'without an offset'],
    ['{"time":"2026-11-21T12:00:00"}', 'without an offset'],
    ['noon,a,1', 'not a time'],
    ['20261121,a,1', 'like a date'],
    ['{}', 'not a time'],
  ])('says why %j has none', (line, kind) => {
    expect(new LineTimes({}, () => NOON).of([line])).toEqual([expect.objectContaining({ kind })]);
  });

  it('takes a bare number for an epoch, as everywhere', () => {
    expect(lineTime('1795262400')).toBe(parseTime('1795262400'));
  });
});

describe('times without an offset', () => {
  const times = (now: string, lines: readonly string[]) =>
    new LineTimes({ zone: 'Europe/Berlin' }, () => Date.parse(now))
      .of(lines)
      .map((time) => (typeof time === 'number' ? new Date(time).toISOString().slice(11, 16) : time.kind));

  it('are of the zone, and of the form', () => {
    expect(times('2026-11-21T12:00:00Z', ['2026-11-21 12:00,a', '2026-11-21T12:01Z,a'])).toEqual([
      '11:00',
      '12:01',
    ]);
    const german = new LineTimes({ zone: 'UTC', timeFormat: '%d.%m.%Y %H:%M' }, () => NOON);
    expect(german.of(['21.11.2026 12:00;a'])).toEqual([NOON]);
    expect(times('2026-11-21T12:00:00Z', ['2026-03-29 02:30,a'])).toEqual(['skipped by the clock']);
  });

  it('that come twice are the second, unless the line behind them or the clock is before that', () => {
    const night = ['01:59', '02:00', '02:59', '02:00', '02:59'].map((time) => `2026-10-25 ${time},a,1`);
    const [all, first, second] = [night, night.slice(0, 3), night.slice(3)];
    expect(times('2026-10-25T02:00:00Z', [...all, '2026-10-25 03:00,a,1'])).toEqual([
      ...['23:59', '00:00', '00:59', '01:00', '01:59', '02:00'],
    ]);
    expect(times('2026-10-25T01:00:00Z', first)).toEqual(['23:59', '00:00', '00:59']);
    // Where a window begins in the second pass.
    expect(times('2026-10-25T02:00:00Z', second)).toEqual(['01:00', '01:59']);
    expect(times('2026-12-01T00:00:00Z', [...second, 'ERR', '2026-10-25 03:00,a,1'])).toEqual([
      ...['01:00', '01:59', 'not a time', '02:00'],
    ]);
    // A little out of order.
    expect(times('2026-10-25T01:01:00Z', ['2026-10-25 02:00:05', '2026-10-25 02:00:03'])).toEqual([
      '01:00',
      '01:00',
    ]);
  });
});
