/**
 * The rows of a chart, by sensor.
 *
 * Rows come in any order. A chart has one window: the given one, or that of the first row. Memory: some thousand buckets
 * per sensor.
 */

import { mapYielding } from '../async/yield-to-event-loop.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { sortedNames } from '../stats/names.ts';
import { type ChartBucket, chartBucket } from './chart-bucket.ts';
import { Downsampler } from './downsampler.ts';
import type { ShownUnit } from './shown-unit.ts';

/** Which rows to chart, and in which units. */
export interface RowFilter {
  /** Empty for all. */
  readonly sensors: readonly string[];
  /** Undefined for the window of the first row. */
  readonly window: string | undefined;
  /** Only rows that end later than this, in epoch ms. */
  readonly from: number;
  /** Only rows that end at this time or earlier, in epoch ms. */
  readonly to: number;
  /** Only rows that end less than this many ms before the newest one. */
  readonly lastMs: number;
  /** The unit of a series, from its newest row; undefined if unknown. */
  unitOf(newest: StatsRow): string | undefined;
  /** The unit in which to draw a series of this unit. */
  shownUnit(unit: string | undefined): ShownUnit;
}

/** Beyond this, differences between values could overflow. */
const LARGEST_VALUE = 1e300;
/** How many more decimals than the values an average may have, however its source computed it. */
const EXTRA_DECIMALS = 2;

interface Sensor {
  readonly downsampler: Downsampler;
  newest: ChartBucket;
  /** The newest row; undefined if it is part of a merged bucket. */
  row: StatsRow | undefined;
  /** Number of decimals, as in Digits. */
  value: number;
  average: number;
}

/** Numbers of decimals worth showing. */
export interface Digits {
  readonly value: number;
  readonly average: number;
}

/** The charted rows of one sensor. */
export interface ChartSeries {
  readonly sensor: string;
  /** The unit after its numbers; empty for none. */
  readonly unit: string;
  /** In chronological order; at least one. */
  readonly buckets: readonly ChartBucket[];
  readonly newest: ChartBucket;
  readonly digits: Digits;
}

/** Collects the rows of a chart. */
export class ChartRows {
  readonly #filter: RowFilter;
  readonly #sensors = new Map<string, Sensor>();
  #newest = Number.NEGATIVE_INFINITY;
  /** The window of the chart; undefined until the first row unless it was given. */
  window: string | undefined;
  readonly otherWindows = new Set<string>();
  /** Whether no row has come, in the chart or not. */
  isEmpty = true;
  /** Number of rows whose values are too large to draw. */
  tooLarge = 0;

  constructor(filter: RowFilter) {
    this.#filter = filter;
    this.window = filter.window;
  }

  /** Whether rows of this sensor and window belong in the chart. */
  wants({ sensor, window }: { readonly sensor: string; readonly window: string }): boolean {
    this.isEmpty = false;
    const { sensors } = this.#filter;
    if (sensors.length > 0 && !sensors.includes(sensor)) return false;
    this.window ??= window;
    if (window !== this.window) this.otherWindows.add(window);
    return window === this.window;
  }

  /** Adds a row if it belongs in the chart. */
  add(row: StatsRow): void {
    if (!this.wants(row)) return;
    const value = Math.max(decimalsOf(row.min), decimalsOf(row.max));
    const digits = { value, average: decimalsOf(row.avg) };
    this.addBucket(row.sensor, chartBucket(row), digits, row);
  }

  /** Adds a bucket of a wanted sensor if it is in range; its values are in the stored unit. @param row its only row, if known */
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

  /** Sorted by sensor, or in the order of `sensors` if given; without sensors that have no rows. */
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

  /** The range of ends to read from a store whose newest row ends at `newest`, in epoch ms; `to` is exclusive. */
  range(newest: number): { readonly from: number; readonly to: number } {
    const { from, to, lastMs } = this.#filter;
    // Times are whole ms, so +1 makes `from` inclusive and `to` exclusive.
    return { from: Math.max(from, Math.min(newest, to) - lastMs) + 1, to: to + 1 };
  }

  /** Only rows that end later than this are within `lastMs`; -Infinity for no limit. */
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
  return { value, average: Math.min(average, value + EXTRA_DECIMALS) };
}

function isDrawable({ min, max, avg }: ChartBucket): boolean {
  return [min, max, avg].every((value) => Math.abs(value) <= LARGEST_VALUE);
}

function isNewer(bucket: ChartBucket, newest: ChartBucket): boolean {
  return bucket.end === newest.end ? bucket.count >= newest.count : bucket.end > newest.end;
}

/** Number of decimals. */
export function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}
