import { describe, expect, it } from 'vitest';
import { columnsOf, fitColumns, onConflictClause, sqlValues } from '../../src/stores/row-to-sql.ts';
import { HEADER, hourly, statsRow } from './rows.ts';

const OWN = HEADER.split(',');

function stored(...names: string[]) {
  return names.map((name) => ({ name, optional: true }));
}

describe('columnsOf', () => {
  it('is the columns of all rows, further ones last', () => {
    const row = statsRow(hourly('attic', 0));
    expect(columnsOf([{ ...row, extra: new Map([['p95', '1']]) }, row])).toEqual([...OWN, 'p95']);
  });

  it('refuses (65) two names that are the same to SQL', () => {
    const extra = new Map([
      ['p95', '1'],
      ['P95', '2'],
    ]);
    expect(() => columnsOf([{ ...statsRow(hourly('attic', 0)), extra }])).toThrow(
      expect.objectContaining({ status: 65, message: 'columns "p95" and "P95" have the same name' }),
    );
  });
});

describe('fitColumns', () => {
  it('spells columns as the table does, and adds those that it lacks', () => {
    const table = stored(...OWN.map((name) => name.toUpperCase()), 'P95');
    expect(fitColumns(table, [...OWN, 'p95', 'First'])).toEqual({
      targets: [...OWN.map((name) => name.toUpperCase()), 'P95', 'First'],
      added: ['First'],
      erased: [],
    });
  });

  it('erases other columns that may be empty', () => {
    const table = [...stored(...OWN, 'p95'), { name: 'id', optional: false }];
    expect(fitColumns(table, OWN).erased).toEqual(['p95']);
  });

  it('refuses (69) a table of something else', () => {
    expect(() => fitColumns(stored(...OWN.slice(0, -1)), OWN)).toThrow(
      expect.objectContaining({ status: 69, message: 'its table "stats" lacks column "avg"' }),
    );
  });
});

describe('onConflictClause', () => {
  it('sets all columns but the key, and erases the others', () => {
    const targets = ['Sensor', 'window', 'end', 'count', 'a"b'];
    expect(onConflictClause({ targets, added: [], erased: ['p95'] })).toBe(
      'ON CONFLICT ("Sensor", "window", "end") DO UPDATE SET "count" = excluded."count", "a""b" = excluded."a""b", "p95" = NULL',
    );
  });
});

describe('sqlValues', () => {
  it('makes NULL of empty text, except for a sensor', () => {
    expect(sqlValues(['', '1h', '', ' '], ['sensor', 'window', 'start', 'note'])).toEqual([
      '',
      '1h',
      null,
      ' ',
    ]);
  });
});
