import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainNumber, withoutLastZeros } from '../../../src/tables/input/plain-number.ts';

it.each([
  ['0', '0'],
  ['-0', '0'],
  ['-0.00', '0'],
  ['7', '7'],
  ['7.0', '7'],
  ['1.50', '1.5'],
  ['-1.050', '-1.05'],
  ['100', '100'],
  ['1e5', '100000'],
  ['1.25E+1', '12.5'],
  ['1250e-2', '12.5'],
  ['1e-7', '0.0000001'],
  ['0.0e9', '0'],
  ['12345678901234567890.10', '12345678901234567890.1'],
])('of %s is %s', (text, plain) => {
  expect(plainNumber(text)).toBe(plain);
});

it('keeps the value, and is plain already', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      const plain = plainNumber(String(number));
      expect(Number(plain)).toBe(number === 0 ? 0 : number);
      expect(plain).toMatch(/^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/);
      expect(plainNumber(plain)).toBe(plain);
    }),
  );
});

it('takes zeros off the end only', () => {
  expect(['', '0', '0010', '1', '000'].map(withoutLastZeros)).toEqual(['', '', '001', '1', '']);
});
