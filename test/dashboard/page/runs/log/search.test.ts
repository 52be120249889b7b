import { describe, expect, it } from 'vitest';
import {
  findMatches,
  isError,
  MAX_MATCHES,
  stepped,
} from '../../../../../src/dashboard/page/runs/log/search.ts';

describe('a search', () => {
  it('finds small letters in any, and capital ones as they are', () => {
    const lines = ['Rows and rows', 'none', 'ROWS'];
    expect(findMatches(lines, 'rows')).toEqual([
      { line: 0, from: 0, to: 4 },
      { line: 0, from: 9, to: 13 },
      { line: 2, from: 0, to: 4 },
    ]);
    expect(findMatches(lines, 'Rows')).toEqual([{ line: 0, from: 0, to: 4 }]);
    expect(findMatches(lines, '')).toEqual([]);
    expect(findMatches(['a.b', 'axb', 'aab'], 'a.b')).toHaveLength(1);
    expect(findMatches(['aaaa'], 'aa')).toHaveLength(2);
    expect(findMatches(['İ x'], 'x')).toEqual([{ line: 0, from: 2, to: 3 }]);
    expect(findMatches(['x'.repeat(20_000)], 'x')).toHaveLength(MAX_MATCHES);
  });

  it('goes round', () => {
    expect([
      stepped(undefined, -1, 3),
      stepped(undefined, 1, 3),
      stepped(2, 1, 3),
      stepped(0, -1, 3),
    ]).toEqual([2, 0, 0, 2]);
    expect(stepped(1, 1, 0)).toBeUndefined();
  });
});

it('errors are known by their words', () => {
  const errors = [
    'load-stats: stats.db: database is locked: ERROR',
    'Traceback (most recent call last):',
    'TypeError: x is not a function',
    'bash: get-temp: command not found',
    'java.lang.IllegalStateException: closed',
    'curl: (28) Operation timed out after 50 s',
  ];
  expect(errors.filter((line) => !isError(line))).toEqual([]);
  const others = ['60 rows loaded, 0 errors', 'no error', 'terror', 'errors.csv was written', 'finished'];
  expect(others.filter(isError)).toEqual([]);
});
