import { describe, expect, it } from 'vitest';
import { parseDelimiter, parseDelimiterByte, splitFields } from '../../src/lines/csv.ts';

describe('splitFields', () => {
  it.each([
    ['', ',', ['']],
    ['a,,c', ',', ['a', '', 'c']],
    ['"a;""b""";c', ';', ['a;"b"', 'c']],
    ['"a\nb",c', ',', ['a\nb', 'c']],
    ['a"b,c', ',', undefined],
    ['"a,b', ',', undefined],
  ])('splits %j at %j into %j', (text, delimiter, fields) => {
    expect(splitFields(text, delimiter)).toEqual(fields);
  });
});

describe('parseDelimiter', () => {
  it.each([
    [';', ';'],
    ['\\t', '\t'],
    ['\t', '\t'],
    ['\\', '\\'],
    ['§', '§'],
  ])('takes %j for %j', (text, delimiter) => {
    expect(parseDelimiter(text)).toBe(delimiter);
  });

  it.each(['', ';;', '"', '\n', '\r', '🌡'])('refuses %j', (text) => {
    for (const parse of [parseDelimiter, parseDelimiterByte])
      expect(() => parse(text)).toThrow('not one character, other than a quote: "');
  });

  it('is for bytes an ASCII code', () => {
    expect([parseDelimiterByte('|'), parseDelimiterByte('\\t')]).toEqual([124, 9]);
    expect(() => parseDelimiterByte('§')).toThrow('not an ASCII character: "§"');
  });
});
