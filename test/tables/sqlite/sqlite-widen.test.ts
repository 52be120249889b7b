import { DatabaseSync } from '@photostructure/sqlite';
import { expect, it } from 'vitest';
import type { ColumnType } from '../../../src/tables/input/column-type.ts';
import { addStatement, createStatement, findColumns } from '../../../src/tables/sqlite/sqlite-columns.ts';
import { defineFunctions } from '../../../src/tables/sqlite/sqlite-functions.ts';
import { holdsLong, widenColumns } from '../../../src/tables/sqlite/sqlite-widen.ts';

/** A table `t` with a column of each type, and one row. */
function opened(...more: string[]) {
  const database = new DatabaseSync(':memory:');
  defineFunctions(database);
  const types: ColumnType[] = ['integer', 'decimal', 'boolean', 'timestamp', 'text'];
  const columns = types.map((type) => ({ name: type, type }));
  database.exec(createStatement('t', columns, ['integer']));
  database.exec(`INSERT INTO t VALUES (7, 1.5, 1, '2026-11-21T10:04:00Z', 'x')`);
  for (const sql of more) database.exec(sql);
  const row = (sql = 'SELECT * FROM t') => Object.values(database.prepare(sql).get() ?? {});
  return { database, row };
}

it('converts values to text as they were written', () => {
  const { database, row } = opened();
  const names = ['integer', 'decimal', 'boolean', 'timestamp'];
  widenColumns(database, 't', new Map(names.map((name) => [name, 'text'])));
  expect(findColumns(database, 't')?.map(({ type }) => type)).toEqual(Array(5).fill('text'));
  expect(row()).toEqual(['7', '1.5', 'true', '2026-11-21T10:04:00Z', 'x']);
  expect(row("SELECT name FROM pragma_table_info('t') WHERE pk = 1")).toEqual(['integer']);
});

it('makes decimals of whole numbers, and knows those that a double would round', () => {
  const { database, row } = opened();
  expect(holdsLong(database, 't', 'integer')).toBe(false);
  widenColumns(database, 't', new Map([['integer', 'decimal']]));
  expect(row('SELECT typeof("integer") FROM t')).toEqual(['real']);
  for (const long of ['9007199254740993', '-9223372036854775808'])
    expect(holdsLong(opened(`UPDATE t SET "integer" = ${long}`).database, 't', 'integer')).toBe(true);
});

it.each([
  ['1.5', '1.5'],
  ['7', '7'],
  ['-0.0', '0'],
  ['1e15', '1000000000000000'],
  ['0.00000012', '0.00000012'],
  ['1.5e-300', `0.${'0'.repeat(299)}15`],
  ['99999999999999.9', '99999999999999.9'],
  ['72.09160609999998', '72.09160609999998'],
  ['0.30000000000000004', '0.30000000000000004'],
])('gives the decimal %s the spelling of text', (number, text) => {
  const { database, row } = opened(`UPDATE t SET "decimal" = '${number}'`);
  widenColumns(database, 't', new Map([['decimal', 'text']]));
  expect(row('SELECT "decimal" FROM t')).toEqual([text]);
});

it('refuses (69) a table that others refer to, whose rows would be gone for a moment', () => {
  const { database, row } = opened(
    'CREATE TABLE child (i REFERENCES t ("integer") ON DELETE CASCADE)',
    'INSERT INTO child VALUES (7)',
  );
  expect(() => widenColumns(database, 't', new Map([['decimal', 'text']]))).toThrow(
    'other tables refer to it',
  );
  expect(row('SELECT count(*) FROM child')).toEqual([1]);
});

it('keeps added columns, indexes and triggers', () => {
  const { database, row } = opened(
    addStatement('t', { name: 'new, "one"', type: 'integer' }),
    'CREATE INDEX i ON t (text)',
    'CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END',
  );
  widenColumns(database, 't', new Map([['decimal', 'text']]));
  expect(findColumns(database, 't')?.at(-1)).toEqual({ name: 'new, "one"', type: 'integer' });
  expect(row(`SELECT count(*) FROM sqlite_schema WHERE name IN ('i', 'r')`)).toEqual([2]);
});

it.each(['CREATE TABLE other (a INT)', 'CREATE TABLE other (\n  "a" INTEGER CHECK (a > 0)\n)'])(
  'refuses (69) a table that load-rows has not created: %s',
  (sql) => {
    const { database } = opened(sql);
    expect(() => widenColumns(database, 'other', new Map([['a', 'text']]))).toThrow(
      expect.objectContaining({ status: 69, message: expect.stringContaining('not created by load-rows') }),
    );
  },
);
