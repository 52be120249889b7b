import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bounded,
  firstRange,
  holds,
  isRangeName,
  pan,
  pinch,
  spanOf,
  widened,
  zoom,
} from '../../../../src/dashboard/page/data/time-range.ts';

const HOUR = 3_600_000;
const now = Date.UTC(2026, 10, 21, 12);
const rows = { from: now - 100 * HOUR, to: now };

describe('a span', () => {
  it('follows the clock, or holds everything', () => {
    expect(spanOf('6h', now, rows)).toEqual({ from: now - 6 * HOUR, to: now });
    expect(spanOf('all', now, rows)).toEqual(rows);
    expect(spanOf('all', now, undefined).to).toBe(now);
    expect(spanOf('all', now, { from: now, to: now })).toEqual({ from: now - HOUR, to: now });
  });

  it('shows old rows at first', () => {
    expect(firstRange(now, rows)).toBe('24h');
    expect(firstRange(now + 1000 * HOUR, rows)).toBe('all');
    expect(firstRange(now, undefined)).toBe('24h');
  });

  it('zooms around a time', () => {
    const span = { from: 0, to: 100 * HOUR };
    expect(zoom(span, 0.5, 25 * HOUR)).toEqual({ from: 12.5 * HOUR, to: 62.5 * HOUR });
    expect(pan(span, 0.25)).toEqual({ from: 25 * HOUR, to: 125 * HOUR });
    expect(holds(widened(span), span)).toBe(true);
  });

  it('stays near the rows, whatever is asked for', () => {
    const time = fc.integer({ min: -1e13, max: 1e13 });
    fc.assert(
      fc.property(time, fc.integer({ min: 0, max: 1e13 }), (from, length) => {
        const span = bounded({ from, to: from + length }, rows, now);
        expect(span.to - span.from).toBeGreaterThanOrEqual(60_000);
        expect(span.to).toBeGreaterThan(rows.from);
        expect(span.from).toBeLessThan(now);
        expect(Number.isInteger(span.from) && Number.isInteger(span.to)).toBe(true);
      }),
    );
  });
});

describe('two fingers', () => {
  const span = { from: 1000, to: 2000 };

  it('zoom in when they part, out when they meet, and move', () => {
    expect(pinch(span, [0.4, 0.6], [0.3, 0.7])).toEqual({ from: 1250, to: 1750 });
    expect(pinch(span, [0.25, 0.75], [0.375, 0.625])).toEqual({ from: 500, to: 2500 });
    expect(pinch(span, [0.25, 0.5], [0.5, 0.75])).toEqual({ from: 750, to: 1750 });
  });

  it('keep the times they were put on', () => {
    const place = fc.tuple(fc.double({ min: 0, max: 0.45 }), fc.double({ min: 0.55, max: 1 }));
    fc.assert(
      fc.property(place, place, (start, end) => {
        fc.pre([...start, ...end].every(Number.isFinite));
        const { from, to } = pinch(span, start, end);
        for (const at of [0, 1] as const)
          expect(from + end[at] * (to - from)).toBeCloseTo(1000 + start[at] * 1000, 6);
      }),
    );
  });

  it('change nothing when they cross, and do not zoom when they touch', () => {
    expect(pinch(span, [0.4, 0.6], [0.6, 0.4])).toEqual(span);
    expect(pinch(span, [0.4, 0.6], [0.5, 0.5])).toEqual(span);
  });
});

it('a range has a name of the list', () => {
  expect(['1h', 'all', '9h', 'toString'].map(isRangeName)).toEqual([true, true, false, false]);
});
