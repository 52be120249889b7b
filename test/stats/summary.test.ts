import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../src/stats/decimal.ts';
import { show, statistic, wanted } from '../../src/stats/statistics.ts';
import { Summary } from '../../src/stats/summary.ts';
import { isLess, plus, type Rational, rational, round, times } from './rational.ts';

const ALL = [
  'min',
  'max',
  'avg',
  'sum',
  'range',
  'first',
  'last',
  'stddev',
  'var',
  'p0',
  'p50',
  'p99.9',
  'p100',
].map(statistic);

interface Reading {
  readonly time: number;
  readonly text: string;
}

const reading = fc.record({
  time: fc.integer({ min: 0, max: 5 }),
  text: fc.oneof(
    fc.constantFrom('1', '1.0', '1.00', '-1', '0', '-0.0', '0.00'),
    fc
      .tuple(fc.integer({ min: -99999, max: 99999 }), fc.integer({ min: 0, max: 3 }))
      .map(([n, d]) => (n / 10 ** d).toFixed(d)),
  ),
});
const readings = fc.array(reading, { minLength: 1, maxLength: 40 });

function summarise(values: readonly Reading[]): Summary {
  const summary = new Summary(wanted(ALL));
  for (const { time, text } of values) summary.add(parseDecimal(text) ?? { units: 0n, scale: 0 }, time);
  return summary;
}

function shown(summary: Summary): string[] {
  return [String(summary.count), ...ALL.map((one) => show(one, summary, undefined))];
}

describe('Summary', () => {
  // README: "Exact."
  it('is what fractions say', () => {
    fc.assert(
      fc.property(readings, (values) => {
        const exact = values.map(({ text }) => rational(text)).sort((a, b) => (isLess(a, b) ? -1 : 1));
        const scale = Math.max(...values.map(({ text }) => text.split('.')[1]?.length ?? 0));
        const n = BigInt(values.length);
        const sum = exact.reduce(plus);
        const squares = exact.map((value) => times(value, value)).reduce(plus);
        const summary = summarise(values);
        const value = (name: string) => show(statistic(name), summary, undefined);
        const same = (name: string, expected: Rational | undefined) =>
          expect(expected && round(rational(value(name)), scale), name).toBe(
            expected && round(expected, scale),
          );

        expect(value('sum')).toBe(round(sum, scale));
        expect(value('avg')).toBe(round({ top: sum.top, bottom: sum.bottom * n }, scale + 2));
        same('min', exact.at(0));
        same('max', exact.at(-1));
        same('p50', exact[Math.ceil(exact.length / 2) - 1]);
        same('p0', exact.at(0));
        same('p100', exact.at(-1));
        const deviations = plus(
          times(squares, { top: n, bottom: 1n }),
          times({ top: -1n, bottom: 1n }, times(sum, sum)),
        );
        const variance = { top: deviations.top, bottom: deviations.bottom * n * (n - 1n) };
        expect(value('var')).toBe(n < 2n ? '' : round(variance, scale + 2));
      }),
    );
  });

  it('does not depend on the order of the readings', () => {
    fc.assert(
      fc.property(readings, fc.infiniteStream(fc.nat()), (values, keys) => {
        const shuffled = values
          .map((value) => ({ value, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key);
        expect(shown(summarise(shuffled.map(({ value }) => value)))).toEqual(shown(summarise(values)));
      }),
    );
  });

  it('merges parts to the whole, whatever the parts', () => {
    fc.assert(
      fc.property(fc.array(readings, { minLength: 1, maxLength: 5 }), (parts) => {
        const merged = new Summary(wanted(ALL));
        for (const part of parts) merged.merge(summarise(part));
        merged.merge(new Summary(wanted(ALL)));
        expect(shown(merged)).toEqual(shown(summarise(parts.flat())));
      }),
    );
  });

  // README: "Minimum and maximum keep the digits they came with."
  it('keeps the digits of minimum and maximum as they were written', () => {
    const summary = summarise([
      { time: 1, text: '21.50' },
      { time: 2, text: '3' },
      { time: 3, text: '21.5' },
    ]);
    expect(shown(summary).slice(0, 4)).toEqual(['3', '3', '21.50', '15.3333']);
  });

  it('has no deviation of one value', () => {
    expect(show(statistic('stddev'), summarise([{ time: 0, text: '4' }]), undefined)).toBe('');
  });
});

/** National Institute of Standards and Technology, Statistical Reference Datasets: univariate summary statistics. */
describe('the NIST StRD sets', () => {
  const alternate = (first: string, ...pair: string[]) => [
    first,
    ...Array.from({ length: 1000 }, (_, at) => pair[at % 2] ?? ''),
  ];

  it.each([
    ['NumAcc1', ['10000001', '10000003', '10000002'], '10000002.000000000000000', '1.000000000000000'],
    ['NumAcc2', alternate('1.2', '1.1', '1.3'), '1.200000000000000', '0.100000000000000'],
    [
      'NumAcc3',
      alternate('1000000.2', '1000000.1', '1000000.3'),
      '1000000.200000000000000',
      '0.100000000000000',
    ],
    [
      'NumAcc4',
      alternate('10000000.2', '10000000.1', '10000000.3'),
      '10000000.200000000000000',
      '0.100000000000000',
    ],
  ])('%s: mean and standard deviation to 15 decimals', (_, values, mean, deviation) => {
    const summary = summarise(values.map((text, time) => ({ time, text })));
    expect(show(statistic('avg'), summary, 15)).toBe(mean);
    expect(show(statistic('stddev'), summary, 15)).toBe(deviation);
  });
});

describe('quantiles', () => {
  // README: "Quantiles are nearest-rank, neither interpolated nor estimated."
  it.each([
    ['p25', '2'],
    ['p26', '3'],
    ['p50', '4'],
    ['p75', '6'],
    ['p99.9', '8'],
    ['p0', '1'],
  ])('%s of 1 to 8 is %s, by nearest rank', (name, expected) => {
    const summary = summarise(['8', '1', '5', '2', '7', '3', '4', '6'].map((text, time) => ({ time, text })));
    expect(show(statistic(name), summary, undefined)).toBe(expected);
  });

  it.each(['p101', 'p100.1', 'p', 'p-1', 'median', 'constructor', ''])('refuses %j', (name) => {
    expect(() => statistic(name)).toThrow('unknown statistic');
  });
});
