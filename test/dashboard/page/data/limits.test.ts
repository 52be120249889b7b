import { expect, it } from 'vitest';
import { displayOf } from '../../../../src/dashboard/page/data/display-units.ts';
import { isAbove, isBelow, isBeyond, limitsText } from '../../../../src/dashboard/page/data/limits.ts';
import { row } from '../page-rows.ts';

const limits = { min: 5, max: 30 };
const none = { min: undefined, max: undefined };

it('a row is beyond a limit by its maximum or its minimum, and a limit is within', () => {
  const rows = [row(0, 1, { min: 5, max: 30 }), row(0, 1, { max: 30.1 }), row(0, 1, { min: 4.9 })];
  expect(rows.map((each) => [isAbove(each, limits), isBelow(each, limits), isBeyond(each, limits)])).toEqual([
    ...[
      [false, false, false],
      [true, false, true],
      [false, true, true],
    ],
  ]);
  expect(isBeyond(row(0, 1, { min: null, max: null }), limits)).toBe(false);
  expect(isBeyond(row(0, 1, { min: -1e9 }), none)).toBe(false);
});

it('limits are said in the shown unit', () => {
  expect(limitsText(limits, displayOf('°C', 'F'))).toBe('41 to 86 °F');
  expect(limitsText({ min: 21.35, max: 24 }, displayOf('°C', 'F'))).toBe('70.43 to 75.2 °F');
  expect(limitsText({ ...none, max: 0.5 }, displayOf('%', 'C'))).toBe('at most 0.5 %');
  expect(limitsText({ ...none, min: -5 }, displayOf(undefined, 'C'))).toBe('at least −5');
  expect(limitsText({ min: 10, max: 2e6 }, displayOf('B', 'C'))).toBe('10 B to 2.00 MB');
  expect(limitsText(none, displayOf('B', 'C'))).toBe('none');
});
