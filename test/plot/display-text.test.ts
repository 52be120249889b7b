import { expect, it } from 'vitest';
import { cut, printable, widthOf } from '../../src/plot/display-text.ts';
import { growsLess } from '../growth.ts';

it.each([
  ['attic', 5],
  ['küche', 5],
  ['ku\u0308che', 5],
  ['温度', 4],
  ['🌡', 1],
  ['🔥', 2],
  ['', 0],
])('%s is as wide as %d letters', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

it('a name can do nothing to a terminal', () => {
  expect(printable('a\x1b[31mb\x9b0m\tc\r\n\u2028\u202eabc\u2066\0\ud800')).toBe('a�[31mb�0m�c����abc���');
  expect(printable('küche 温度 🔥')).toBe('küche 温度 🔥');
});

it('what does not fit ends in dots', () => {
  expect(cut('temperature', 11)).toBe('temperature');
  expect(cut('temperature', 10)).toBe('tempera...');
  expect(cut('温度温度温度', 10)).toBe('温度温...');
  expect(cut('temperature', 2)).toBe('..');
});

it('a name of signs without a width costs no more than its length', async () => {
  const name = (length: number) => `${'\u0301'.repeat(length)}${'x'.repeat(100)}`;
  expect(await growsLess({ make: name, work: (text) => cut(text, 80), length: 1 << 11 }, 9)).toBe(true);
});
