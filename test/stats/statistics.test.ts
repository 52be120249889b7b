import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../src/stats/decimal.ts';
import { isUsual, show, statistic, usual, wanted } from '../../src/stats/statistics.ts';
import { Summary } from '../../src/stats/summary.ts';

function shown(name: string, values: readonly string[], decimals?: number): string {
  const summary = new Summary(wanted([statistic(name)]));
  for (const [at, text] of values.entries())
    summary.add(parseDecimal(text) ?? { units: 0n, scale: 0 }, at * 1000);
  return show(statistic(name), summary, decimals);
}

/** The first numbers of NIST's data set NumAcc3, which differ only in their last digit. */
const CLOSE = ['1000000.2', '1000000.1', '1000000.3', '1000000.1', '1000000.3'];
/** The example of nearest-rank percentiles in Wikipedia. */
const WIKIPEDIA = ['15', '20', '35', '40', '50'];

describe('statistics', () => {
  it.each([
    ['min', CLOSE, '1000000.1'],
    ['max', CLOSE, '1000000.3'],
    ['sum', CLOSE, '5000001.0'],
    ['avg', CLOSE, '1000000.200'],
    ['range', CLOSE, '0.2'],
    ['first', CLOSE, '1000000.2'],
    ['last', CLOSE, '1000000.3'],
    ['var', CLOSE, '0.010'],
    ['stddev', CLOSE, '0.100'],
    ['p5', WIKIPEDIA, '15'],
    ['p30', WIKIPEDIA, '20'],
    ['p40', WIKIPEDIA, '20'],
    ['p50', WIKIPEDIA, '35'],
    ['p100', WIKIPEDIA, '50'],
    ['p0', WIKIPEDIA, '15'],
    ['p99.9', WIKIPEDIA, '50'],
  ])('%s of %j is %s', (name, values, text) => expect(shown(name, values)).toBe(text));

  // README: "Averages and standard deviations are rounded once, half away from zero, to two more decimals than the
  // input has."
  it('are rounded once, half away from zero, to the decimals asked for', () => {
    expect(shown('avg', ['0', '0.05'], 2)).toBe('0.03');
    expect(shown('avg', ['0', '-0.05'], 2)).toBe('-0.03');
    expect(shown('avg', ['0', '0.05'], 0)).toBe('0');
  });

  it.each(['min', 'max', 'avg', 'range', 'first', 'last', 'var', 'stddev', 'p50'])(
    '%s of no values is empty',
    (name) => expect(shown(name, [])).toBe(''),
  );

  it.each(['var', 'stddev'])('%s of one value is empty', (name) => expect(shown(name, ['1'])).toBe(''));

  it.each(['', 'median', 'p', 'p101', 'p100.1', 'p-1', 'p1e1', 'toString', '__proto__'])(
    '%j is none of them',
    (name) => expect(() => statistic(name)).toThrow(/^unknown statistic: ".*" \(known: min, max, avg, /),
  );

  it('say what a summary must keep', () => {
    const need = (...names: string[]) => wanted(names.map(statistic));
    expect(need('min', 'sum', 'range')).toEqual({ squares: false, distinct: false, times: false });
    expect(need('stddev', 'p50', 'last')).toEqual({ squares: true, distinct: true, times: true });
    expect(wanted([])).toEqual({ squares: false, distinct: false, times: false });
  });

  it('are min, max and avg in every row', () => {
    expect(usual.map(({ name }) => name)).toEqual(['min', 'max', 'avg']);
    expect([isUsual(statistic('avg')), isUsual(statistic('sum'))]).toEqual([true, false]);
  });
});
