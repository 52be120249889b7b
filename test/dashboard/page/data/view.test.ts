import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { legendParts } from '../../../../src/dashboard/page/data/legend.ts';
import { formatView, parseView, type View } from '../../../../src/dashboard/page/data/view.ts';

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
      hidden: fc.uniqueArray(fc.string()),
      without: fc.uniqueArray(fc.constantFrom(...legendParts)),
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
    expect(parseView('#without=all&without=band&hide=a&hide=a')).toMatchObject({
      without: ['band'],
      hidden: ['a'],
    });
  });
});
