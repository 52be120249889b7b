import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseTime } from '../../src/readings/time.ts';
import { findTable, outermostEnds, readPage } from '../../src/stores/sqlite-rows.ts';

const ENDS = ['10:00:00Z', '10:00:00.5Z', '10:00:01Z', '10:00:01.25Z'];

const KEY = { sensor: 'attic', window: '1h' };

/** A table of rows that end then, on 2026-01-01. */
function opened(ends: readonly string[]) {
  const database = new DatabaseSync(':memory:');
  onTestFinished(() => database.close());
  database.exec(
    'CREATE TABLE stats (sensor, window, start, "end", count, min, max, avg, PRIMARY KEY (sensor, window, "end"))',
  );
  const insert = database.prepare(`INSERT INTO stats VALUES ('attic', '1h', NULL, ?, 1, 1, 1, 1)`);
  for (const end of ends) insert.run(`2026-01-01T${end}`);
  const table = findTable(database);
  if (table === undefined) throw new Error('no table');
  return table;
}

function at(text: string): number {
  return parseTime(`2026-01-01T${text}`) ?? Number.NaN;
}

function times(rows: readonly { readonly end: string }[]): string[] {
  return rows.map(({ end }) => end.slice('2026-01-01T'.length));
}

describe('findTable', () => {
  it('finds none in an empty database', () => {
    const database = new DatabaseSync(':memory:');
    onTestFinished(() => database.close());
    expect(findTable(database)).toBeUndefined();
  });
});

describe('readPage', () => {
  const series = { sensor: 'attic', window: '1h' };

  it('gives the rows within seconds in the order of time, whatever that of their texts', () => {
    const table = opened(ENDS.toReversed());
    const all = { ...series, from: -Infinity, to: Infinity };
    expect(readPage(table, all, '')).toMatchObject({ next: undefined });
    expect(times(readPage(table, all, '').rows)).toEqual(ENDS);
  });

  it.each([
    ['10:00:00Z', '10:00:01Z', ENDS.slice(0, 2)],
    ['10:00:00.5Z', '10:00:01Z', ENDS.slice(1, 2)],
    ['10:00:00.001Z', '10:00:01.001Z', ENDS.slice(1, 3)],
    ['10:00:00Z', '10:00:00.5Z', ENDS.slice(0, 1)],
    ['10:00:01.25Z', '10:00:02Z', ENDS.slice(3)],
    ['10:00:01.26Z', '10:00:02Z', []],
  ])('gives the rows that end from %s and before %s', (from, to, expected) => {
    const { rows } = readPage(opened(ENDS), { ...series, from: at(from), to: at(to) }, '');
    expect(times(rows)).toEqual(expected);
  });

  it('ends a page at a whole second, at which the next one begins', () => {
    const second = (number: number) => new Date(number * 1000).toISOString().slice(11, 19);
    const ends = Array.from({ length: 1200 }, (_, number) => [
      `${second(number)}Z`,
      `${second(number)}.5Z`,
    ]).flat();
    const table = opened(ends);
    const all = { ...series, from: -Infinity, to: Infinity };
    const first = readPage(table, all, '');
    const following = readPage(table, all, first.next ?? '');
    expect([first.next, following.next]).toEqual(['2026-01-01T00:16:39', undefined]);
    expect(times([...first.rows, ...following.rows])).toEqual(ends);
  });
});

describe('outermostEnds', () => {
  it('gives the first or the last ends, in the order of time', () => {
    const table = opened(['11:00:00Z', '10:00:00.5Z', '09:00:00Z', '10:00:00Z']);
    const ends = (side: 'first' | 'last', most: number) =>
      outermostEnds(table, side, most)(KEY).map((end) => end.slice(11));
    expect(ends('first', 1)).toEqual(['09:00:00Z']);
    expect(ends('last', 3)).toEqual(['10:00:00Z', '10:00:00.5Z', '11:00:00Z']);
    expect(outermostEnds(table, 'last', 2)({ ...KEY, window: 'all' })).toEqual([]);
  });
});

describe('findTable', () => {
  const COLUMNS = 'sensor, window, start, "end", count, min, max, avg';
  const ENDLESS =
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) ` +
    `SELECT 'a' AS sensor, '1h' AS window, NULL AS start, i AS "end", 1 AS count, 1 AS min, 1 AS max, 1 AS avg FROM n`;
  const found = (...statements: string[]) => {
    const database = new DatabaseSync(':memory:');
    onTestFinished(() => database.close());
    for (const statement of statements) database.exec(statement);
    return findTable(database);
  };

  it.each([
    ['"stats" is not a table: view', [`CREATE VIEW stats AS ${ENDLESS}`]],
    ['"stats" is not a table: view', [`CREATE VIEW Stats AS ${ENDLESS}`]],
    ['"stats" is not a table: virtual', [`CREATE VIRTUAL TABLE stats USING fts5(${COLUMNS})`]],
    [
      'its table "stats" lacks column "avg"',
      ['CREATE TABLE stats (sensor, window, start, "end", count, min, max)'],
    ],
    [
      'its table "stats" lacks column "avg"',
      [
        'CREATE TABLE stats (sensor, window, start, "end", count, min, max, avg AS (hex(zeroblob(900000000))))',
      ],
    ],
    [
      'its table "stats" has 257 columns, more than 256',
      [`CREATE TABLE stats (${COLUMNS}, ${Array.from({ length: 249 }, (_, at) => `c${at}`)})`],
    ],
  ])('refuses (69): %s', (message, statements) => {
    expect(() => found(...statements)).toThrow(expect.objectContaining({ status: 69, message }));
  });

  it('finds a table among others, whatever their names', () => {
    const table = found(
      'CREATE TABLE pragma_table_list (type, wr)',
      'CREATE TABLE "stats " (a)',
      `CREATE TABLE stats (${COLUMNS}, RowID, p95, sum AS (avg * count), oid)`,
    );
    expect(table).toMatchObject({ further: ['RowID', 'p95', 'oid'], rowid: '_rowid_' });
    expect(found('CREATE TABLE others (a)')).toBeUndefined();
  });

  it('knows when no name of the rowid is left, and when there are none', () => {
    expect(found(`CREATE TABLE stats (${COLUMNS}, rowid, oid, _rowid_)`)?.rowid).toBeUndefined();
    const without = found(
      `CREATE TABLE stats (${COLUMNS}, PRIMARY KEY (sensor, window, "end")) WITHOUT ROWID`,
    );
    expect(without?.rowid).toBeUndefined();
  });
});
