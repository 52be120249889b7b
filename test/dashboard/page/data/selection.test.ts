import { describe, expect, it } from 'vitest';
import { queryOf, rowsNeeded, selectionOf } from '../../../../src/dashboard/page/data/selection.ts';
import { parseView } from '../../../../src/dashboard/page/data/view.ts';
import { entry, now } from '../entries.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const hour = { ...entry('1h', now - HOUR, now), from: now - 100 * HOUR };
const sensors = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ ...hour, sensor: `s${String(at).padStart(2, '0')}` }));
const selected = (hash: string, entries = sensors(2), filter = '') =>
  selectionOf(entries, parseView(hash), filter, now);

describe('what is shown', () => {
  it('is each sensor on its own, the last day up to now', () => {
    const { groups, range, span, isLive, window } = selected('');
    expect([groups, range, isLive, window]).toEqual([[['s00'], ['s01']], '24h', true, '1h']);
    expect(span.to - span.from).toBe(DAY);
    expect(span.to).toBeGreaterThanOrEqual(now);
    // In steps of about a pixel.
    expect(span.to - now).toBeLessThan(DAY / 1200);
  });

  it('is all rows when the last day has none', () => {
    expect(selectionOf(sensors(1), parseView(''), '', now + 2 * DAY).range).toBe('all');
  });

  it('is a zoom, which does not follow the clock', () => {
    const { span, isLive } = selected('from=2026-11-20T00:00:00Z&to=2026-11-20T06:00:00Z');
    expect([span.from, span.to, isLive]).toEqual([Date.UTC(2026, 10, 20), Date.UTC(2026, 10, 20, 6), false]);
  });

  it('is together as many sensors as can be told apart, and the same in a table', () => {
    for (const hash of ['layout=together', 'show=table']) {
      const { sensors: shown, of } = selected(hash, sensors(20));
      expect([shown.length, of]).toEqual([12, 20]);
    }
    expect(selected('layout=together', sensors(20)).groups).toHaveLength(1);
    expect(selected('layout=together', sensors(1)).groups).toEqual([['s00']]);
    expect(selected('', sensors(20)).sensors).toHaveLength(20);
  });

  it('is a chart for each unit where there are more units than axes', () => {
    const units = (...signs: string[]) =>
      selected(
        'layout=together',
        signs.map((unit, at) => ({ ...hour, unit, sensor: `s${at}` })),
      ).groups;
    expect(units('°C', '%', '°C')).toEqual([['s0', 's1', 's2']]);
    expect(units('°C', '%', '°C', 'B')).toEqual([['s0', 's2'], ['s1'], ['s3']]);
  });

  it('is what the filter leaves', () => {
    expect(selected('', sensors(20), 'S1').sensors).toHaveLength(10);
  });

  it('is the window that was asked for, or else the one that fits', () => {
    const entries = [
      hour,
      { ...hour, window: '1d', every: DAY, latest: { ...hour.latest, start: now - DAY } },
    ];
    const windowOf = (hash: string) => {
      const { window, isFitting } = selected(hash, entries);
      return [window, isFitting];
    };
    expect(windowOf('')).toEqual(['1h', true]);
    expect(windowOf('window=7d')).toEqual(['1h', true]);
    expect(windowOf('range=1y')).toEqual(['1d', true]);
    expect(windowOf('range=1y&window=1h')).toEqual(['1h', false]);
  });

  it('is nothing without series', () => {
    expect(selected('', [])).toMatchObject({ window: '', sensors: [], rows: undefined, groups: [] });
  });
});

describe('the rows needed', () => {
  it('reach beyond what is shown, and to the newest ones while they follow the clock', () => {
    const shown = selected('');
    const { least, span, points } = rowsNeeded(shown, ['s00'], 1000);
    expect([least.from, least.to, span.to]).toEqual([shown.span.from, Infinity, Infinity]);
    expect(span.from).toBe(shown.span.from - DAY / 4);
    // One for each pixel of the longer span.
    expect(points).toBe(1500);
  });

  it('are neither few nor very many', () => {
    expect([1, 1e6].map((pixels) => rowsNeeded(selected(''), [], pixels).points)).toEqual([200, 4000]);
  });

  it('are no more than one for each day where a day is narrow, unless the window was asked for', () => {
    const year = { ...hour, from: now - 9000 * HOUR };
    const step = (hash: string, pixels: number) => rowsNeeded(selected(hash, [year]), ['attic'], pixels).step;
    expect([step('range=1y', 1000), step('range=30d', 1000), step('range=30d', 300)]).toEqual([
      ...[DAY, undefined, DAY],
    ]);
    expect(step('range=1y&window=1h', 1000)).toBeUndefined();
  });

  it('are all that are shown for CSV', () => {
    expect(queryOf(selected(''))).toEqual({
      ...{ sensors: ['s00', 's01'], window: '1h', from: selected('').span.from, to: Infinity },
    });
    expect(queryOf(selected('from=2026-11-20&to=2026-11-21')).to).toBe(Date.UTC(2026, 10, 21));
  });
});
