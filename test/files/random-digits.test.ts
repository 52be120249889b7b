import { expect, it } from 'vitest';
import { randomDigits } from '../../src/files/random-digits.ts';

it.each([1, 12, 16, 36])('%i digits are so many, and never the same', (length) => {
  const names = Array.from({ length: length < 12 ? 1 : 1000 }, () => randomDigits(length));
  for (const name of names) expect(name).toMatch(new RegExp(`^[\\da-f]{${length}}$`));
  expect(new Set(names).size).toBe(names.length);
});
