import { describe, expect, it } from 'vitest';
import { parseSize } from '../../src/lines/size.ts';

describe('a size', () => {
  it.each([
    ['1', 1],
    ['512', 512],
    ['64K', 65_536],
    ['64k', 65_536],
    ['1M', 1_048_576],
    ['1.5M', 1_572_864],
    ['2GiB', 2_147_483_648],
    ['10MB', 10_000_000],
    ['1T', 1_099_511_627_776],
  ])('%s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', '0', '-1', '1B', '1X', 'M', '1 M', '1e3', '0.0001K', '9999999999T'])('%j is none', (text) => {
    expect(() => parseSize(text)).toThrow(`not a size: ${JSON.stringify(text)}`);
  });
});
