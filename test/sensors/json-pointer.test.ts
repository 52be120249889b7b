import { parse } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { memberAt } from '../../src/lines/member-path.ts';
import { parsePointer } from '../../src/sensors/json-pointer.ts';

// The document and the pointers of RFC 6901, section 5.
const DOCUMENT = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
};

describe('a JSON pointer', () => {
  it.each([
    ['', DOCUMENT],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
    ['/~01', undefined],
    ['/foo/2', undefined],
    ['/foo/01', undefined],
    ['/foo/length', undefined],
    ['/foo/0/0', undefined],
    ['/constructor', undefined],
  ])('%j leads to what the RFC says', (pointer, expected) => {
    expect(memberAt(DOCUMENT, parsePointer(pointer) ?? ['not a pointer'])).toEqual(expected);
  });

  it.each(['foo', '/~', '/~2', '#/foo'])('%j is none', (text) => {
    expect(parsePointer(text)).toBeUndefined();
  });

  it('does not lead into a number', () => {
    expect(memberAt(parse('{"a":1.0}'), ['a', 'value'])).toBeUndefined();
  });
});
