import { expect, it } from 'vitest';
import { rowsAddress, toEntries } from '../../../../src/dashboard/page/data/series-json.ts';

it('a series comes out of JSON with times in milliseconds', () => {
  const latest = {
    start: '1970-01-01T00:00:00Z',
    end: '1970-01-01T00:01:00Z',
    count: 1,
    min: 1,
    max: 1,
    avg: 1,
  };
  const known = { unit: 'B', last_time: latest.end, limits: { max: 30 } };
  const json = {
    ...{ sensor: 'a', window: '1m', rows: 2, from: latest.start, to: latest.end, every: 60, latest },
    ...known,
  };
  const unknown = { every: null, unit: null, last_time: null, limits: {} };
  const [entry, other] = toEntries({ series: [json, { ...json, ...unknown }] });
  expect(entry).toMatchObject({ from: 0, to: 60_000, every: 60_000, latest: { end: 60_000, rows: 1 } });
  expect(entry).toMatchObject({ unit: 'B', lastTime: 60_000, limits: { min: undefined, max: 30 } });
  expect([other?.every, other?.unit, other?.lastTime, other?.limits.max]).toEqual(Array(4).fill(undefined));
});

it('an address of rows asks for the sensors, the window and the limits that there are', () => {
  const all = { sensors: [], window: 'all', from: -Infinity, to: Infinity };
  expect(rowsAddress('api/stats.csv', all)).toBe('api/stats.csv?window=all');
  const beyond = { ...all, from: Date.UTC(-3000, 0), to: Date.UTC(12_000, 0) };
  expect(rowsAddress('api/stats.csv', beyond)).toBe('api/stats.csv?window=all');
  const some = { sensors: ['a&b', 'ö'], window: '1h', from: 0, to: 1, points: 200, step: 60_000 };
  expect(rowsAddress('api/stats', some)).toBe(
    'api/stats?sensor=a%26b&sensor=%C3%B6&window=1h&from=1970-01-01T00%3A00%3A00.000Z&to=1970-01-01T00%3A00%3A00.001Z&points=200&step=60',
  );
});
