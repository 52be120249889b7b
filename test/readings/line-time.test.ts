import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasLocalTime, lineTime } from '../../src/readings/line-time.ts';
import { formatReading, formatReadingJson } from '../../src/readings/reading.ts';
import { parseTime } from '../../src/readings/time.ts';

const NOON = Date.UTC(2026, 10, 21, 12);

describe('lineTime', () => {
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

  it('tells a line whose time has no offset from one without a time', () => {
    expect(
      ['2026-11-21 12:00,a,1', '"2026/11/21",a,1', '{"time":"2026-11-21T12:00:00"}'].map(hasLocalTime),
    ).toEqual([true, true, true]);
    expect(['noon,a,1', '2026-11-21T12:00:00Z,a,1', '1795262400,a,1', '{}'].map(hasLocalTime)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('takes a bare number for an epoch, as everywhere', () => {
    expect(lineTime('1795262400')).toBe(parseTime('1795262400'));
  });
});
