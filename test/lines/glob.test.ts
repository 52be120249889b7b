import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGlob } from '../../src/lines/glob.ts';

describe('a pattern of names', () => {
  it.each([
    ['attic', 'attic', true],
    ['attic', 'attic2', false],
    ['at*', 'attic', true],
    ['*', '', true],
    ['?', '🌡', true],
    ['?', '', false],
    ['a**b*', 'a-b', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a\\', 'a\\', true],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['a\n*', 'a\nb', true],
  ])('%j, %j: %s', (pattern, name, isOne) => {
    expect(parseGlob(pattern)(name)).toBe(isOne);
  });

  it('matches what the regular expression of it does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 12 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
    fc.assert(
      fc.property(text, name, (pattern, word) => {
        const same = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(parseGlob(pattern)(word)).toBe(same.test(word));
      }),
    );
  });
});
