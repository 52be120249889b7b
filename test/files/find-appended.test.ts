import { describe, expect, it } from 'vitest';
import { findAppended, withoutLines } from '../../src/files/find-appended.ts';

const bytes = (text: string) => Buffer.from(text);

describe('findAppended', () => {
  it.each([
    ['the lines alone', 'a\nb\n', 'a\nb\n', { at: 0, length: 4 }],
    ['behind those of others', 'x\na\nb\n', 'a\nb\n', { at: 2, length: 4 }],
    ['before those of others', 'a\nb\nx\n', 'a\nb\n', { at: 0, length: 4 }],
    ['their beginning at the end', 'x\na\nb', 'a\nbc\n', { at: 2, length: 3 }],
    ['half a line at the end', 'x\na', 'abc\n', { at: 2, length: 1 }],
    ['whole lines of them before those of others', 'a\nbx\n', 'a\nbc\n', { at: 0, length: 2 }],
    ['the longest of several', 'a\nx\na\nb\nx\n', 'a\nb\nc\n', { at: 4, length: 4 }],
    ['half a line before those of others', 'ax\n', 'abc\n', undefined],
    ['in the middle of a line', 'xa\n', 'a\n', undefined],
    ['nothing of them', 'x\ny\n', 'a\n', undefined],
    ['nothing at all', '', 'a\n', undefined],
  ])('%s', (_, text, lines, found) => {
    expect(findAppended(bytes(text), bytes(lines))).toEqual(found);
  });
});

describe('withoutLines', () => {
  it.each([
    ['a\nb\nc\n', 'a\nb\n', 'c\n'],
    ['a\nb\nc\n', 'a\nc\nnew\n', 'b\n'],
    ['a\na\nb\n', 'a\n', 'a\nb\n'],
    ['a\nb\n', '', 'a\nb\n'],
    ['', 'a\n', ''],
    ['a\nhalf', 'a\n', 'half'],
  ])('%j without %j is %j', (content, lines, left) => {
    expect(withoutLines(bytes(content), bytes(lines)).toString()).toBe(left);
  });
});
