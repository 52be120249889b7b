import { describe, expect, it } from 'vitest';
import { valueFor } from '../../src/readings/by-sensor.ts';
import { parseUnits, unitOfRow, unitOfSeries } from '../../src/readings/series-units.ts';
import type { StatsRow } from '../../src/readings/stats-row.ts';

const row = (sensor: string, unit?: string): StatsRow => ({
  ...{ sensor, window: '1h', start: '', end: '2026-01-01T00:00:00Z', count: 1, min: '1', max: '1', avg: '1' },
  extra: new Map(unit === undefined ? [] : [['unit', unit]]),
});

describe('units by the names of sensors', () => {
  it('are those of the first pattern that matches, and none without one', () => {
    const rules = parseUnits('bytes*=B, *humidity = % ,a=b=W,*=°C');
    const units = ['bytes_in', 'attic/humidity', 'a=b', 'attic', ''].map((name) => valueFor(rules, name));
    expect(units).toEqual(['B', '%', 'W', '°C', '°C']);
    expect(valueFor(parseUnits('bytes*=B'), 'attic')).toBeUndefined();
  });

  it('match a comma by a question mark, and a star by a backslash', () => {
    const rules = parseUnits('a?b=V,\\**=A');
    expect(['a,b', '*1', 'x'].map((name) => valueFor(rules, name))).toEqual(['V', 'A', undefined]);
  });

  it.each([
    ['', 'unit is empty: ""'],
    ['B', undefined],
    ['a=B,', 'unit is empty: ""'],
    ['%,a=B', '"%" is for all sensors: nothing may follow it'],
    ['a=', 'unit is empty: ""'],
    ['a= ', 'unit is empty: ""'],
    ['a=\n%', undefined],
    ['a=%\n°', 'unit has a control character: "%\\n°"'],
    ['a=\u2028B\u2028B', 'unit has a control character'],
    ['a=\u202eB', 'unit has a control character: "\\u202eB"'],
    ['a=B\0', 'unit has a control character: "B\\u0000"'],
    ['a=\udcf6', 'unit is not UTF-8: '],
    [`a=${'x'.repeat(32)}`, undefined],
    [`a=${'x'.repeat(33)}`, 'unit is longer than 32 characters: '],
  ])('%j: %s', (text, problem) => {
    const parse = () => parseUnits(text);
    if (problem === undefined) expect(parse).not.toThrow();
    else expect(parse).toThrow(problem);
  });

  it('are one unit for all where no pattern is named', () => {
    expect(valueFor(parseUnits('m³/h'), 'any')).toBe('m³/h');
    expect(valueFor(parseUnits('a=V'), 'any')).toBeUndefined();
    expect(['a', 'b'].map((name) => valueFor(parseUnits('a=V,W'), name))).toEqual(['V', 'W']);
  });
});

describe('the unit of a row', () => {
  it('is what stands in its column, as far as that is a unit', () => {
    expect(unitOfRow(row('a', ' % '))).toBe('%');
    for (const odd of [undefined, '', ' ', 'a\u0007b', 'x'.repeat(33), 'a,b'])
      expect(unitOfRow(row('a', odd))).toBeUndefined();
  });

  it('comes before what the names of sensors say', () => {
    const rules = parseUnits('bytes=B');
    expect(unitOfSeries(rules, row('bytes', 'kB'))).toBe('kB');
    expect(unitOfSeries(rules, row('bytes', ''))).toBe('B');
    expect(unitOfSeries(rules, row('attic'))).toBeUndefined();
  });
});
