import { describe, expect, it } from 'vitest';
import { rowsOf, spanOf } from '../../../../../src/dashboard/page/runs/gantt/bars.ts';
import { criticalPath } from '../../../../../src/dashboard/page/runs/gantt/critical-path.ts';
import { at, attempt, BEGIN, detail, node, task } from '../run-fixtures.ts';

const NOW = BEGIN + 20_000;

/** Bars as `queued 0-1`, in seconds. */
function bars(run: Parameters<typeof rowsOf>[0]): [string, string[]][] {
  const seconds = (time: number) => (time - BEGIN) / 1000;
  return rowsOf(run, NOW).map((row) => [
    row.task.task,
    row.bars.map(
      ({ kind, from, to, state }) => `${kind === 'try' ? state : kind} ${seconds(from)}-${seconds(to)}`,
    ),
  ]);
}

describe('the bars of a task', () => {
  it('tell queued and running apart, and each of its tries', () => {
    const tries = [
      attempt('load', 1, at(1), at(3), { state: 'failed' }),
      attempt('load', 2, at(8), null, { state: 'running' }),
    ];
    const running = task('load', { state: 'running', start: at(1), end: null, tries: 2 });
    expect(bars(detail([running], tries))).toEqual([
      ['load', ['queued 0-1', 'failed 1-3', 'pause 3-8', 'running 8-20']],
    ]);
  });

  it('go on until now while it waits', () => {
    const queued = task('a', { state: 'queued', start: null, end: null, tries: 0 });
    const again = task('b', { state: 'up_for_retry', start: at(1), end: at(3) });
    const tries = [attempt('b', 1, at(1), at(3), { state: 'failed' })];
    expect(bars(detail([queued, again], tries))).toEqual([
      ['a', ['queued 0-20']],
      ['b', ['queued 0-1', 'failed 1-3', 'pause 3-20']],
    ]);
  });

  it('are those of the task where its tries are not known, and none before it has begun', () => {
    const none = task('late', { state: 'none', queued: null, start: null, end: null, tries: 0 });
    const intended = task('c', { state: 'running', start: null, end: null });
    expect(
      bars(
        detail(
          [none, task('early', { queued: at(3) }), task('first'), intended],
          [attempt('c', 1, null, null)],
        ),
      ),
    ).toEqual([
      ['first', ['queued 0-1', 'success 1-5']],
      ['early', ['success 1-5']],
      ['late', []],
      ['c', []],
    ]);
  });

  it('are within the span of the run, which has a width', () => {
    const run = detail([task('a')]);
    expect(spanOf(run, rowsOf(run, NOW), NOW)).toEqual({ from: BEGIN, to: BEGIN + 10_000 });
    expect(spanOf({ ...run, end: null, state: 'running' }, rowsOf(run, NOW), NOW).to).toBe(NOW);
    const moment = { ...run, start: at(0), end: at(0) };
    expect(spanOf(moment, [], NOW)).toEqual({ from: BEGIN, to: BEGIN + 100 });
  });
});

describe('the critical path', () => {
  const graph = [node('a'), node('b'), node('c', 'a', 'b'), node('d', 'c'), node('e', 'a')];

  it('is what the end of the run waited for', () => {
    const tasks = [
      task('a', { end: at(4) }),
      task('b', { end: at(3) }),
      task('c', { start: at(4), end: at(9) }),
      task('d', { start: at(9), end: at(12) }),
      task('e', { start: at(4), end: at(8) }),
    ];
    expect(criticalPath(graph, tasks, NOW)).toEqual(['a', 'c', 'd']);
  });

  it('goes through what was skipped, and ends with what still runs', () => {
    const tasks = [
      task('a', { end: at(4) }),
      task('b', { end: at(6) }),
      task('c', { state: 'skipped', queued: null, start: null, end: at(6) }),
      task('d', { state: 'running', start: at(7), end: null }),
      task('e', { state: 'none', start: null, end: null }),
    ];
    expect(criticalPath(graph, tasks, NOW)).toEqual(['b', 'd']);
    expect(criticalPath(graph, [], NOW)).toEqual([]);
    expect(criticalPath([node('a', 'b'), node('b', 'a')], [task('a'), task('b')], NOW)).toHaveLength(2);
  });
});
