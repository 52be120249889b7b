import { describe, expect, it } from 'vitest';
import { JsonNumber } from '../../src/lines/json.ts';
import { type ValueOptions, ValueReader } from '../../src/readings/value-reader.ts';
import { formatDecimal, parseDecimal } from '../../src/stats/decimal.ts';

/** The digits of the value, 'missing', or why there is none. */
function read(text: string, options: ValueOptions = {}): string {
  const value = new ValueReader(options).read(text);
  if (value === 'missing') return value;
  return 'kind' in value ? `${value.kind}: ${value.detail}` : formatDecimal(value);
}

const scaleOf = (text: string) => ({ scale: parseDecimal(text) });

describe('a value', () => {
  it.each([
    ['21.50', '21.50'],
    [' -4 ', '-4'],
    ['\u22122.50', '-2.50'],
    ['1.5e3', '1500'],
    ['21.3 °C', '21.3'],
    ['21.3°C', '21.3'],
    ['\u22125\u00a0℃', '-5'],
    ['21.3\u202f°C ', '21.3'],
  ])('%j is %s', (text, value) => {
    expect(read(text)).toBe(value);
  });

  it.each([
    ['', 'empty: value is empty'],
    [' \u00a0 ', 'empty: value is empty'],
    ['ERR', 'not a number: value is not a number: "ERR"'],
    ['°C', 'not a number: value is not a number: "°C"'],
    ['NaN', 'not a number: value is not a number: "NaN"'],
    ['0x1F', 'not a number: value is not a number: "0x1F"'],
    ['0o17', 'not a number: value is not a number: "0o17"'],
    ['1d3', 'not a number: value is not a number: "1d3"'],
    ['12e', 'not a number: value is not a number: "12e"'],
    ['12E °C', 'not a number: value is not a number: "12E °C"'],
    ['1.2.3', 'not a number: value is not a number: "1.2.3"'],
    ['12.x', 'not a number: value is not a number: "12.x"'],
    ['1_000', 'not a number: value is not a number: "1_000"'],
    [',', 'not a number: value is not a number: ","'],
    ['55%', 'with a unit: value has a unit (get-stats --suffix %): "55%"'],
    ['21.3C', 'with a unit: value has a unit (get-stats --suffix C): "21.3C"'],
    ['70 °F', 'with a unit: value has a unit (get-stats --suffix °F): "70 °F"'],
    ['21 \ufffdC', 'with a unit: value has a unit (get-stats --encoding latin1 or --suffix): "21 \ufffdC"'],
    ['21,5', 'with a comma: value has a comma (get-stats --decimal , for a decimal comma): "21,5"'],
    ['21,5 °C', 'with a comma: value has a comma (get-stats --decimal , for a decimal comma): "21,5 °C"'],
    ['1,234', 'with a comma: value has a comma (get-stats --decimal , for a decimal comma): "1,234"'],
    ['1,234.5', 'with grouped digits: value has grouped digits: "1,234.5"'],
    ['1 234', 'with grouped digits: value has grouped digits: "1 234"'],
    ["1'234'567", 'with grouped digits: value has grouped digits: "1\'234\'567"'],
  ])('%j is none: %s', (text, problem) => {
    expect(read(text)).toBe(problem);
  });

  it('is refused as fast as it is long', () => {
    const blanks = ' '.repeat(1_000_000);
    expect(read(`1${blanks}x`)).toMatch(/^not a number: /);
    expect(read(`1${blanks}1 °C`)).toMatch(/^not a number: /);
    for (const decimal of ['.', ','] as const)
      for (const group of ['.111', ',111', '1', ' 111'])
        expect(read(`1${group.repeat(250_000)}x`, { decimal })).toMatch(/^not a number: /);
  });
});

describe('a decimal comma', () => {
  const comma: ValueOptions = { decimal: ',' };

  it.each([
    ['21,5', '21.5'],
    ['-,5', '-0.5'],
    ['\u22122,25 °C', '-2.25'],
    ['1,5e3', '1500'],
    ['7', '7'],
  ])('makes %j %s', (text, value) => {
    expect(read(text, comma)).toBe(value);
  });

  // From public reports: 2523,50 that became 252350, and 1.234 that is 1234.
  it.each([
    ['2.523,50', 'with grouped digits: value has grouped digits: "2.523,50"'],
    ['1.234.567', 'with grouped digits: value has grouped digits: "1.234.567"'],
    ['1 234,5', 'with grouped digits: value has grouped digits: "1 234,5"'],
    ['1.234', 'with a point: value has a point, and the decimal mark is a comma: "1.234"'],
    ['2.5', 'with a point: value has a point, and the decimal mark is a comma: "2.5"'],
    ['1,2,3', 'not a number: value is not a number: "1,2,3"'],
    ['4,5 %', 'with a unit: value has a unit (get-stats --suffix %): "4,5 %"'],
  ])('refuses %j', (text, problem) => {
    expect(read(text, comma)).toBe(problem);
  });

  it('is not that of a number of JSON', () => {
    const reader = new ValueReader(comma);
    expect(reader.read(reader.written(new JsonNumber('2.50')))).toEqual({ units: 250n, scale: 2 });
  });
});

describe('a missing value', () => {
  const missing: ValueOptions = { missing: ['-999', 'NA', '---', '9999.9'] };

  it.each(['-999', '-999.0', ' -9.99e2', '\u2212999', '-999 °C', 'NA', ' --- ', '9999.90'])(
    'is %j',
    (text) => {
      expect(read(text, missing)).toBe('missing');
    },
  );

  it.each([
    ['-999.1', '-999.1'],
    ['999', '999'],
    ['na', 'not a number: value is not a number: "na"'],
  ])('is not %j', (text, value) => {
    expect(read(text, missing)).toBe(value);
  });

  it('is told by its text or its number whatever the decimal mark, and before the value is scaled', () => {
    const comma: ValueOptions = { decimal: ',', missing: ['-99.9', '7,5'] };
    for (const text of ['-99,9', '-99,90', '7,5'])
      expect(read(text, { ...comma, ...scaleOf('0.1') })).toBe('missing');
    expect(read('75', { missing: ['7.5'], ...scaleOf('0.1') })).toBe('7.5');
  });
});

describe('a scale', () => {
  it.each([
    ['213', '0.1', '21.3'],
    ['21.30', '0.1', '2.130'],
    ['0.1', '3', '0.3'],
    ['5', '-1', '-5'],
    ['21.3', '1e3', '21300.0'],
  ])('makes of %s times %s %s', (text, scale, value) => {
    expect(read(text, scaleOf(scale))).toBe(value);
  });

  it.each([
    ['1e100', '1e100'],
    ['1e-250', '1e-250'],
  ])('makes no value that has too many digits: %s times %s', (text, scale) => {
    expect(read(text, scaleOf(scale))).toContain(
      'not a number: value times the scale has more than 150 digits before the decimal point, or 400 in all',
    );
  });
});

describe('a unit that the user names', () => {
  const units: ValueOptions = { units: ['%', '%RH', 'C', 'e', '°F'] };

  it.each([
    ['55%', '55'],
    ['55 %RH', '55'],
    ['21.3C', '21.3'],
    ['12e', '12'],
    ['1e3', '1000'],
    ['70 °F', '70'],
    ['21 °C', '21'],
  ])('may stand behind a number: %j', (text, value) => {
    expect(read(text, units)).toBe(value);
  });

  it('stands there once', () => {
    expect(read('55 % %', units)).toBe('not a number: value is not a number: "55 % %"');
    expect(read('0x1FC', units)).toBe('not a number: value is not a number: "0x1FC"');
  });
});
