import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  compare,
  digitCount,
  formatDecimal,
  hasTooManyDigits,
  multiplyByRatio,
  parseDecimal,
  STATISTIC_LIMITS,
  squareRoot,
  subtract,
} from '../../src/stats/decimal.ts';
import { isLess, plus, rational, round } from './rational.ts';

/** Plain decimals with up to 25 digits on each side of the point. */
const decimalText = fc
  .tuple(fc.bigInt(-(10n ** 25n), 10n ** 25n), fc.integer({ min: 0, max: 25 }))
  .map(([units, scale]) => formatDecimal({ units, scale }));

function parsed(text: string) {
  const number = parseDecimal(text);
  if (number === undefined) throw new Error(`not a number: ${text}`);
  return number;
}

describe('parseDecimal', () => {
  it.each([
    ['21.35', '21.35'],
    ['21.50', '21.50'],
    ['+1.5', '1.5'],
    ['.5', '0.5'],
    ['-.5', '-0.5'],
    ['5.', '5'],
    ['007', '7'],
    ['\u22122.50', '-2.50'],
    [' 4 ', '4'],
    ['\t-4.0\t', '-4.0'],
    ['1.5e3', '1500'],
    ['1.5E+3', '1500'],
    ['15e-3', '0.015'],
    ['1.25e1', '12.5'],
    ['-0', '0'],
    ['-0.00', '0.00'],
    ['123456789012345678901234567890.1', '123456789012345678901234567890.1'],
  ])('reads %j as %s', (text, expected) => {
    expect(formatDecimal(parsed(text))).toBe(expected);
  });

  it.each([
    '',
    ' ',
    'ERR',
    'NaN',
    'nan',
    'Infinity',
    '-inf',
    'NA',
    'null',
    '0x10',
    '1_000',
    '1,5',
    '1.2.3',
    '--1',
    '+-1',
    '1 2',
  ])('refuses %j', (text) => expect(parseDecimal(text)).toBeUndefined());

  it.each([
    '.',
    '+',
    '-',
    'e5',
    '.e1',
    '1e',
    '1e+',
    '1e999999999',
    '1e-999999999',
    '1e99999999999',
    '9'.repeat(151),
    '1e150',
    '1e-400',
    `0.${'9'.repeat(400)}`,
    `${'1'.repeat(150)}.${'9'.repeat(251)}`,
    `${' '.repeat(400_000)}1`,
    '٣',
  ])('refuses %j without delay', (text) => expect(parseDecimal(text)).toBeUndefined());

  it.each([
    ['9'.repeat(150), '9'.repeat(150)],
    ['1e149', `1${'0'.repeat(149)}`],
    ['-1e-399', `-0.${'0'.repeat(398)}1`],
    [`-${'1'.repeat(150)}.${'9'.repeat(250)}`, `-${'1'.repeat(150)}.${'9'.repeat(250)}`],
  ])('reads 150 digits before the point and 400 in all, case %#', (text, expected) => {
    expect(formatDecimal(parsed(text))).toBe(expected);
    expect(digitCount(parsed(text))).toBe(expected.replace(/[-.]/g, '').length);
  });

  it('reads more digits of a statistic', () => {
    for (const text of ['9'.repeat(2800), `1.${'9'.repeat(2799)}`])
      expect(formatDecimal(parseDecimal(text, STATISTIC_LIMITS) ?? parsed('0'))).toBe(text);
    expect(parseDecimal('9'.repeat(2801), STATISTIC_LIMITS)).toBeUndefined();
  });

  it.each([
    ['1e150', true],
    ['9'.repeat(401), true],
    ['1e149', false],
    ['.e1', false],
    ['ERR', false],
    ['', false],
  ])('tells too many digits from what is no number, case %#', (text, isTooLong) => {
    expect(hasTooManyDigits(text)).toBe(isTooLong);
  });

  it('prints what it read', () => {
    fc.assert(fc.property(decimalText, (text) => formatDecimal(parsed(text)) === text));
  });
});

describe('arithmetic', () => {
  // README: "Sums of decimals are exact: 0.1 + 0.2 is 0.3."
  it('knows that 0.1 + 0.2 is 0.3', () => {
    expect(formatDecimal(add(parsed('0.1'), parsed('0.2')))).toBe('0.3');
  });

  it('adds, subtracts and compares like fractions', () => {
    fc.assert(
      fc.property(decimalText, decimalText, (a, b) => {
        const scale = Math.max(parsed(a).scale, parsed(b).scale);
        expect(formatDecimal(add(parsed(a), parsed(b)))).toBe(round(plus(rational(a), rational(b)), scale));
        expect(compare(subtract(add(parsed(a), parsed(b)), parsed(b)), parsed(a))).toBe(0);
        expect(compare(parsed(a), parsed(b)) < 0).toBe(isLess(rational(a), rational(b)));
        expect(compare(parsed(a), parsed(b)) > 0).toBe(isLess(rational(b), rational(a)));
      }),
    );
  });

  it('multiplies by a ratio and rounds half away from zero', () => {
    fc.assert(
      fc.property(
        decimalText,
        fc.bigInt(-99n, 99n),
        fc.bigInt(1n, 9999n),
        fc.integer({ min: 0, max: 30 }),
        (a, top, bottom, scale) => {
          const exact = { top: rational(a).top * top, bottom: rational(a).bottom * bottom };
          expect(formatDecimal(multiplyByRatio(parsed(a), top, bottom, scale))).toBe(round(exact, scale));
        },
      ),
    );
  });

  it.each([
    ['0.5', 0, '1'],
    ['-0.5', 0, '-1'],
    ['2.5', 0, '3'],
    ['1.005', 2, '1.01'],
    ['-1.005', 2, '-1.01'],
    ['0.04', 1, '0.0'],
    ['-0.04', 1, '0.0'],
  ])('rounds %s to %i decimals: %s', (text, scale, expected) => {
    expect(formatDecimal(multiplyByRatio(parsed(text), 1n, 1n, scale))).toBe(expected);
  });
});

describe('squareRoot', () => {
  it('is within half of the last digit of the root', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 40n),
        fc.bigInt(1n, 10n ** 20n),
        fc.integer({ min: 0, max: 20 }),
        (top, bottom, scale) => {
          const { units } = squareRoot(top, bottom, scale);
          // (units ± 1/2)² brackets top/bottom · 10^(2 scale), in quarters.
          const square = 4n * top * 10n ** BigInt(2 * scale);
          expect((2n * units + 1n) ** 2n * bottom > square).toBe(true);
          expect(units === 0n || (2n * units - 1n) ** 2n * bottom <= square).toBe(true);
        },
      ),
    );
  });

  it('knows the first hundred digits of the root of two', () => {
    expect(formatDecimal(squareRoot(2n, 1n, 100))).toBe(
      '1.4142135623730950488016887242096980785696718753769480731766797379907324784621070388503875343276415727',
    );
  });
});
