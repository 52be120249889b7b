/** Counts requests, and formats the server's metrics for Prometheus. */

import { family, type Labels, labelText, sample } from '../lines/prometheus.ts';
import { ageOf } from '../readings/last-reading.ts';
import type { ListSeries, Series } from '../stores/reader.ts';
import type { UnitOf } from './row-json.ts';

/** Upper bounds of the histogram, in seconds. */
const BOUNDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

interface Histogram {
  /** Requests up to each bound and above the previous one; the last count is above all bounds. */
  readonly counts: number[];
  seconds: number;
}

/** The counts since the server started. */
export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #durations = new Map<string, Histogram>();
  #errors = 0;

  /** Counts a request. `route` and `method` come from a fixed set, so that strangers cannot make memory grow. */
  request(method: string, route: string, status: number, seconds: number): void {
    count(this.#requests, labelText({ method, route, status: String(status) }));
    if (status >= 500) this.#errors += 1;
    const name = labelText({ route }).slice(1, -1);
    const histogram = this.#durations.get(name) ?? { counts: [...BOUNDS, 0].map(() => 0), seconds: 0 };
    const at = BOUNDS.findIndex((bound) => seconds <= bound);
    const index = at < 0 ? BOUNDS.length : at;
    histogram.counts[index] = (histogram.counts[index] ?? 0) + 1;
    histogram.seconds += seconds;
    this.#durations.set(name, histogram);
  }

  /**
   * The metrics as text, in pieces.
   *
   * @param store its series are listed once per metric
   * @param now epoch milliseconds
   */
  async *format(
    { series, unitOf }: { readonly series: ListSeries; readonly unitOf: UnitOf },
    listeners: number,
    now: number,
  ): AsyncGenerator<string> {
    const lines = async function* (lineOf: (one: Series) => string) {
      for await (const page of series()) yield page.map(lineOf).join('');
    };
    yield family('etl_rows', 'gauge', 'Stats rows in the store.');
    yield* lines((one) => sample('etl_rows', labelsOf(one), one.rows));
    yield family(
      'etl_newest_row_age_seconds',
      'gauge',
      'Age of the last reading of the newest row, or of its end if it has none; 0 while its window is open.',
    );
    yield* lines((one) => sample('etl_newest_row_age_seconds', labelsOf(one), ageOf(one.newest, now) / 1000));
    yield family('etl_value', 'gauge', 'Minimum, maximum and average of the newest row.');
    for (const stat of ['min', 'max', 'avg'] as const)
      yield* lines((one) => sample('etl_value', { ...labelsOf(one), stat }, Number(one.newest[stat])));
    // Units differ within etl_value, so it has no UNIT metadata; as a label, a changed unit would begin a new series.
    yield family(
      'etl_series_info',
      'gauge',
      'Always 1; its label is the unit of a series, where it is known.',
    );
    yield* lines((one) => {
      const unit = unitOf(one.newest);
      return unit === undefined ? '' : sample('etl_series_info', { ...labelsOf(one), unit }, 1);
    });
    yield [
      family('etl_http_requests_total', 'counter', 'Requests answered.'),
      ...[...this.#requests].map(([name, value]) => `etl_http_requests_total${name} ${value}\n`),
      family('etl_http_request_duration_seconds', 'histogram', 'Time until the response began.'),
      ...[...this.#durations].map(([name, histogram]) => histogramLines(name, histogram)),
      family('etl_errors_total', 'counter', 'Requests that failed because of the server or the store.'),
      sample('etl_errors_total', {}, this.#errors),
      family('etl_event_listeners', 'gauge', 'Open streams of events.'),
      sample('etl_event_listeners', {}, listeners),
    ].join('');
  }
}

function labelsOf({ sensor, window }: Series): Labels {
  return { sensor, window };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function histogramLines(name: string, { counts, seconds }: Histogram): string {
  const metric = 'etl_http_request_duration_seconds';
  let sum = 0;
  const buckets = [...BOUNDS, '+Inf'].map((bound, at) => {
    sum += counts[at] ?? 0;
    return `${metric}_bucket{${name},le="${bound}"} ${sum}\n`;
  });
  return [...buckets, `${metric}_sum{${name}} ${seconds}\n`, `${metric}_count{${name}} ${sum}\n`].join('');
}
