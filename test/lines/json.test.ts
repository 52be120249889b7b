import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasMemberTwice, inspectJson, parseMembers } from '../../src/lines/json.ts';
import { growsLess } from '../growth.ts';

const inspected = (text: string) => inspectJson(text, JSON.parse(text));

describe('a member that stands twice', () => {
  it.each([
    '{"a":1,"a":2}',
    '{"a":1,"a":1}',
    '{"a" :1 , "\\u0061"\t:2}',
    '{"b":[{"a":1,"a":2}]}',
    '{"a":"\\"","a":"\\\\"}',
  ])('is found in %s', (text) => {
    expect(hasMemberTwice(text, JSON.parse(text))).toBe(true);
    expect(parseMembers(text)).toBeUndefined();
  });

  it('is not found where there is none', () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 0, max: 2 }), (text, space) => {
        const value = JSON.parse(text);
        expect(hasMemberTwice(JSON.stringify(value, null, space), value)).toBe(false);
      }),
    );
    expect(hasMemberTwice('{"a":"\\"b\\":1,\\\\","b":["c:",":"]}', { a: '"b":1,\\', b: ['c:', ':'] })).toBe(
      false,
    );
  });
});

describe('numbers', () => {
  it.each([
    '0',
    '-1',
    '12345',
    '0.5',
    '123456789012345',
    '9007199254740992',
    '[1,2]',
    '{"a":-0.25}',
    '"1.50"',
  ])('of %s are as JavaScript writes them', (text) => {
    expect(inspected(text).hasOddNumbers).toBe(false);
  });

  it.each(['1.50', '-0', '1e5', '0.0000001', '9007199254740993', '[1,2.0]', '{"a":1,"b":[1E2]}', '1e400'])(
    'of %s are not',
    (text) => {
      expect(inspected(text).hasOddNumbers).toBe(true);
    },
  );
});

it.each<[string, (length: number) => string]>([
  ['quotes', (length) => `{"a":"${'\\"'.repeat(length)}"}`],
  ['backslashes', (length) => `{"a":"${'\\\\'.repeat(length)}"}`],
  ['digits', (length) => `{"a":${'1'.repeat(length)}}`],
  ['members', (length) => `{${Array.from({ length }, (_, at) => `"${at}":${at}.0`).join()}}`],
  ['brackets', (length) => `{"a":${'['.repeat(length)}${']'.repeat(length)}}`],
])('costs no more than its length: %s', async (_, make) => {
  const parsed = (length: number) => ({ text: make(length), value: JSON.parse(make(length)) as unknown });
  expect(
    await growsLess({ make: parsed, work: ({ text, value }) => inspectJson(text, value), length: 2000 }, 9),
  ).toBe(true);
});
