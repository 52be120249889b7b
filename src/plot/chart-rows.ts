/**
 * The rows that belong to a chart, sensor by sensor.
 *
 * Rows come in any order; all of them are of one window, the one asked for or that of the first row. Memory: some thousand
 * buckets per sensor.
 */

import { mapYielding } from '../async/yield-to-event-loop.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { sortedNames } from '../stats/names.ts';
import { type ChartBucket, chartBucket } from './chart-bucket.ts';
import { Downsampler } from './downsampler.ts';
import type { ShownUnit } from './shown-unit.ts';

/** Which rows are charted, and in which units. */
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
  /** The unit of a series by its newest row; undefined when nothing is known of it. */
  unitOf(newest: StatsRow): string | undefined;
  /** How a series in this unit is drawn. */
  shownUnit(unit: string | undefined): ShownUnit;
}

/** Beyond it, differences between values could be beyond all numbers. */
const LARGEST = 1e300;
/** Digits that an average may have beyond those of the values, however its source computed it. */
const MORE_DECIMALS = 2;

interface Sensor {
  readonly downsampler: Downsampler;
  newest: ChartBucket;
  /** The newest row; undefined when that is part of a bucket. */
  row: StatsRow | undefined;
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
  /** Behind its numbers; empty for none. */
  readonly unit: string;
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
    const digits = { value, average: decimalsOf(row.avg) };
    this.addBucket(row.sensor, chartBucket(row), digits, row);
  }

  /** Adds rows of a wanted sensor, in the unit of the rows, if they belong to the chart. @param row the only one of them */
  addBucket(name: string, bucket: ChartBucket, digits: Digits, row?: StatsRow): void {
    const { from, to } = this.#filter;
    if (!(bucket.end > from && bucket.end <= to)) return;
    if (!isDrawable(bucket)) {
      this.tooLarge += bucket.rows;
      return;
    }
    this.#newest = Math.max(this.#newest, bucket.end);
    if (bucket.end > this.oldest) this.#put(name, bucket, digits, row);
  }

  /** By the sensors' names, or in the order in which they were asked for; sensors without rows are left out. */
  async series(): Promise<ChartSeries[]> {
    const { sensors, unitOf, shownUnit } = this.#filter;
    const names = sensors.length > 0 ? new Set(sensors) : sortedNames(this.#sensors.keys());
    const all = await mapYielding(names, (sensor) => {
      const found = this.#sensors.get(sensor);
      const buckets = found?.downsampler.buckets(this.oldest) ?? [];
      if (found === undefined || buckets.length === 0) return [];
      const { unit, convert } = shownUnit(found.row && unitOf(found.row));
      const shown = (bucket: ChartBucket) => converted(bucket, convert);
      return [
        { sensor, unit, buckets: buckets.map(shown), newest: shown(found.newest), digits: digitsOf(found) },
      ];
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

  #put(name: string, bucket: ChartBucket, digits: Digits, row: StatsRow | undefined): void {
    const sensor = this.#sensors.get(name) ?? newSensor(bucket);
    this.#sensors.set(name, sensor);
    sensor.downsampler.add(bucket, this.oldest);
    if (isNewer(bucket, sensor.newest)) {
      sensor.newest = bucket;
      sensor.row = row;
    }
    sensor.value = Math.max(sensor.value, digits.value);
    sensor.average = Math.max(sensor.average, digits.average);
  }
}

function newSensor(newest: ChartBucket): Sensor {
  return { downsampler: new Downsampler(), newest, row: undefined, value: 0, average: 0 };
}

function converted(bucket: ChartBucket, convert: ShownUnit['convert']): ChartBucket {
  return { ...bucket, min: convert(bucket.min), max: convert(bucket.max), avg: convert(bucket.avg) };
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
