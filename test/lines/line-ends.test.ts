import { describe, expect, it } from 'vitest';
import { collect } from '../../src/async/collect.ts';
import {
  endsInReturns,
  LINE_END_HEAD,
  newlinesForReturns,
  swapBreaks,
  swapBreaksIn,
} from '../../src/lines/line-ends.ts';

async function* parts(text: string, length: number) {
  for (let at = 0; at < text.length; at += length) yield Buffer.from(text.slice(at, at + length));
}

const read = async (text: string, length = text.length || 1) =>
  Buffer.concat(await collect(newlinesForReturns(parts(text, length)))).toString();

describe('endsInReturns', () => {
  const of = (text: string) => endsInReturns(Buffer.from(text));

  it('is true where carriage returns come, and no newline', () => {
    expect(of('a\rb')).toBe(true);
    expect(of('a,b\r')).toBe(true);
    expect(of('a\r\nb\r')).toBe(false);
    expect(of('a\n')).toBe(false);
    expect(of('ab')).toBe(false);
    expect(of('')).toBe(false);
  });

  it('does not take a first line as long as the head for one, whose newline comes behind it', () => {
    expect(of(`${'x'.repeat(LINE_END_HEAD - 1)}\r`)).toBe(false);
    expect(of(`${'x'.repeat(LINE_END_HEAD - 2)}\ry`)).toBe(true);
  });
});

describe('newlinesForReturns', () => {
  const cases: readonly [what: string, from: string, to: string][] = [
    ['a carriage return is a newline', 'a\rb\r', 'a\nb\n'],
    ['two are two, so that lines keep their numbers', 'a\r\rb', 'a\n\nb'],
    ['newlines end lines as well', 'a\rb\nc\r\nd', 'a\nb\nc\r\nd'],
    ['in quotes they change places', 'a,"b\rc\nd\r\ne"\rf', 'a,"b\nc\rd\n\re"\nf'],
    ['doubled quotes are no end', '"a""\r"\r\n', '"a""\n"\r\n'],
    [
      'a quote that never closes leaves later newlines alone',
      `"${'a\r'.repeat(100)}b\nc`,
      `"${'a\n'.repeat(100)}b\nc`,
    ],
  ];

  it.each(cases)('%s', async (_, from, to) => {
    for (const length of [1, 2, 3, 1000]) expect(await read(from, length)).toBe(to);
  });
});

it('swapping gives back what was in quotes', async () => {
  const text = 'a\rb\nc\r\nd';
  const quoted = (await read(`"${text}"`)).slice(1, -1);
  expect(swapBreaks(quoted)).toBe(text);
  const bytes = Buffer.from(quoted);
  swapBreaksIn(bytes);
  expect(bytes.toString()).toBe(text);
});
