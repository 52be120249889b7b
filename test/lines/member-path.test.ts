import { parse } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { memberAt, memberText, parseMemberPath } from '../../src/lines/member-path.ts';

describe('the path to a member', () => {
  it.each([
    ['id', ['id']],
    ['meta.domain', ['meta', 'domain']],
    ['a.b.0', ['a', 'b', '0']],
    [String.raw`a\.b.c\\d`, ['a.b', 'c\\d']],
    ['größe 1', ['größe 1']],
    ['a\nb', ['a\nb']],
  ])('%j is read', (text, names) => {
    expect(parseMemberPath(text)).toEqual(names);
  });

  it.each(['', '.', 'a.', '.a', 'a..b', 'a\\', 'a\\b'])('%j is none', (text) => {
    expect(() => parseMemberPath(text)).toThrow(`not the name of a member: ${JSON.stringify(text)}`);
  });

  it.each([
    ['id', '7'],
    ['a.b', '1.50'],
    [String.raw`a\.b`, 'x'],
    ['list.1', 'true'],
    ['list', '[12345678901234567890,true]'],
    ['a', '{"b":1.50}'],
    ['text', ''],
    ['null', undefined],
    ['none', undefined],
    ['a.b.value', undefined],
    ['id.value', undefined],
    ['text.length', undefined],
    ['list.length', undefined],
    ['list.01', undefined],
    ['constructor', undefined],
    ['toString.name', undefined],
  ])('%j leads to %j', (path, text) => {
    const json = '{"id":7,"a":{"b":1.50},"a.b":"x","list":[12345678901234567890,true],"text":"","null":null}';
    expect(memberText(memberAt(parse(json), parseMemberPath(path)))).toBe(text);
  });

  it('leads into what JSON.parse makes', () => {
    const document: unknown = JSON.parse('{"__proto__":{"a":[{"b":1}]}}');
    expect(memberAt(document, ['__proto__', 'a', '0', 'b'])).toBe(1);
  });

  it('leads nowhere from what is no object', () => {
    for (const value of [null, undefined, 1, 'text', true])
      expect(memberAt(value, ['length'])).toBeUndefined();
  });
});
