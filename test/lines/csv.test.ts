import { describe, expect, it } from 'vitest';
import { parseComment, parseDelimiter, splitFields, unmatchedQuotes } from '../../src/lines/csv.ts';

describe('splitFields', () => {
  it.each([
    ['', ',', ['']],
    ['a,,c', ',', ['a', '', 'c']],
    ['"a;""b""";c', ';', ['a;"b"', 'c']],
    ['"a\nb",c', ',', ['a\nb', 'c']],
    ['a"b,c', ',', undefined],
    ['"a,b', ',', undefined],
    ['"a"\n"b"', ',', undefined],
    ['a🌡"b🌡"', '🌡', ['a', 'b🌡']],
  ])('splits %j at %j into %j', (text, delimiter, fields) => {
    expect(splitFields(text, delimiter)).toEqual(fields);
  });
});

it.each([
  ['  a   b ', ' ', ['a', 'b']],
  ['||"a||b"|||""|', '|', ['a||b', '']],
  ['^a^^b', '^', ['a', 'b']],
  ['\\\\a\\', '\\', ['a']],
  ['   ', ' ', ['']],
])('merges the delimiters of %j', (text, delimiter, fields) => {
  expect(splitFields(text, delimiter, true)).toEqual(fields);
});

describe('parseDelimiter', () => {
  it.each([
    [';', ';'],
    ['\\t', '\t'],
    ['\t', '\t'],
    ['\\', '\\'],
    ['§', '§'],
    ['🌡', '🌡'],
    [' ', ' '],
  ])('takes %j for %j', (text, delimiter) => {
    expect(parseDelimiter(text)).toBe(delimiter);
  });

  it.each(['', ';;', '"', '\n', '\r', '7', '+', '-', '.', '\u2212'])('refuses %j', (text) => {
    expect(() => parseDelimiter(text)).toThrow(
      `not one character, other than a quote, a digit, a sign and a point: ${JSON.stringify(text)}`,
    );
  });
});

it('a comment begins with some text', () => {
  expect(parseComment('// ')).toBe('// ');
  for (const text of ['', '\n', '#\r'])
    expect(() => parseComment(text)).toThrow(`expected text in one line, not ${JSON.stringify(text)}`);
});

describe('unmatchedQuotes', () => {
  it('is the rejection of a line, with a hint where it is one of a JSON array', () => {
    expect(unmatchedQuotes('1,"x').detail).toBe('quotes do not match: "1,\\"x"');
    expect(unmatchedQuotes('[x"').detail).toBe('quotes do not match: "[x\\""');
    for (const line of ['[{"a":1}]', '[ {"a":1},'])
      expect(unmatchedQuotes(line).detail).toMatch(
        /" \(a JSON array\? jq -c '\.\[\]' turns it into lines\)$/,
      );
  });
});
