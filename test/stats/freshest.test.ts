import { expect, it } from 'vitest';
import { freshest, type Told } from '../../src/stats/freshest.ts';

const HOUR = 3_600_000;

/** A row with its times in hours. */
const told = (window: string, start: number, end: number, last?: number): Told => ({
  ...{ window, start: start * HOUR, end: end * HOUR },
  lastTime: last === undefined ? undefined : last * HOUR,
});

/** Half past ten and half a second, in hours. */
const WITH_PART = 10.5 + 0.5 / 3600;

it.each([
  ['the newest start', [told('1d', 0, 24), told('1h', 10, 11), told('1h', 9, 10)], 1],
  ['of the same start the first end', [told('1d', 0, 24), told('1h', 0, 1)], 1],
  ['of the same end the shortest', [told('1d', 0, 24), told('1h', 23, 24)], 1],
  ['the last reading, where a row says when it was', [told('1d', 0, 24, 12), told('1h', 10, 11)], 0],
  ['of the same reading the first end', [told('1d', 0, 24, 10.5), told('1h', 10, 11, 10.5)], 1],
  [
    'the first end, where a part of a second is lost',
    [told('1d', 0, 24, WITH_PART), told('1h', 10, 11, 10.5)],
    1,
  ],
  ['a later reading, though it is of the same hour', [told('1d', 0, 24, 10.9), told('1h', 10, 11, 10.5)], 0],
  [
    'the last reading that is told, though another may have it',
    [told('1d', 0, 24, 10.9), told('1h', 10, 11)],
    0,
  ],
  ['the end of what is no length', [told('1h', 10, 11), told('all', 2, 10.5)], 1],
  ['what began after that', [told('1h', 10, 11), told('all', 2, 9.9)], 0],
])('the freshest row is that with %s', (_, rows, at) => {
  expect(freshest(rows, (row) => row)).toBe(rows[at]);
  expect(freshest(rows.toReversed(), (row) => row)).toBe(rows[at]);
});

it('there is none without rows', () => {
  expect(freshest<Told>([], (row) => row)).toBeUndefined();
});
