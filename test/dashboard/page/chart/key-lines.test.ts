import { expect, it } from 'vitest';
import { inLines } from '../../../../src/dashboard/page/chart/key-lines.ts';

const laid = (keys: readonly string[], width: number) =>
  inLines(keys, ({ length }) => length * 10, width).map((line) =>
    line.map(({ key, left }) => `${key} ${left}`),
  );

it('keys stand beside each other, and begin another line where there is no more room', () => {
  const keys = ['attic', 'cellar', 'roof'];
  expect(laid(keys, 1000)).toEqual([['attic 0', 'cellar 50', 'roof 110']]);
  expect(laid(keys, 110)).toEqual([['attic 0', 'cellar 50'], ['roof 0']]);
  expect(laid(keys, 109)).toEqual([['attic 0'], ['cellar 0', 'roof 60']]);
});

it('a key that is too long has a line of its own, and no keys have none', () => {
  expect(laid(['long', 'y'], 20)).toEqual([['long 0'], ['y 0']]);
  expect(laid([], 100)).toEqual([]);
});
