import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitFields } from '../../src/lines/csv.ts';
import type { Line, Rejection } from '../../src/lines/line.ts';
import { type Interpreter, RecordReader } from '../../src/lines/record-reader.ts';

interface Row {
  readonly fields: string[];
}

/** A row has two fields or more. */
const interpreter: Interpreter<Row> = {
  begin() {},
  interpret(text): Row | Rejection {
    const fields = splitFields(text, ',');
    if (fields === undefined) return { kind: 'malformed', detail: 'bad quotes' };
    return fields.length < 2 ? { kind: 'short', detail: 'too short' } : { fields };
  },
};

function read(text: string, isLeftOut = (_number: number) => false) {
  const rejected: string[] = [];
  const rows: { fields: string[]; number: number }[] = [];
  const reader = new RecordReader(
    interpreter,
    ({ fields }, { number }) => rows.push({ fields, number }),
    ({ number }, { detail }) => rejected.push(`${number}: ${detail}`),
  );
  const lines = text
    .split('\n')
    .map((line, at): Line => ({ text: line, source: 'f', number: at + 1, torn: false }));
  for (const line of lines) if (!isLeftOut(line.number)) reader.take(line);
  reader.end();
  return { fields: rows.map(({ fields }) => fields), places: rows.map(({ number }) => number), rejected };
}

describe('RecordReader', () => {
  it('gives back what was written as CSV', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é'), maxLength: 8 });
    const records = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(records, (written) => {
        expect(read(stringify(written).slice(0, -1))).toMatchObject({ fields: written, rejected: [] });
      }),
    );
  });

  it('names the first line of a record', () => {
    expect(read('a,b\n"x\n\ny",1\nz,2').places).toEqual([1, 2, 5]);
  });

  it.each([
    ['"a,1\nb,2\nc,3', '1: quote is not closed: "\\"a,1"'],
    ['"a,1\n"b",2\nb,2\nc,3', '1: quote is not closed: "\\"a,1"'],
    ['"a"x,1\nb,2\nc,3', '1: bad quotes'],
    ['a"x",1\nb,2\nc,3', '1: bad quotes'],
  ])('loses one line to bad quotes: %j', (text, reason) => {
    const { fields, rejected } = read(text);
    expect(rejected).toEqual([reason]);
    expect(fields.slice(-2)).toEqual([
      ['b', '2'],
      ['c', '3'],
    ]);
  });

  it('loses one line to each of two quotes, and none between them', () => {
    const { fields, rejected } = read('"a,1\nb,2\nc,3\n"d,4\ne,5');
    expect(rejected).toHaveLength(2);
    expect(fields).toEqual([
      ['b', '2'],
      ['c', '3'],
      ['e', '5'],
    ]);
  });

  it('loses one line to a quote that stays open for very long', () => {
    const { fields, rejected } = read(`"a,1\n${'b,2\n'.repeat(999)}b,2`);
    expect(rejected).toHaveLength(1);
    expect(fields).toHaveLength(1000);
  });

  it('takes a record of a mebibyte, and loses one line to a longer one', () => {
    const record = (length: number) =>
      `"${'x'.repeat(1 << 19)}\n${'y'.repeat(length - (1 << 19) - 5)}",1\nb,2`;
    expect(read(record(1 << 20)).rejected).toEqual([]);
    const { fields, rejected } = read(record((1 << 20) + 1));
    expect(rejected).toEqual([
      '1: record is longer than 1048576 bytes',
      expect.stringMatching(/^2: quote is not closed/),
    ]);
    expect(fields).toEqual([['b', '2']]);
  });

  it('does not put lines together between which one is missing', () => {
    const { fields, rejected } = read('"a\nb\nc",1\nd,2', (number) => number === 2);
    expect(rejected).toEqual(['1: quote is not closed: "\\"a"', '3: quote is not closed: "c\\",1"']);
    expect(fields).toEqual([['d', '2']]);
  });
});
