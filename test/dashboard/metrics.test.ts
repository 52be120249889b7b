import { expect, it } from 'vitest';
import { Metrics } from '../../src/dashboard/metrics.ts';
import type { Series } from '../../src/stores/reader.ts';

async function formatted(
  metrics: Metrics,
  series: Series[],
  listeners: number,
  now: number,
  unit?: string,
): Promise<string> {
  const pages = async function* () {
    for (const each of series) yield [each];
  };
  let text = '';
  for await (const piece of metrics.format({ series: pages, unitOf: () => unit }, listeners, now))
    text += piece;
  return text;
}

it('the histogram counts each request in all buckets that hold it', async () => {
  const metrics = new Metrics();
  for (const seconds of [0.001, 0.2, 99]) metrics.request('GET', '/', 200, seconds);
  const lines = (await formatted(metrics, [], 0, 0)).split('\n');
  const count = (le: string) =>
    lines
      .find((line) => line.startsWith(`etl_http_request_duration_seconds_bucket{route="/",le="${le}"}`))
      ?.split(' ')[1];
  expect(['0.001', '0.1', '0.5', '10', '+Inf'].map(count)).toEqual(['1', '1', '2', '2', '3']);
  expect(lines).toContain('etl_http_request_duration_seconds_count{route="/"} 3');
});

it('only errors of the server count as errors', async () => {
  const metrics = new Metrics();
  for (const status of [200, 404, 500, 503]) metrics.request('GET', '/', status, 0);
  expect(await formatted(metrics, [], 7, 0)).toContain('etl_errors_total 2\n');
  expect(await formatted(metrics, [], 7, 0)).toContain('etl_event_listeners 7\n');
});

it('names of sensors are escaped', async () => {
  const newest = {
    sensor: '',
    window: '1h',
    start: '',
    end: '1970-01-01T00:00:01Z',
    count: 1,
    min: '-1.50',
    max: '21.5',
    avg: '20',
    extra: new Map(),
  };
  const series = { sensor: 'a"b\\c\nd', window: '1h', rows: 3, newest, from: 0, to: 1000, every: undefined };
  const text = await formatted(new Metrics(), [series], 0, 61_000);
  const labels = 'sensor="a\\"b\\\\c\\nd",window="1h"';
  expect(text).toContain(`etl_newest_row_age_seconds{${labels}} 60\n`);
  for (const [stat, value] of Object.entries({ min: -1.5, max: 21.5, avg: 20 }))
    expect(text).toContain(`etl_value{${labels},stat="${stat}"} ${value}\n`);
  expect(text).not.toContain('etl_series_info{');
  expect(await formatted(new Metrics(), [series], 0, 0, 'a"')).toContain(
    `etl_series_info{${labels},unit="a\\""} 1\n`,
  );
  // The window goes on.
  expect(await formatted(new Metrics(), [series], 0, 500)).toContain(
    `etl_newest_row_age_seconds{${labels}} 0\n`,
  );
});
