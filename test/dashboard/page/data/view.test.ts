import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bounded,
  firstRange,
  holds,
  pan,
  spanOf,
  widened,
  zoom,
} from '../../../../src/dashboard/page/data/time-range.ts';
import { formatView, parseView, type View } from '../../../../src/dashboard/page/data/view.ts';

const HOUR = 3_600_000;
const now = Date.UTC(2026, 10, 21, 12);
const rows = { from: now - 100 * HOUR, to: now };

describe('a view', () => {
  it('is what it was after it has been an address', () => {
    const time = fc.integer({ min: 0, max: 4e12 });
    const views: fc.Arbitrary<View> = fc.record({
      sensor: fc.option(fc.string(), { nil: undefined }),
      window: fc.option(fc.string(), { nil: undefined }),
      range: fc.constantFrom(undefined, '1h', '7d', 'all'),
      zoom: fc.option(
        fc.tuple(time, fc.integer({ min: 1, max: 1e9 })).map(([from, by]) => ({ from, to: from + by })),
        { nil: undefined },
      ),
      layout: fc.constantFrom('apart', 'together'),
      show: fc.constantFrom('chart', 'table'),
    });
    fc.assert(
      fc.property(views, (view) => {
        expect(parseView(`#${formatView(view)}`)).toEqual(view);
      }),
    );
  });

  it('comes out of any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseView(text).layout).toMatch(/apart|together/);
      }),
    );
    expect(parseView('#from=x&to=2026-01-01&range=9h').zoom).toBeUndefined();
    expect(parseView('#from=2026-01-02&to=2026-01-01').zoom).toBeUndefined();
  });
});

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
