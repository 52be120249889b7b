import { expect, it } from 'vitest';
import type { StatsRow } from '../../src/readings/stats-row.ts';
import { fitRows } from '../../src/stores/fit-rows.ts';
import { HEADER, hourly, statsRow } from './rows.ts';

const OWN = HEADER.split(',');
const names = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `c${from + at}`);
const row = (...further: string[]): StatsRow => ({
  ...statsRow(hourly('attic', 0)),
  extra: new Map(further.map((name) => [name, '1'])),
});

function fitted(columns: readonly string[], foldsCase: boolean, ...rows: StatsRow[]) {
  const { fitting, refused } = fitRows({ address: 'store', columns, foldsCase }, rows);
  return [
    fitting.map((each) => rows.indexOf(each)),
    refused.map(({ row, failure }) => [rows.indexOf(row), failure.message]),
  ];
}

it('rows fit as long as all columns together are not too many', () => {
  const wide = 'store: it would have 257 columns, more than 256';
  expect(fitted([...OWN, ...names(0, 247)], true, row('c1'), row('new'), row('C2'))).toEqual([[0, 1, 2], []]);
  expect(fitted([...OWN, ...names(0, 247)], true, row('a'), row('b'), row('a', 'c0'), row('b'))).toEqual([
    [0, 2],
    [
      [1, wide],
      [3, wide],
    ],
  ]);
  expect(fitted([], true, row(...names(0, 248)), row('a'))).toEqual([[0], [[1, wide]]]);
});

it('a store in which case matters cannot have two names that differ only in it', () => {
  expect(fitted([...OWN, 'p95'], true, row('P95'))).toEqual([[0], []]);
  expect(fitted([...OWN, 'p95'], false, row('P95'), row('p95'))).toEqual([
    [1],
    [[0, 'store: columns "p95" and "P95" have the same name']],
  ]);
});

it('a number that a database would make infinite costs its own row', () => {
  const huge = '9'.repeat(309);
  const rows = [
    row('fine'),
    { ...row(), max: huge },
    { ...row(), extra: new Map([['var', '-1e309']]) },
    {
      ...row(),
      min: `-${'9'.repeat(308)}`,
      extra: new Map([
        ['note', 'x'.repeat(400)],
        ['other', 'e999'],
      ]),
    },
    { ...row(), avg: `0.${'0'.repeat(400)}1` },
  ];
  const divide = (hasDoubles: boolean) =>
    fitRows({ address: 'store', columns: [], foldsCase: true, hasDoubles }, rows);
  expect(divide(false).refused).toEqual([]);
  const { fitting, refused } = divide(true);
  expect(fitting).toEqual([rows[0], rows[3], rows[4]]);
  expect(refused.map(({ failure }) => failure.message)).toEqual([
    'store: max is too large for a number in the database',
    'store: var is too large for a number in the database',
  ]);
});
