import { describe, expect, it } from 'vitest';
import { foldByKey, RowSet, toCsv } from '../../../src/tables/bigquery/row-set.ts';
import { batchOf } from '../batch-of.ts';

describe('rows of several batches', () => {
  it('have all columns that any of them has, whatever the case of their names', () => {
    const set = new RowSet();
    set.add(batchOf([['1', null]], ['n', 's'], ['integer', 'empty']));
    set.add(batchOf([['x', '2.5']], ['S', 'd'], ['text', 'decimal']));
    expect([set.names, set.types]).toEqual([
      ['n', 's', 'd'],
      ['integer', 'text', 'decimal'],
    ]);
    expect([...set.rows()]).toEqual([
      ['1', null, undefined],
      [undefined, 'x', '2.5'],
    ]);
    expect([...set.rows(1, 2)]).toEqual([[undefined, 'x', '2.5']]);
    expect([set.length, ...set.rows(0, 1)]).toEqual([2, ['1', null, undefined]]);
    expect(toCsv(set.rows(), 3).parts.join('')).toBe('110,"1",,\n011,,"x","2.5"\n');
  });

  it('with one key are one, with what the last of them mentions', () => {
    const rows = [
      ['1', 'a', undefined],
      ['2', 'b', 'c'],
      ['1.0', undefined, null],
      ['2', null, undefined],
    ];
    expect([...foldByKey(rows, [0], ['decimal', 'text', 'text'])]).toEqual([
      ['1.0', 'a', null],
      ['2', null, 'c'],
    ]);
    expect([...foldByKey(rows, [0], ['verbatim', 'text', 'text'])]).toHaveLength(3);
    const others = [
      ['a', 'b,c'],
      ['a,b', 'c'],
    ];
    expect([...foldByKey(others, [0, 1], ['text', 'text'])]).toEqual(others);
  });

  it('are CSV that keeps NULL from empty text, and says what is special in it', () => {
    expect(toCsv([['', null, 'a "b"']], 3)).toEqual({
      parts: [Buffer.from('111,"",,"a ""b"""\n')],
      options: {},
    });
    expect(toCsv([['a\r\nb']], 1).options).toEqual({ allowQuotedNewlines: true });
    const many = [...Array(1200).fill(['a']), ['\n']];
    expect(toCsv(many, 1).parts.join('')).toBe(`${'1,"a"\n'.repeat(1200)}1,"\n"\n`);
    expect(toCsv(many, 1).options).toEqual({ allowQuotedNewlines: true });
    expect(toCsv([['\v']], 1).options).toEqual({ preserveAsciiControlCharacters: true });
  });
});
