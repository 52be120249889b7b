import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvRecords } from '../../src/readings/csv-records.ts';

function records(text: string) {
  const rejected: string[] = [];
  const csv = new CsvRecords(({ number }, { detail }) => rejected.push(`${number}: ${detail}`));
  const lines = text
    .split('\n')
    .map((line, at) => ({ text: line, source: 'f', number: at + 1, torn: false }));
  const all = [...lines.flatMap((line) => [...csv.add(line)]), ...csv.end()];
  return { fields: all.map(({ fields }) => fields), places: all.map(({ line }) => line.number), rejected };
}

describe('CSV records', () => {
  it('come back from any text that was written as CSV', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é', '{'), maxLength: 8 });
    const lines = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(lines, (written) => {
        const read = records(stringify(written));
        expect(read).toMatchObject({ fields: written, rejected: [] });
      }),
    );
  });

  it('stand at the place of their first line', () => {
    expect(records('a,b\n\n"x\n\ny",1\nz,2').places).toEqual([1, 3, 6]);
  });

  it.each([
    ['"a,1\nb,2\nc,3', '1: a quote is not closed'],
    ['"a,1\n"b",2\nb,2\nc,3', '1: text after a closing quote'],
    ['"a"x,1\nb,2\nc,3', '1: text after a closing quote'],
    ['a"x",1\nb,2\nc,3', '1: a quote within a field that is not quoted'],
  ])('lose one line to bad quotes: %j', (text, reason) => {
    const { fields, rejected } = records(text);
    expect(rejected).toEqual([reason]);
    expect(fields.slice(-2)).toEqual([
      ['b', '2'],
      ['c', '3'],
    ]);
  });

  it('lose one line to a quote that stays open for very long', () => {
    const { fields, rejected } = records(`"a,1\n${'b,2\n'.repeat(1000)}`);
    expect(rejected).toEqual(['1: a quote is not closed']);
    expect(fields).toHaveLength(1000);
  });
});
