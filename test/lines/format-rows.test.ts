import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Column, formatRows, type Row, type RowFormat } from '../../src/lines/format-rows.ts';

const columns: Column[] = [
  { name: 'sensor', type: 'text' },
  { name: 'end', type: 'text' },
  { name: 'count', type: 'number' },
  { name: 'avg', type: 'number' },
];

async function format(batches: (Row[] | Buffer)[], how: RowFormat, shape = columns): Promise<string> {
  const source = async function* () {
    yield* batches;
  };
  let text = '';
  for await (const piece of formatRows(source(), shape, how)) text += piece;
  return text;
}

const rows: Row[] = [
  ['attic', '2026-11-21T11:00:00Z', '60', '21.350'],
  ['', '', '7', ''],
];

async function* batchOf(batch: Row[]) {
  yield batch;
}

describe('formatRows', () => {
  it('gives nothing for no rows, not even a header', async () => {
    for (const how of ['csv', 'json', 'table', 'live-table'] as const) {
      expect(await format([], how)).toBe('');
      expect(await format([[], []], how)).toBe('');
    }
  });

  it('writes CSV with one header', async () => {
    const text = 'sensor,end,count,avg\nattic,2026-11-21T11:00:00Z,60,21.350\n,,7,\n';
    expect(await format([rows], 'csv')).toBe(text);
    expect(await format([[], ...rows.map((row) => [row]), []], 'csv')).toBe(text);
  });

  it('writes NDJSON in which numbers keep their digits and what is missing is null', async () => {
    expect(await format([rows], 'json')).toBe(
      '{"sensor":"attic","end":"2026-11-21T11:00:00Z","count":60,"avg":21.350}\n' +
        '{"sensor":"","end":null,"count":7,"avg":null}\n',
    );
  });

  it('aligns numbers to the right and text to the left', async () => {
    expect(await format([[...rows, ['Küche 🌡', '', '100000', '0']]], 'table')).toBe(
      [
        'sensor   end                    count     avg',
        'attic    2026-11-21T11:00:00Z      60  21.350',
        '                                    7',
        'Küche 🌡                        100000       0',
        '',
      ].join('\n'),
    );
  });

  it('shows more rows beside a very long name than fit into a string', async () => {
    const row = ['s', '', '1', '21.5'];
    const many: Row[] = [...Array.from({ length: 8300 }, () => row), ['x'.repeat(1 << 16), ...row.slice(1)]];
    let length = 0;
    for await (const piece of formatRows(batchOf(many), columns, 'live-table')) length += piece.length;
    // With the header.
    expect(length).toBe((many.length + 1) * ((1 << 16) + '  end  count   avg\n'.length));
  });

  it('shows the rows of a live table at once, each column as wide as it ever was', async () => {
    const pieces: string[] = [];
    const batches = async function* () {
      yield [];
      for (const name of ['attic', 'Küche 🌡', 'b']) yield [[name, '', '7', '1']];
      expect(pieces.length).toBe(3);
    };
    for await (const piece of formatRows(batches(), columns, 'live-table')) pieces.push(piece);
    expect(pieces.join('')).toBe(
      [
        'sensor  end  count  avg',
        'attic            7    1',
        'Küche 🌡           7    1',
        'b                 7    1',
        '',
      ].join('\n'),
    );
  });

  it('aligns rows that are CSV already as it aligns others', async () => {
    const all: Row[] = [
      ['attic', '2026-11-21T11:00:00Z', '60', '21.350'],
      ['Küche 🌡', '', '7', ''],
      ['a\u007f\u0085b', '', '', '-1'],
    ];
    const csv = all.map((row) => Buffer.from(`${row.join(',')}\n`));
    const [first = Buffer.alloc(0), ...others] = csv;
    const expected = await format([all], 'table');
    expect(await format([[...all.slice(0, 1)], Buffer.concat(others)], 'table')).toBe(expected);
    expect(await format([first, all.slice(1)], 'table')).toBe(expected);
  });

  it('shows control characters of a name as what they are, on a terminal', async () => {
    expect(await format([[['\u001b[2Ja\nb', 'x', '1', '2']]], 'table')).toBe(
      'sensor   end  count  avg\n\ufffd[2Ja\ufffdb  x        1    2\n',
    );
  });

  it('quotes what needs it in every column that is not said to be plain', async () => {
    const good = ['a', 'b', '1', '2'];
    for (const at of good.keys())
      for (const text of ['1,5', '1"', '1\n5', '{1'])
        expect(parse(await format([[good, good.with(at, text)]], 'csv'), { from: 3 })).toEqual([
          good.with(at, text),
        ]);
    const plain: Column[] = columns.map((column) => ({ ...column, isPlain: true }));
    expect(await format([[['a', 'b', '1', '2']]], 'csv', plain)).toBe('sensor,end,count,avg\na,b,1,2\n');
  });

  it('writes CSV and JSON that read back as they were', async () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\r', ''));
    const row = fc.tuple(name, name, fc.nat().map(String), fc.nat().map(String));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async (some) => {
        expect(parse(await format([some], 'csv'), { from: 2, relax_column_count: true })).toEqual(some);
        const lines = (await format([some], 'json')).trimEnd().split('\n');
        expect(lines.map((line) => JSON.parse(line).sensor)).toEqual(some.map(([sensor]) => sensor));
      }),
    );
  });
});
