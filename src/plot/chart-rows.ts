/**
 * The rows that belong to a chart, sensor by sensor.
 *
 * Rows come in any order; all of them are of one window, the one asked for or that of the first row. Memory: some thousand
 * buckets per sensor.
 */

import { mapYielding } from '../async/yield-to-event-loop.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { type ChartBucket, chartBucket } from './chart-bucket.ts';
import { Downsampler } from './downsampler.ts';

/** Which rows are charted, and in which unit. */
export interface RowFilter {
  /** Empty for all. */
  readonly sensors: readonly string[];
  /** Undefined for that of the first row. */
  readonly window: string | undefined;
  /** Rows that end later than this: epoch milliseconds. */
  readonly from: number;
  /** Rows that end at this time or earlier. */
  readonly to: number;
  /** Rows that end less than this before the newest one. */
  readonly lastMs: number;
  /** From the unit of the rows to that of the chart. */
  readonly convert: (value: number) => number;
}

/** Beyond it, differences between values could be beyond all numbers. */
const LARGEST = 1e300;
/** Digits that an average may have beyond those of the values, however its source computed it. */
const MORE_DECIMALS = 2;

interface Sensor {
  readonly downsampler: Downsampler;
  newest: ChartBucket;
  /** Decimals, as in Digits. */
  value: number;
  average: number;
}

/** How many digits after the point are worth showing. */
export interface Digits {
  readonly value: number;
  readonly average: number;
}

/** The charted rows of one sensor. */
export interface ChartSeries {
  readonly sensor: string;
  /** In the order of time; at least one. */
  readonly buckets: readonly ChartBucket[];
  readonly newest: ChartBucket;
  readonly digits: Digits;
}

/** Collects the rows of a chart. */
export class ChartRows {
  readonly #filter: RowFilter;
  readonly #sensors = new Map<string, Sensor>();
  #newest = Number.NEGATIVE_INFINITY;
  /** The window of the chart, once a row has come. */
  window: string | undefined;
  readonly otherWindows = new Set<string>();
  /** Whether no row has come, wanted or not. */
  isEmpty = true;
  /** Number of rows with a value that cannot be drawn. */
  tooLarge = 0;

  constructor(filter: RowFilter) {
    this.#filter = filter;
    this.window = filter.window;
  }

  /** Whether rows of this sensor and window belong to the chart. */
  wants({ sensor, window }: { readonly sensor: string; readonly window: string }): boolean {
    this.isEmpty = false;
    const { sensors } = this.#filter;
    if (sensors.length > 0 && !sensors.includes(sensor)) return false;
    this.window ??= window;
    if (window !== this.window) this.otherWindows.add(window);
    return window === this.window;
  }

  /** Adds a row if it belongs to the chart. */
  add(row: StatsRow): void {
    if (!this.wants(row)) return;
    const value = Math.max(decimalsOf(row.min), decimalsOf(row.max));
    this.addBucket(row.sensor, chartBucket(row), { value, average: decimalsOf(row.avg) });
  }

  /** Adds rows of a wanted sensor, in the unit of the rows, if they belong to the chart. */
  addBucket(name: string, bucket: ChartBucket, digits: Digits): void {
    const { from, to } = this.#filter;
    if (!(bucket.end > from && bucket.end <= to)) return;
    if (!isDrawable(bucket)) {
      this.tooLarge += bucket.rows;
      return;
    }
    this.#newest = Math.max(this.#newest, bucket.end);
    if (bucket.end > this.oldest) this.#put(name, this.#converted(bucket), digits);
  }

  /** By the sensors' names, or in the order in which they were asked for; sensors without rows are left out. */
  async series(): Promise<ChartSeries[]> {
    const { sensors } = this.#filter;
    const names = sensors.length > 0 ? new Set(sensors) : [...this.#sensors.keys()].sort();
    const all = await mapYielding(names, (sensor) => {
      const found = this.#sensors.get(sensor);
      const buckets = found?.downsampler.buckets(this.oldest) ?? [];
      if (found === undefined || buckets.length === 0) return [];
      return [{ sensor, buckets, newest: found.newest, digits: digitsOf(found) }];
    });
    return all.flat();
  }

  /** The range of ends, `to` exclusive, to read from a store whose newest row ends at this time: epoch milliseconds. */
  range(newest: number): { readonly from: number; readonly to: number } {
    const { from, to, lastMs } = this.#filter;
    // Times are whole milliseconds.
    return { from: Math.max(from, Math.min(newest, to) - lastMs) + 1, to: to + 1 };
  }

  /** Rows that end then or earlier are not among the last ones; -Infinity where all are. */
  get oldest(): number {
    return this.#newest - this.#filter.lastMs;
  }

  #put(name: string, bucket: ChartBucket, digits: Digits): void {
    const sensor = this.#sensors.get(name) ?? newSensor(bucket);
    this.#sensors.set(name, sensor);
    sensor.downsampler.add(bucket, this.oldest);
    if (isNewer(bucket, sensor.newest)) sensor.newest = bucket;
    sensor.value = Math.max(sensor.value, digits.value);
    sensor.average = Math.max(sensor.average, digits.average);
  }

  #converted(bucket: ChartBucket): ChartBucket {
    const { convert } = this.#filter;
    return { ...bucket, min: convert(bucket.min), max: convert(bucket.max), avg: convert(bucket.avg) };
  }
}

function newSensor(newest: ChartBucket): Sensor {
  return { downsampler: new Downsampler(), newest, value: 0, average: 0 };
}

function digitsOf({ value, average }: Sensor): Digits {
  return { value, average: Math.min(average, value + MORE_DECIMALS) };
}

function isDrawable({ min, max, avg }: ChartBucket): boolean {
  return [min, max, avg].every((value) => Math.abs(value) <= LARGEST);
}

function isNewer(bucket: ChartBucket, newest: ChartBucket): boolean {
  return bucket.end === newest.end ? bucket.count >= newest.count : bucket.end > newest.end;
}

/** Number of digits after the point. */
export function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}
