import { describe, expect, it } from 'vitest';
import { isNewTo, lastLines } from '../../src/readings/line-keeper.ts';

const bytes = (...lines: string[]) => lines.map((line) => Buffer.from(line, 'latin1'));

describe('isNewTo', () => {
  it('knows the lines that are there, and those that it was asked about', () => {
    const isNew = isNewTo(Buffer.from('a\nb\xe9\n', 'latin1'));
    expect(bytes('a\n', 'c\n', 'c\n', 'b\xe9\n', 'b\xe8\n').map(isNew)).toEqual([
      false,
      true,
      false,
      false,
      true,
    ]);
  });
});

describe('lastLines', () => {
  it.each([
    [false, 'b\n', 'a\na\n'],
    [true, '', 'b\na\n'],
  ])('keeps the last ones, unique: %s', (unique, leaving, kept) => {
    let accepted = 0;
    const keeper = lastLines({
      ...{ window: { count: 2, lastMs: Number.POSITIVE_INFINITY }, unique },
      accept: (count) => {
        accepted += count;
      },
    });
    const parts = keeper.divide(Buffer.from('b\na\n'), keeper.usable(bytes('a\n'), 1));
    expect([String(parts.leaving), String(parts.kept), accepted]).toEqual([leaving, kept, 1]);
  });
});
