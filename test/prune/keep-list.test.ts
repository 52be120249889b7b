import { describe, expect, it } from 'vitest';
import { coarserOf, keptOf, parseKeepList } from '../../src/prune/keep-list.ts';

const DAY = 86_400_000;

describe('parseKeepList', () => {
  it('reads windows and how long their rows are kept, the shortest first', () => {
    expect(parseKeepList('1h=5y, 1m=30d,all=12h')).toEqual([
      { window: 'all', lengthMs: 0, keepMs: DAY / 2 },
      { window: '1m', lengthMs: 60_000, keepMs: 30 * DAY },
      { window: '1h', lengthMs: 3_600_000, keepMs: 5 * 365 * DAY },
    ]);
  });

  it.each([
    ['', 'not WINDOW=DURATION: "" (write 1m=30d,1h=5y)'],
    ['30d', 'not WINDOW=DURATION: "30d" (write 1m=30d,1h=5y)'],
    ['1m=30d=2', 'not WINDOW=DURATION: "1m=30d=2" (write 1m=30d,1h=5y)'],
    ['minutes=30d', 'not a window: "minutes" (write 1m, 1h, 1d or all)'],
    ['1m=0d', 'not a duration: "0d"'],
    ['1m=30d,60s=40d', 'window named twice: 1m'],
    ['1d=30d,7d=40d,1w=40d', 'window named twice: 1w'],
    ['1m=30d,1d=40d,24h=29d', 'rows of 24h would go before those of 1m, which they sum up'],
    ['1m=30d,1h=29d', 'rows of 1h would go before those of 1m, which they sum up'],
  ])('refuses %j', (text, message) => {
    expect(() => parseKeepList(text)).toThrow(message);
  });

  it('takes a day of the calendar and 24 hours for two windows, either of which may go first', () => {
    const list = parseKeepList('1h=7d,24h=60d,1d=30d,P7D=1y');
    expect(list.map(({ window }) => window)).toEqual(['1h', '24h', '1d', '1w']);
    expect(list.map((kept) => coarserOf(list, kept)?.window)).toEqual(['24h', '1w', '1w', undefined]);
    expect(keptOf(parseKeepList('24h=1d'), '1d')).toBeUndefined();
  });

  it('knows a window by any of its names, and what sums it up', () => {
    const list = parseKeepList('1m=1d,60m=2d,all=1d');
    expect(['PT1M', '60m', '24h', 'all', 'none'].map((name) => keptOf(list, name)?.window)).toEqual([
      ...['1m', '1h', undefined, 'all', undefined],
    ]);
    expect(list.map((kept) => coarserOf(list, kept)?.window)).toEqual([undefined, '1h', undefined]);
  });
});
