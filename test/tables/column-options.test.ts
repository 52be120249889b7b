import { describe, expect, it } from 'vitest';
import { parseNames } from '../../src/lines/csv.ts';
import { parseTypes } from '../../src/tables/column-options.ts';

describe('parseNames', () => {
  it.each([
    ['', []],
    ['a', ['a']],
    ['a, b', ['a', 'b']],
    ['"a,b","c""d"', ['a,b', 'c"d']],
  ])('takes %j for %j', (text, names) => {
    expect(parseNames(text)).toEqual(names);
  });

  it.each([
    ['a,,b', 'not column names: "a,,b"'],
    ['"a', 'not column names: "\\"a"'],
    ['a,b, a', 'named twice: "a"'],
    ['a, ', 'not column names: "a, "'],
  ])('refuses %j', (text, message) => {
    expect(() => parseNames(text)).toThrow(message);
  });
});

describe('parseTypes', () => {
  it('has a type for each name, which may hold an equals sign', () => {
    expect([...parseTypes('a=text,b=c=decimal')]).toEqual([
      ['a', 'text'],
      ['b=c', 'decimal'],
    ]);
    expect([...parseTypes('When=timestamp')]).toEqual([['when', 'timestamp']]);
    expect(parseTypes('').size).toBe(0);
  });

  it.each(['a', '=text', 'a=', 'a=long', 'a=TEXT'])('refuses %j', (text) => {
    expect(() => parseTypes(text)).toThrow('not COLUMN=TYPE, where TYPE is integer, decimal,');
  });
});
