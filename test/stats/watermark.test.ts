import { describe, expect, it } from 'vitest';
import { SlidingWindows } from '../../src/stats/sliding-windows.ts';
import { Watermark } from '../../src/stats/watermark.ts';
import type { Resolution } from '../../src/stats/window-panes.ts';
import { windowsOf } from '../../src/stats/windows.ts';

const MINUTE = 60_000;
const tumbling = (lengthMs: number): Resolution => ({
  label: '',
  panes: windowsOf(lengthMs, undefined),
});
const ALL: Resolution = { label: 'all', panes: undefined };

function seen(watermark: Watermark, ...minutes: number[]) {
  for (const minute of minutes) watermark.see(minute * MINUTE);
  const { passed, goal, earliest } = watermark;
  return [passed / MINUTE, goal / MINUTE, earliest / MINUTE];
}

describe('Watermark', () => {
  it('knows nothing before a reading: none is late, and the first one sets the goal', () => {
    const watermark = new Watermark([tumbling(10 * MINUTE)], 0);
    expect(seen(watermark)).toEqual([-Infinity, -Infinity, -Infinity]);
    expect(seen(watermark, 3)).toEqual([3, 10, 0]);
  });

  it('passes windows at the newest reading less the lateness, whatever the order', () => {
    const watermark = new Watermark([tumbling(10 * MINUTE)], 5 * MINUTE);
    expect(seen(watermark, 3)).toEqual([-2, 5, -10]);
    expect(seen(watermark, 2, 4)).toEqual([-2, 5, -10]);
    expect(seen(watermark, 14)).toEqual([9, 15, 0]);
    expect(seen(watermark, 1, 12, 15)).toEqual([10, 25, 10]);
  });

  it('goes on to the next end of any window, and is late for the window that began last', () => {
    const watermark = new Watermark([tumbling(10 * MINUTE), ALL, tumbling(60 * MINUTE)], 0);
    expect(seen(watermark, 0, 25)).toEqual([25, 30, 20]);
    expect(seen(watermark, 61)).toEqual([61, 70, 60]);
  });

  it('passes sliding windows at each step', () => {
    const panes = windowsOf(10 * MINUTE, undefined);
    const sliding = { label: '30m', panes, sliding: new SlidingWindows(panes, 3) };
    expect(seen(new Watermark([sliding], 0), 42)).toEqual([42, 50, 40]);
  });

  it('passes nothing with an endless lateness, nor with the window of all readings alone', () => {
    expect(seen(new Watermark([tumbling(MINUTE)], Infinity), 1, 100)).toEqual([
      -Infinity,
      Infinity,
      -Infinity,
    ]);
    expect(seen(new Watermark([ALL], 0), 1)).toEqual([1, Infinity, -Infinity]);
  });
});
