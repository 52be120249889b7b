import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortedNames } from '../../src/stats/names.ts';

describe('sortedNames', () => {
  it('puts a character beyond U+FFFF after all others', () => {
    expect(sortedNames(['\u{1f321}', '\uff21', 'b', '', 'a\u{1f321}', 'a\uff21', 'a'])).toEqual([
      '',
      'a',
      'a\uff21',
      'a\u{1f321}',
      'b',
      '\uff21',
      '\u{1f321}',
    ]);
  });

  it('is the order of the bytes in UTF-8', () => {
    const bytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (names) => {
        expect(sortedNames(names)).toEqual([...names].sort(bytes));
      }),
    );
  });
});
