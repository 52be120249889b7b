import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../src/stats/decimal.ts';
import { SlidingWindows } from '../../src/stats/sliding-windows.ts';
import { wanted } from '../../src/stats/statistics.ts';
import {
  dueWindows,
  EVERYTHING,
  forget,
  inOrder,
  merged,
  nextEnd,
  type Pane,
  type Panes,
  paneOf,
} from '../../src/stats/window-panes.ts';
import { windowsOf } from '../../src/stats/windows.ts';

const NOTHING_MORE = wanted([]);
const TUMBLING = { label: '10', panes: windowsOf(10, undefined) };
const SLIDING = { ...TUMBLING, label: '30', sliding: new SlidingWindows(TUMBLING.panes, 3) };

/** Panes of 10 ms, each with as many values of 1 as said. */
function panes(counts: Readonly<Record<number, number>>): Panes {
  const result: Panes = new Map();
  for (const [start, count] of Object.entries(counts).reverse()) {
    const { summary } = paneOf(result, { start: Number(start), end: Number(start) + 10 }, NOTHING_MORE);
    for (let at = 0; at < count; at++) summary.add(parseDecimal('1') ?? { units: 0n, scale: 0 }, undefined);
  }
  return result;
}

const shown = (some: Iterable<Pane>) => [...some].map(({ span, summary }) => [span.start, summary.count]);

describe('panes', () => {
  it('are made once per span', () => {
    const own = panes({ 0: 1 });
    expect(paneOf(own, { start: 0, end: 10 }, NOTHING_MORE)).toBe(own.get(0));
    expect(own.size).toBe(1);
  });

  it('come in order, and none of undefined', () => {
    expect(shown(inOrder(panes({ 20: 1, 0: 2, 10: 3 })))).toEqual([
      [0, 2],
      [10, 3],
      [20, 1],
    ]);
    expect(inOrder(undefined)).toEqual([]);
  });

  it('of two lists are merged by their spans', () => {
    const [some, more] = [inOrder(panes({ 0: 1, 20: 2, 30: 3 })), inOrder(panes({ 10: 1, 20: 5, 40: 1 }))];
    expect(shown(merged(some, more))).toEqual([
      [0, 1],
      [10, 1],
      [20, 7],
      [30, 3],
      [40, 1],
    ]);
    expect(shown(merged([], inOrder(panes({ 10: 2 }))))).toEqual([[10, 2]]);
    expect(shown(merged([], []))).toEqual([]);
  });

  it('are each counted in all sliding windows over them that are due', () => {
    const windows = dueWindows(inOrder(panes({ 0: 1, 20: 2 })), SLIDING, {
      after: 19,
      until: 40,
      wanted: NOTHING_MORE,
    });
    expect(shown(windows)).toEqual([
      [-10, 1],
      [0, 3],
      [10, 2],
    ]);
  });

  it('are forgotten when no window needs them any more', () => {
    const tumbling = panes({ 0: 1, 10: 1, 20: 1 });
    forget(tumbling, TUMBLING, 20);
    expect([...tumbling.keys()]).toEqual([20]);
    const sliding = panes({ 0: 1, 10: 1, 20: 1 });
    forget(sliding, SLIDING, 30);
    expect([...sliding.keys()].sort()).toEqual([10, 20]);
  });
});

describe('nextEnd', () => {
  it('is the end of the window, of the oldest sliding window, or never', () => {
    expect(nextEnd(TUMBLING, 25)).toBe(30);
    expect(nextEnd(SLIDING, 25)).toBe(30);
    expect(nextEnd(SLIDING, 30)).toBe(40);
    expect(nextEnd({ label: 'all', panes: undefined }, 25)).toBe(EVERYTHING.end);
  });
});
