import { DatabaseSync } from '@photostructure/sqlite';
import { expect, it } from 'vitest';
import type { ColumnType } from '../../../src/tables/input/column-type.ts';
import {
  addStatement,
  createStatement,
  findColumns,
  findKey,
} from '../../../src/tables/sqlite/sqlite-columns.ts';
import { growsLess } from '../../growth.ts';

it.each<[string, ColumnType]>([
  ['INT', 'integer'],
  ['BIGINT UNSIGNED', 'integer'],
  ['CHARINT', 'integer'],
  ['VARCHAR(20)', 'verbatim'],
  ['double precision', 'decimal'],
  ['NUMERIC(10, 2)', 'decimal'],
  ['Boolean', 'boolean'],
  ['DATETIME', 'timestamp'],
  ['DATE', 'verbatim'],
  ['BLOB', 'verbatim'],
  ['', 'verbatim'],
])('takes a column declared %j for %s', (declared, type) => {
  const database = new DatabaseSync(':memory:');
  database.exec(`CREATE TABLE t (a ${declared}, b AS (a))`);
  expect(findColumns(database, 't')).toEqual([{ name: 'a', type }]);
});

it('finds the columns and the key of what it creates', () => {
  const database = new DatabaseSync(':memory:');
  expect([findColumns(database, 't'), findKey(database, 't')]).toEqual([undefined, []]);
  const columns = (['decimal', 'timestamp', 'boolean', 'text', 'verbatim', 'empty'] as const).map((type) => ({
    name: type,
    type,
  }));
  database.exec(createStatement('t', columns, ['text', 'decimal']));
  const added = { name: 'a "b"', type: 'integer' } as const;
  database.exec(addStatement('t', added));
  expect(findColumns(database, 't')).toEqual([...columns, added]);
  expect(findKey(database, 't')).toEqual(['text', 'decimal']);
  expect(() => database.exec('INSERT INTO t (text) VALUES (1)')).toThrow('NOT NULL');
});

it('finds no type of its own in a table that others created', () => {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE t (a TEXT DEFAULT NULL, b DEFAULT NULL, c TEXT)');
  expect(findColumns(database, 't')?.map(({ type }) => type)).toEqual(Array(3).fill('verbatim'));
});

it('reads a statement of any spelling in a time that grows with its length', async () => {
  const make = (length: number) => {
    const database = new DatabaseSync(':memory:');
    database.exec(`CREATE TABLE t (a ${' '.repeat(length)}TEXT)`);
    return database;
  };
  const work = (database: InstanceType<typeof DatabaseSync>) => findColumns(database, 't');
  expect(await growsLess({ make, work, length: 1 << 13 }, 9)).toBe(true);
});
