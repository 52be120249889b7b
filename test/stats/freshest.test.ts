import { expect, it } from 'vitest';
import { freshest, type Told } from '../../src/stats/freshest.ts';

const told = (window: string, start: number, end: number, lastTime?: number): Told => ({
  ...{ window, start, end, lastTime },
});

it.each([
  ['the newest start', [told('1d', 0, 24), told('1h', 10, 11), told('1h', 9, 10)], 1],
  ['of the same start the first end', [told('1d', 0, 24), told('1h', 0, 1)], 1],
  ['the last reading, where a row says when it was', [told('1d', 0, 24, 12), told('1h', 10, 11)], 0],
  ['the end of what is no length', [told('1h', 10, 11), told('all', 2, 10.5)], 1],
  ['what began after that', [told('1h', 10, 11), told('all', 2, 9.9)], 0],
])('the freshest row is that with %s', (_, rows, at) => {
  expect(freshest(rows, (row) => row)).toBe(rows[at]);
  expect(freshest(rows.toReversed(), (row) => row)).toBe(rows[at]);
});

it('there is none without rows', () => {
  expect(freshest<Told>([], (row) => row)).toBeUndefined();
});
