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

it('leaves out the last ranges of a text that is longer than Kafka keeps', () => {
  const ranges = Array.from({ length: 1000 }, (_, at) => ({
    ...{ first: 1e6 + 3 * at, last: 1e6 + 3 * at + 1, isDone: at % 2 === 1 },
  }));
  const text = formatRanges(ranges, 1e6);
  expect(text.length).toBeLessThanOrEqual(4096);
  const kept = parseRanges(text, 1e6);
  expect(kept.length).toBeGreaterThan(350);
  expect(kept).toEqual(ranges.slice(0, kept.length));
});
