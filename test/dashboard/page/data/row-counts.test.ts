import { expect, it } from 'vitest';
import { countText, storedRows } from '../../../../src/dashboard/page/data/row-counts.ts';
import { hours, row } from '../page-rows.ts';

const isHot = ({ max }: { readonly max: number | null }) => (max ?? 0) > 25;

it('rows are counted where each point is one', () => {
  const rows = [...hours(1500), row(0, 1, { max: 26 }), row(1, 2, { max: null })];
  expect([storedRows(rows), countText(rows, isHot), countText(hours(3), isHot)]).toEqual([1502, '1', '']);
  expect(countText(rows, () => true)).toBe('1\u202f502');
});

it('points are counted where one stands for several rows', () => {
  const rows = [...hours(1500), row(0, 1, { max: 26, rows: 5 })];
  expect([storedRows(rows), countText(rows, isHot)]).toEqual([1505, '1 point']);
  expect(countText(rows, () => true)).toBe('1\u202f501 points');
});
