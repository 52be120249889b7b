import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlidingWindows } from '../../src/stats/sliding-windows.ts';
import { timeZone } from '../../src/stats/time-zone.ts';
import { windowsOf } from '../../src/stats/windows.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const tens = windowsOf(10, undefined);
const of = (panesPerWindow: number) => new SlidingWindows(tens, panesPerWindow);

describe('sliding windows', () => {
  it('are all over a pane, the earliest first', () => {
    expect(of(3).over(20)).toEqual([
      { start: 0, end: 30 },
      { start: 10, end: 40 },
      { start: 20, end: 50 },
    ]);
    expect(of(1).over(20)).toEqual([{ start: 20, end: 30 }]);
  });

  it('are those over a pane that end in a span', () => {
    const ends = (after: number, until: number) =>
      of(3)
        .over(20, after, until)
        .map(({ end }) => end);
    expect(ends(30, 50)).toEqual([40, 50]);
    expect(ends(29, 49)).toEqual([30, 40]);
    expect(ends(50, 90)).toEqual([]);
    expect(ends(-90, 29)).toEqual([]);
  });

  it('are found from a time on, and from their first pane', () => {
    expect(of(3).firstOver(20)).toEqual({ start: 0, end: 30, next: 10 });
    expect(of(3).firstOver(20, 10)).toEqual({ start: 10, end: 40, next: 20 });
    expect(of(3).firstOver(20, 90)).toEqual({ start: 20, end: 50, next: 30 });
    expect(of(3).from(20)).toEqual({ start: 20, end: 50 });
  });

  it('are the same in whatever order they are asked for', () => {
    const panes = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 });
    fc.assert(
      fc.property(panes, fc.integer({ min: 1, max: 9 }), (asked, panesPerWindow) => {
        const windows = of(panesPerWindow);
        for (const pane of asked) expect(windows.over(10 * pane)).toEqual(of(panesPerWindow).over(10 * pane));
      }),
    );
  });

  it('of very many panes one by one are found with few questions', () => {
    let questions = 0;
    const windows = new SlidingWindows((time) => {
      questions++;
      return tens(time);
    }, 100);
    for (let pane = 0; pane < 100_000; pane += 10) expect(windows.over(pane)[0]?.start).toBe(pane - 990);
    expect(questions).toBeLessThan(12_000);
  });

  it.each([
    ['Europe/Berlin', DAY, '2026-10-24T22:00:00Z', [49, 48, 48]],
    ['Europe/Berlin', DAY, '2026-03-28T23:00:00Z', [47, 48, 48]],
    ['Europe/Berlin', DAY / 2, '2026-10-24T22:00:00Z', [25, 24, 24]],
    ['Australia/Lord_Howe', HOUR, '2026-04-04T13:00:00Z', [2, 1.5, 1.5]],
  ] as const)('in %s, by %d ms from %s on, are %j hours long', (zone, step, start, hours) => {
    const panes = windowsOf(step, timeZone(zone));
    const windows = new SlidingWindows(panes, 2);
    const lengths: number[] = [];
    for (let at = Date.parse(start); lengths.length < hours.length; at = panes(at).end) {
      const window = windows.from(at);
      expect(window.end).toBe(panes(panes(at).end).end);
      lengths.push((window.end - window.start) / HOUR);
    }
    expect(lengths).toEqual(hours);
  });
});
