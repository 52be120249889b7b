import { expect, it } from 'vitest';
import { countStates, itemCounts } from '../../../../../src/dashboard/page/runs/states/states.ts';
import { taskTip, tipSentence } from '../../../../../src/dashboard/page/runs/tips/task-tip.ts';
import { at, BEGIN, task } from '../run-fixtures.ts';

it('a task is told with all facts, and without what is not known', () => {
  const failed = task('load', {
    ...{ state: 'failed', reason: 'timeout', tries: 3, status: 124 },
    rows: { in: 60, out: 1, rejected: 2 },
  });
  expect(tipSentence(taskTip(failed, 'load, run 7', BEGIN + 20_000, 'utc'))).toBe(
    'load, run 7, failed (timeout), queued 1.0 s, took 4.0 s, started 2026-11-29 14:00:01, tries 3, status 124, rows 60 in, 1 out, 2 rejected',
  );
  const waiting = task('load', { state: 'queued', tries: 0, status: null, start: null, end: null });
  expect(tipSentence(taskTip(waiting, 'load', BEGIN + 20_000, 'utc'))).toBe('load, queued, queued 20 s');
  const split = task('count', { items: { failed: 1, success: 2500 }, end: null, retryAt: at(50) });
  expect(tipSentence(taskTip(split, 'count', BEGIN + 20_000, 'utc'))).toContain(
    'items 2\u202f500 success, 1 failed',
  );
  expect(tipSentence(taskTip(null, 'load', BEGIN, 'utc'))).toBe('load, not in this run');
});

it('states are counted in one order', () => {
  expect(countStates(['failed', 'success', 'failed'])).toEqual([
    ['success', 1],
    ['failed', 2],
  ]);
  expect(itemCounts({ items: { failed: 1, success: 3, running: 0 } })).toEqual([
    ['success', 3],
    ['failed', 1],
  ]);
  expect(itemCounts({ items: null })).toEqual([]);
});
