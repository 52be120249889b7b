import { expect, it } from 'vitest';
import { createUnchanged } from '../../../../../src/dashboard/page/runs/parts/unchanged.ts';

it('what is the same as before need not be shown again', () => {
  const isUnchanged = createUnchanged();
  const run = {};
  expect(isUnchanged([run, 1])).toBe(false);
  expect(isUnchanged([run, 1])).toBe(true);
  expect(isUnchanged([{}, 1])).toBe(false);
  expect(isUnchanged([{}])).toBe(false);
  isUnchanged([run]);
  isUnchanged.forget();
  expect(isUnchanged([run])).toBe(false);
});
