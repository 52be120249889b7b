import { expect, it } from 'vitest';
import { moved } from '../../../../../src/dashboard/page/runs/grid/cursor.ts';

const size = { rows: 3, columns: 4 };
const go = (row: number, column: number, key: string) => moved({ row, column }, key, size);

it('keys lead through the grid, and at its sides to other pages', () => {
  expect(go(1, 1, 'ArrowLeft')).toEqual({ row: 1, column: 0 });
  expect(go(1, 0, 'ArrowLeft')).toBe('older');
  expect(go(1, 3, 'ArrowRight')).toBe('newer');
  expect([go(0, 2, 'ArrowUp'), go(2, 2, 'ArrowDown')]).toEqual([
    { row: 0, column: 2 },
    { row: 2, column: 2 },
  ]);
  expect([go(1, 2, 'Home'), go(1, 2, 'End')]).toEqual([
    { row: 1, column: 0 },
    { row: 1, column: 3 },
  ]);
  expect(go(1, 1, 'x')).toBeUndefined();
});
