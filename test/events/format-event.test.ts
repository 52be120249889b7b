import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventFormat, formatEvent } from '../../src/events/format-event.ts';
import { LONGEST_LINE, tooLong } from '../../src/lines/limits.ts';

const format = (data: string | undefined, as: EventFormat = 'json') =>
  formatEvent({ id: '1', lastId: '1', event: 'message', data }, as);

describe('an event as a line', () => {
  it.each([
    ['{"a":1}', '{"a":1}'],
    [' { "a" : [ 1 , 2 ] , "b": "x , y: \\" { " }\t', '{"a":[1,2],"b":"x , y: \\" { "}'],
    ['{\n "a":\n 1\n}', '{"a":1}'],
    ['12345678901234567890.10', '12345678901234567890.10'],
    ['{"a":1.50,"a":1e2}', '{"a":1.50,"a":1e2}'],
    ['"a  b"', '"a  b"'],
    [' null ', 'null'],
  ])('is its JSON without blanks, with its digits: %j', (data, line) => {
    expect(format(data)).toBe(line);
  });

  it('means what it meant', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(1, '\t', 3), (text, indent) => {
        const value = JSON.parse(text);
        const line = format(JSON.stringify(value, null, indent));
        expect(line).toBe(JSON.stringify(value));
      }),
    );
  });

  it.each(['', 'x', '{', "{'a':1}", '1 2', 'NaN', '\ufeff1'])('is rejected if it is not JSON: %j', (data) => {
    expect(format(data)).toMatchObject({ kind: 'not JSON' });
  });

  it('is what came, if it is one line, with --raw', () => {
    expect(['', 'x y', ' 1', '{"a": 1}'].map((data) => format(data, 'raw'))).toEqual([
      '',
      'x y',
      ' 1',
      '{"a": 1}',
    ]);
    expect(format('{"a":\n1}', 'raw')).toBe('{"a":1}');
    expect(format('a\nb', 'raw')).toMatchObject({ kind: 'not JSON' });
  });

  it('is all of it with --envelope', () => {
    expect(format('a\nb', 'envelope')).toBe('{"id":"1","event":"message","data":"a\\nb"}');
  });

  it('has a longest length', () => {
    const longest = `"${'ä'.repeat(LONGEST_LINE / 2 - 1)}"`;
    expect(format(longest)).toBe(longest);
    expect([format(`${longest}`.replace('"', '"x')), format(undefined)]).toEqual([tooLong, tooLong]);
  });
});
