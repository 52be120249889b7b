import { describe, expect, it } from 'vitest';
import { displayOf } from '../../../../src/dashboard/page/data/display-units.ts';
import {
  digitsOf,
  type RowStyle,
  rowNumbers,
  rowTitle,
} from '../../../../src/dashboard/page/data/row-text.ts';
import { row } from '../page-rows.ts';

const HOUR = 3_600_000;
const limits = { min: undefined, max: undefined };
const style: RowStyle = { display: displayOf('°C', 'C'), limits, zone: 'utc', now: 10 * HOUR };
const texts = (...args: Parameters<typeof rowNumbers>) =>
  rowNumbers(...args).map(({ name, text, sign }) => `${name} ${text} ${sign}`.trim());

describe('the numbers of a row', () => {
  it('have their decimals and units', () => {
    const one = row(0, HOUR, {
      min: 19.5,
      avg: 20.125,
      missing: 2,
      further: [
        ['stddev', 1.5],
        ['note', 'x'],
      ],
    });
    expect(texts(one, style)).toEqual([
      ...['minimum 19.5 °C', 'average 20.125 °C', 'maximum 21.0 °C', 'readings 60', 'missing 2'],
      ...['stddev 1.5 °C', 'note x'],
    ]);
    expect(texts(one, { ...style, display: displayOf('°C', 'F') })).toEqual([
      ...['minimum 67.1 °F', 'average 68.225 °F', 'maximum 69.8 °F', 'readings 60', 'missing 2'],
      ...['stddev 2.7 °F', 'note x'],
    ]);
  });

  it('have as many decimals as the other rows beside them', () => {
    const digits = digitsOf([row(0, 1, { min: 1.25 }), row(0, 1, { avg: 20.5 })]);
    expect(texts(row(0, 1), style, digits).slice(0, 3)).toEqual([
      'minimum 19.00 °C',
      'average 20.0 °C',
      'maximum 21.00 °C',
    ]);
  });

  it('say of a window that goes on which readings are to come, and of a thinned row how many it stands for', () => {
    expect(texts(row(0, 11 * HOUR, { missing: 3, rows: 1234 }), style).slice(4)).toEqual([
      'missing 3 to come',
      'rows 1\u202f234',
    ]);
  });
});

it('a number says when it is beyond a limit, or when readings are missing', () => {
  const warnings = (more: Parameters<typeof row>[2], changes: Partial<RowStyle> = {}) =>
    rowNumbers(row(0, HOUR, more), { ...style, limits: { min: 5, max: 30 }, ...changes })
      .filter(({ isWarning }) => isWarning)
      .map(({ name }) => name);
  expect(warnings({ min: 4, max: 31, missing: 1 })).toEqual(['minimum', 'maximum', 'missing']);
  expect(warnings({ min: 4, missing: 1 }, { now: 0 })).toEqual(['minimum']);
  expect(warnings({ min: 5, max: 30, missing: 0 })).toEqual([]);
});

it('a further time is one of the zone, and large numbers have prefixes where not all digits are wanted', () => {
  const one = row(0, HOUR, { max: 12_345_678, further: [['last_time', '1970-01-01T00:59:30Z']] });
  const bytes = { ...style, display: displayOf('B', 'C') };
  expect(texts(one, bytes)).toContain('maximum 12.3 MB');
  expect(texts(one, { ...bytes, isExact: true })).toContain('maximum 12345678 B');
  expect(texts(one, style)).toContain('last_time 1970-01-01 00:59:30');
});

it('the title of a row is its stretch of time', () => {
  expect(rowTitle(row(0, HOUR), style)).toBe('1970-01-01 00:00 – 01:00 (1 h)');
  expect(rowTitle(row(0, 11 * HOUR), style)).toBe('1970-01-01 00:00 – 11:00, not over yet');
});
