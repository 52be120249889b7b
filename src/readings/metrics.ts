/**
 * The newest readings and stats rows as metrics, for the textfile collector of Prometheus' node_exporter.
 *
 * The collector does not accept timestamps of samples, so times are metrics of their own.
 */

import type { Column } from '../lines/format-rows.ts';
import { metric, type Sample } from '../lines/prometheus.ts';
import { formatDecimal } from '../stats/decimal.ts';
import type { Reading } from './reading.ts';
import { parseTime } from './time.ts';

/** The newest reading of each sensor. Memory: a reading per sensor. */
export class NewestReadings {
  readonly #readings = new Map<string, Reading>();

  /** Takes a reading, unless it is older than the known one. */
  add(reading: Reading): void {
    const known = this.#readings.get(reading.sensor);
    if (known === undefined || (reading.time ?? 0) >= (known.time ?? 0))
      this.#readings.set(reading.sensor, reading);
  }

  /** All as text; empty if there are none. */
  text(): string {
    const readings = [...this.#readings.values()];
    const samples = (of: (reading: Reading) => number | undefined) =>
      readings.map((reading): Sample => [{ sensor: reading.sensor }, of(reading)]);
    return (
      metric(
        'etl_reading',
        'gauge',
        'The newest reading.',
        samples(({ value }) => Number(formatDecimal(value))),
      ) +
      metric(
        'etl_reading_time_seconds',
        'gauge',
        'Time of the newest reading, in seconds since 1970.',
        samples(({ time }) => time && time / 1000),
      )
    );
  }
}

/** Columns that are not a statistic of the values. */
const OTHERS = new Set(['sensor', 'window', 'start', 'end', 'count', 'expected', 'missing', 'unit']);

/** The newest row of each sensor and window. Memory: a row for each. */
export class NewestRows {
  readonly #columns: readonly Column[];
  readonly #rows = new Map<string, Readonly<Record<string, string>>>();

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
  }

  /** Takes a row, its fields in the order of the columns, unless it ends before the known one. */
  add(fields: readonly string[]): void {
    const row = Object.fromEntries(this.#columns.map(({ name }, at) => [name, fields[at] ?? '']));
    const key = JSON.stringify([row.sensor, row.window]);
    const known = this.#rows.get(key);
    if (known === undefined || endOf(row) >= endOf(known)) this.#rows.set(key, row);
  }

  /** All as text; empty if there are none. */
  text(): string {
    const rows = [...this.#rows.values()];
    const samples = (column: string, further: Readonly<Record<string, string>> = {}) =>
      rows.map((row): Sample => {
        const text = row[column] ?? '';
        return [{ ...labelsOf(row), ...further }, text === '' ? undefined : Number(text)];
      });
    const statistics = this.#columns.filter(({ name, type }) => type === 'number' && !OTHERS.has(name));
    const ends = rows.map((row): Sample => {
      const end = endOf(row);
      return [labelsOf(row), Number.isFinite(end) ? end / 1000 : undefined];
    });
    const values = statistics.flatMap(({ name }) => samples(name, { stat: name }));
    const units = rows.flatMap((row): Sample[] =>
      row.unit ? [[{ ...labelsOf(row), unit: row.unit }, 1]] : [],
    );
    return [
      metric('etl_value', 'gauge', 'Statistics of the newest row.', values),
      metric('etl_readings', 'gauge', 'Readings of the newest row.', samples('count')),
      metric(
        'etl_readings_expected',
        'gauge',
        'Readings that were due in the newest row.',
        samples('expected'),
      ),
      metric(
        'etl_readings_missing',
        'gauge',
        'Readings that were due in the newest row, and are missing.',
        samples('missing'),
      ),
      metric('etl_row_end_seconds', 'gauge', 'End of the newest row, in seconds since 1970.', ends),
      metric(
        'etl_series_info',
        'gauge',
        'Always 1; its label is the unit of a series, where it is known.',
        units,
      ),
    ].join('');
  }
}

function labelsOf({ sensor = '', window = '' }: Readonly<Record<string, string>>) {
  return { sensor, window };
}

/** In epoch milliseconds. */
function endOf({ end = '' }: Readonly<Record<string, string>>): number {
  return parseTime(end) ?? Number.NEGATIVE_INFINITY;
}
