import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketJson, rowJson, seriesJson } from '../../src/dashboard/row-json.ts';
import type { StatsRow } from '../../src/readings/stats-row.ts';

const row: StatsRow = {
  ...{ sensor: 'attic', window: '1h', start: '2026-01-01T00:00:00Z', end: '2026-01-01T01:00:00Z', count: 60 },
  ...{ min: '20.50', max: '1234567890.123456789', avg: '21.1250' },
  extra: new Map(),
};

/** Of characters that JSON, a line or a browser could mind. */
const text = fc.string({
  unit: fc.constantFrom('"', '\\', '\n', '\r', '\0', '\u2028', '<', 'é', '🌡', '1', '_'),
});

describe('a row as JSON', () => {
  it('keeps the digits that are stored', () => {
    expect(rowJson(row)).toBe(
      '{"sensor":"attic","window":"1h","start":"2026-01-01T00:00:00Z","end":"2026-01-01T01:00:00Z",' +
        '"count":60,"min":20.50,"max":1234567890.123456789,"avg":21.1250}',
    );
  });

  it('has null for what is not there, and further columns as numbers where they are', () => {
    const extra = new Map(
      Object.entries({ p95: '21.5', note: 'a\n"b"', none: '', hex: '0x1', zero: '007', gap: 'x' }),
    );
    expect(JSON.parse(rowJson({ ...row, window: 'all', start: '', min: '', extra }, true))).toEqual({
      ...{ sensor: 'attic', window: 'all', start: null, end: row.end, count: 60, min: null },
      ...{
        max: Number('1234567890.123456789'),
        avg: 21.125,
        p95: 21.5,
        note: 'a\n"b"',
        none: null,
        hex: '0x1',
        zero: '007',
      },
      gap: true,
    });
  });

  it('begins where the length of its window says, if the row does not', () => {
    expect(rowJson({ ...row, start: '' })).toBe(rowJson(row));
    const day = JSON.parse(rowJson({ ...row, window: '1d', start: '' }));
    expect(day.start).toBe('2025-12-31T01:00:00Z');
  });

  it('is one line of JSON whatever a sensor and a column are called', () => {
    fc.assert(
      fc.property(text, text, text, (sensor, name, value) => {
        fc.pre(!(name in { ...row, gap: 1 }));
        const json = rowJson({ ...row, sensor, extra: new Map([[name, value]]) });
        expect(json).not.toMatch(/[\r\n]/);
        expect(JSON.parse(json).sensor).toBe(sensor);
        expect(Object.entries(JSON.parse(json))).toHaveLength(9);
      }),
    );
  });
});

it('a bucket has an average without the noise of floats', () => {
  const bucket = { start: 0, end: 1000, rows: 3, count: 3, min: 0.1, max: 0.3, avg: 0.1 + 0.2 + 1e-17 };
  expect(JSON.parse(bucketJson('a', 'all', { ...bucket, missing: undefined }))).toEqual({
    ...{ sensor: 'a', window: 'all', start: '1970-01-01T00:00:00Z', end: '1970-01-01T00:00:01Z', count: 3 },
    ...{ min: 0.1, max: 0.3, avg: 0.3, rows: 3, missing: null },
  });
});

it('a series says how far its rows are apart in seconds', () => {
  const series = { sensor: 'attic', window: '1h', rows: 2, newest: row, from: 0, to: 1500, every: 60_000 };
  expect(JSON.parse(seriesJson(series))).toMatchObject({
    every: 60,
    from: '1970-01-01T00:00:00Z',
    latest: { count: 60 },
  });
  expect(JSON.parse(seriesJson({ ...series, every: undefined }))).toMatchObject({ every: null });
});
