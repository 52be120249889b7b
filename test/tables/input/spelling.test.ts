import fc from 'fast-check';
import { expect, it } from 'vitest';
import { typeOf } from '../../../src/tables/input/column-type.ts';
import { spellColumn, spelled } from '../../../src/tables/input/spelling.ts';
import { batchOf } from '../batch-of.ts';

const DIGITS = 15;

function spelledInColumn(...values: (string | null)[]): (string | null)[] {
  const batch = batchOf(values.map((value) => ['1.50', value]));
  spellColumn(batch, 1, DIGITS);
  expect(values.map((_, row) => batch.text(row, 0))).toEqual(values.map(() => '1.50'));
  return values.map((_, row) => batch.text(row, 1) ?? null);
}

it.each([
  ['1.50', '1.5'],
  ['-0', '0'],
  ['10', '10'],
  ['-7.0', '-7'],
  ['TRUE', 'true'],
  ['False', 'false'],
  ['2026-11-21T12:04:00+02:00', '2026-11-21T10:04:00Z'],
  ['2026-11-29T10:04:00.1Z', '2026-11-29T10:04:00.100Z'],
  ['', ''],
  ['007.10', '007.10'],
  ['10.0.0.10', '10.0.0.10'],
  ['1e10', '1e10'],
  ['0.12345678901234567890', '0.12345678901234567890'],
  ['Tree', 'Tree'],
  ['2026-11-21 is a day', '2026-11-21 is a day'],
])('spells %j as %j', (text, right) => {
  expect(spelledInColumn('x', null, text)).toEqual(['x', null, right]);
});

it('looks at every value that its type says more than one spelling of', () => {
  const piece = fc.constantFrom(
    '0',
    '1',
    '.',
    '-',
    'T',
    'true',
    'FALSE',
    '2026-11-21',
    ':00',
    '+01:00',
    'Z',
    'e5',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 7 }), (pieces) => {
      const bytes = Buffer.from(pieces.join(''));
      const text = bytes.toString();
      expect(spelledInColumn(text)).toEqual([spelled(text, typeOf(bytes, 0, bytes.length, DIGITS))]);
    }),
    { numRuns: 2000 },
  );
});
