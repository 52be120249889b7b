import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ColumnType,
  numberType,
  sameColumn,
  typeOf,
  widest,
} from '../../../src/tables/input/column-type.ts';

const DIGITS = 15;

/** The type of text that stands in the middle of other bytes. */
function typeOfText(text: string): ColumnType {
  const bytes = Buffer.from(`1${text}1`);
  return typeOf(bytes, 1, bytes.length - 1, DIGITS);
}

describe('typeOf', () => {
  it.each<[string, ColumnType]>([
    ['', 'text'],
    ['-', 'text'],
    ['.5', 'text'],
    ['5.', 'text'],
    ['-.5', 'text'],
    ['1.2.3', 'text'],
    ['00', 'text'],
    ['-01', 'text'],
    ['01.5', 'text'],
    ['0', 'integer'],
    ['-1', 'integer'],
    ['0.50', 'decimal'],
    ['-0', 'decimal'],
    ['-0.0', 'decimal'],
    ['999999999999999', 'integer'],
    ['-1000000000000000', 'long'],
    ['-9223372036854775808', 'long'],
    ['-9223372036854775809', 'text'],
    ['0.000000000000000000123', 'decimal'],
    ['1234567890.12345678', 'text'],
    ['1e5', 'text'],
    ['True', 'boolean'],
    ['truth', 'text'],
    ['2024-02-29T00:00:00Z', 'timestamp'],
    ['2023-02-29T00:00:00Z', 'text'],
    ['2026-11-21 10:04Z', 'timestamp'],
  ])('takes %j for %s', (text, type) => {
    expect(typeOfText(text)).toBe(type);
  });

  it('finds numbers without an exponent as numberType does', () => {
    const text = fc.string({ unit: fc.constantFrom('0', '1', '9', '.', '-'), minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(text, (number) => {
        expect(typeOfText(number)).toBe(numberType(number, DIGITS));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('numberType', () => {
  it.each<[string, number, ColumnType]>([
    ['1e5', 15, 'decimal'],
    ['1.5E-300', 15, 'decimal'],
    ['1e301', 15, 'text'],
    ['0.12345678901234567', 15, 'text'],
    ['0.12345678901234567', 1000, 'decimal'],
    ['0.12345678901234568', 15, 'decimal'],
    ['72.09160609999998', 15, 'decimal'],
    ['72.09160609999997999', 15, 'text'],
    ['72.09160609999999', 15, 'decimal'],
    ['0.1000000000000000055', 15, 'text'],
    ['12345678901234567890', 1000, 'decimal'],
    ['Infinity', 15, 'text'],
    [`0.${'1'.repeat(999)}`, 1000, 'text'],
  ])('takes %s where decimals keep %d digits for %s', (text, digits, type) => {
    expect(numberType(text, digits)).toBe(type);
  });
});

it('takes for a decimal whatever a double prints, with every digit', () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => {
    const size = Math.abs(number);
    return size > 1e-300 && size < 1e300 && !Number.isInteger(number);
  });
  fc.assert(
    fc.property(double, (number) => {
      expect(numberType(String(number), DIGITS), String(number)).toBe('decimal');
    }),
  );
});

describe('widest', () => {
  it.each<[ColumnType, ColumnType, number, ColumnType]>([
    ['text', 'text', 15, 'text'],
    ['integer', 'long', 15, 'long'],
    ['integer', 'decimal', 15, 'decimal'],
    ['long', 'decimal', 15, 'text'],
    ['long', 'decimal', 1000, 'decimal'],
    ['boolean', 'integer', 15, 'text'],
    ['timestamp', 'text', 15, 'text'],
  ])('holds %s and %s with %d digits in %s, in any order', (one, other, digits, type) => {
    expect([widest(one, other, digits), widest(other, one, digits)]).toEqual([type, type]);
  });
});

it('takes whole numbers of any length for one type of column', () => {
  expect(sameColumn('integer', 'long') && sameColumn('long', 'integer')).toBe(true);
  expect(sameColumn('integer', 'decimal')).toBe(false);
});
