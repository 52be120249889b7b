import { expect, it } from 'vitest';
import { didYouMean, editDistance, nearestWord, notOneOf } from '../../src/lines/nearest.ts';

it.each([
  ['', '', 0],
  ['retries', 'retries', 0],
  ['retires', 'retries', 1],
  ['overlp', 'overlap', 1],
  ['overlaps', 'overlap', 1],
  ['averlap', 'overlap', 1],
  ['', 'abc', 3],
  ['ca', 'abc', 3],
  ['kitten', 'sitting', 3],
])('%j is %3$d edits from %j', (one, other, distance) => {
  expect(editDistance(one, other)).toBe(distance);
  expect(editDistance(other, one)).toBe(distance);
});

it('finds the word that was meant, whatever its case, and none that is far away', () => {
  const known = ['overlap', 'timeout', 'retries', 'grace'];
  expect(nearestWord('Retrys', known)).toBe('retries');
  expect(nearestWord('time-out', known)).toBe('timeout');
  expect(nearestWord('command', known)).toBeUndefined();
  expect(nearestWord('x', ['y', 'zz'])).toBeUndefined();
  expect(didYouMean('timout', known)).toBe('; did you mean "timeout"?');
  expect(didYouMean('colour', known)).toBe('');
  expect(notOneOf('x\n', ['y', 'zz'])).toBe('not one of y, zz: "x\\n"');
  expect(notOneOf('zy', ['y', 'zz'])).toBe('not one of y, zz: "zy"; did you mean "y"?');
});
