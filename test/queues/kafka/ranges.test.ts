import { expect, it } from 'vitest';
import { formatRanges, parseRanges } from '../../../src/queues/kafka/ranges.ts';

it('keeps ranges as a short text, counted from an offset', () => {
  const ranges = [
    { first: 1_000_000_000, last: 1_000_000_099, isDone: false },
    { first: 1_000_000_100, last: 1_000_000_100, isDone: true },
  ];
  const text = formatRanges(ranges, 1_000_000_000);
  expect(text).toBe('etlutils 0-2r 2s-2s!');
  expect(parseRanges(text, 1_000_000_000)).toEqual(ranges);
  expect(formatRanges([], 5)).toBe('');
});

it('takes no notice of what others have written', () => {
  for (const text of ['', 'consumer 17', 'etlutils x', 'etlutils 5-2', 'etlutils 1-2 ?'])
    expect(parseRanges(text, 0)).toEqual([]);
});
