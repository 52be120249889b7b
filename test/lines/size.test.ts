import { describe, expect, it } from 'vitest';
import { parseSize, showSize } from '../../src/lines/size.ts';

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

describe('showSize', () => {
  it.each([
    [1, '1'],
    [1023, '1023'],
    [1024, '1K'],
    [1536, '1536'],
    [10 * 1024 ** 2, '10M'],
    [2 * 1024 ** 4, '2T'],
    [1024 ** 5, '1024T'],
  ])('%d is %s', (bytes, text) => {
    expect(showSize(bytes)).toBe(text);
    expect(parseSize(text)).toBe(bytes);
  });
});
