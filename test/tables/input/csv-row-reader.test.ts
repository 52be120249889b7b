import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { read } from './reading.ts';

const field = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é', '🌡', '7', '{') }),
  fc.constantFrom('', '0', '"', '""', '\r\n', 'x"y'),
);

describe('CsvRowReader', () => {
  it('is read as it was written, however it is cut', async () => {
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1 }));
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (rows, chunk) => {
        const header = rows[0]?.map((_, at) => `c${at}`) ?? [];
        const text = stringify([header, ...rows], { quoted_empty: true });
        const { rows: got, rejected } = await read(text, { chunk, types: textOf(header) });
        expect(rejected).toEqual([]);
        expect(got).toEqual(rows);
      }),
      { numRuns: 300 },
    );
  });

  it('loses no line of broken input, and takes none twice', async () => {
    const piece = fc.constantFrom(
      'a,b\n',
      'c,"d\n',
      '"e",f\n',
      '\n',
      'g\n',
      '"h""i","j\nk"\n',
      'l"m,n\n',
      '"o"p,q\n',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece), fc.integer({ min: 1, max: 9 }), async (pieces, chunk) => {
        const text = `x,y\n${pieces.join('')}`;
        const [one, other] = [await read(text, { chunk }), await read(text)];
        expect(one).toEqual(other);
        const breaks = one.rows.flat().join('').split('\n').length - 1;
        const blank = text.split('\n').filter((line) => line === '').length - 1;
        expect(1 + one.rows.length + breaks + one.rejected.length + blank).toBeGreaterThanOrEqual(
          text.split('\n').length - 1,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('knows null from empty text', async () => {
    expect((await read('a,b,c\n,"",x\n')).rows).toEqual([[null, '', 'x']]);
  });

  it.each([
    ['too few fields', 'a,b\n1\n2,3\n', ['2: row has 1 field, its header 2']],
    ['too many fields', 'a,b\n1,2,3\n2,3\n', ['2: row has 3 fields, its header 2']],
    ['a quote in the middle', 'a,b\n1,x"y\n2,3\n', ['2: quotes do not match: "1,x\\"y"']],
    ['a quote that never closes', 'a,b\n1,"x\n2,3\n', ['2: quotes do not match: "1,\\"x"']],
    ['a NUL', 'a,b\n1,\0\n2,3\n', ['2: row has a NUL']],
    ['half a last line', 'a,b\n2,3\n4', ['3: last line is incomplete: "4"']],
  ])('rejects %s, and uses the others', async (_, input, rejected) => {
    expect(await read(input)).toMatchObject({ rows: [['2', '3']], rejected });
  });

  it('rejects what is not UTF-8', async () => {
    const input = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.of(0xff), Buffer.from('\n2,3\n')]);
    expect(await read(input)).toMatchObject({
      rows: [['2', '3']],
      rejected: ['2: row is not UTF-8'],
    });
  });

  it('rejects lines beyond a megabyte, wherever they are cut', async () => {
    const input = `a,b\n${'x'.repeat(3_000_000)},y\n2,3\n${'"z\n'.repeat(500_000)}`;
    for (const chunk of [1 << 16, 1 << 23]) {
      const { rows, rejected } = await read(input, { chunk });
      expect(rows).toEqual([['2', '3']]);
      expect(rejected[0]).toBe('2: line is longer than 1048576 bytes');
      expect(rejected).toHaveLength(500_001);
    }
  });

  it('takes a record of a megabyte or a hundred lines, and of a larger one loses the first line, wherever it is cut', async () => {
    const half = 1 << 19;
    const long = (length: number) => `"${'x'.repeat(half)}\n${'y'.repeat(length - half - 5)}",1\n`;
    const lines = (count: number) => `"${'x\n'.repeat(count - 1)}",1\n`;
    for (const [record, rows, first] of [
      [long(1 << 20), 2, undefined],
      [long((1 << 20) + 1), 1, '2: record is longer than 1048576 bytes'],
      [lines(100), 2, undefined],
      [lines(101), 1, '2: quotes do not match: "\\"x"'],
    ] as const)
      for (const chunk of [1 << 16, 1 << 22]) {
        const result = await read(`name,number\n${record}b,2\n`, { chunk, maxRows: 1 });
        expect([result.rows.length, result.rows.at(-1), result.rejected[0]]).toEqual([
          rows,
          ['b', '2'],
          first,
        ]);
      }
  });

  it('counts blank lines before a first line that is too long', async () => {
    const { rows, rejected } = await read(`\n\n${'x'.repeat((1 << 20) + 1)}\na,b\n1\n2,3\n`);
    expect(rejected).toEqual(['3: line is longer than 1048576 bytes', '5: row has 1 field, its header 2']);
    expect(rows).toEqual([['2', '3']]);
  });

  it('reads lines that all end in a delimiter, like their header', async () => {
    expect(await read('a,b,,\n1,2,,\r\n"x\ny","z",,\n3,4,,5\n6,7\n8,9,,""\n')).toMatchObject({
      header: ['a', 'b'],
      rows: [
        ['1', '2'],
        ['x\ny', 'z'],
        ['8', '9'],
      ],
      rejected: ['5: row has a value in a column without a name', '6: row has 2 fields, its header 4'],
    });
  });

  it('leaves no type of a rejected row behind', async () => {
    const types = new Map([['n', 'integer' as const]]);
    expect(await read('a,n\n1,1\nx,y\n', { types })).toMatchObject({ types: ['integer', 'integer'] });
  });

  it('leaves out a header in the middle, and blank lines', async () => {
    expect(await read('\n\na,b\n1,2\n\na,b\n3,4\n')).toMatchObject({
      rows: [
        ['1', '2'],
        ['3', '4'],
      ],
      rejected: [],
    });
  });

  it('takes a BOM and CRLF off', async () => {
    expect(await read('\ufeffa,b\r\n1,"2"\r\n,x\r\n', { chunk: 1 })).toMatchObject({
      header: ['a', 'b'],
      rows: [
        ['1', '2'],
        [null, 'x'],
      ],
    });
  });

  it.each([
    ['a,,c\n', 'input:1: column 2 has no name'],
    [',,\n', 'input:1: column 1 has no name'],
    ['a,b\r1,2\r3,4\r', `input:1: lines end in carriage returns: "b\\r1"; convert them with tr '\\r' '\\n'`],
    [`${'a,'.repeat(10_001)}a\n`, 'input:1: 10002 columns, and a table has at most 2000'],
    [
      `${Array.from({ length: 2500 }, (_, at) => `c${at}`).join()}\n`,
      'input:1: 2500 columns, and a table has at most 2000',
    ],
    ['a,a\n', 'input:1: two columns are named "a"'],
    ['\nA,a\n', 'input:2: column names differ only in case: "A", "a"'],
    ['a,"b\n', 'input:1: not a header: "a,\\"b"'],
  ])('refuses the header %j', async (input, message) => {
    await expect(read(`${input}1,2\n`)).rejects.toThrow(message);
  });
});

function textOf(names: readonly string[]) {
  return new Map(names.map((name) => [name, 'text' as const]));
}
