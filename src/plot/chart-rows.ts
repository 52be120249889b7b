/**
 * Which rows belong to a chart, and what each becomes there.
 *
 * Rows come in any order; all of them are of one window, the one asked for or the first one that comes. Memory: some
 * thousand stretches of time per sensor.
 */

import type { StatsRow } from '../readings/stats-row.ts';
import { type Stretch, stretchOf } from './chart-bucket.ts';
import { Series } from './downsampler.ts';

export interface Wanted {
  /** None are all. */
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
/** What an average may have more than the values, however its source was computed. */
const MORE_DECIMALS = 2;

interface Sensor {
  readonly series: Series;
  newest: Stretch;
  /** Decimals, as in Digits. */
  value: number;
  average: number;
}

/** How many digits after the point are worth showing. */
export interface Digits {
  readonly value: number;
  readonly average: number;
}

/** The rows of a sensor, as far as they belong to the chart. */
export interface Collected {
  readonly sensor: string;
  /** In the order of time; at least one. */
  readonly stretches: readonly Stretch[];
  readonly newest: Stretch;
  readonly digits: Digits;
}

export class Collection {
  readonly #wanted: Wanted;
  readonly #sensors = new Map<string, Sensor>();
  #newest = Number.NEGATIVE_INFINITY;
  /** The window of the chart, once a row has come. */
  window: string | undefined;
  readonly otherWindows = new Set<string>();
  /** Whether any row came, wanted or not. */
  isEmpty = true;
  /** Rows with a number that cannot be drawn. */
  tooLarge = 0;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
    this.window = wanted.window;
  }

  /** Whether rows of this sensor and window belong to the chart. */
  wants({ sensor, window }: { readonly sensor: string; readonly window: string }): boolean {
    this.isEmpty = false;
    const { sensors } = this.#wanted;
    if (sensors.length > 0 && !sensors.includes(sensor)) return false;
    this.window ??= window;
    if (window !== this.window) this.otherWindows.add(window);
    return window === this.window;
  }

  add(row: StatsRow): void {
    if (!this.wants(row)) return;
    const value = Math.max(decimalsOf(row.min), decimalsOf(row.max));
    this.keep(row.sensor, stretchOf(row), { value, average: decimalsOf(row.avg) });
  }

  /** Takes a row, or several that are one already, of a sensor that is wanted. */
  keep(name: string, stretch: Stretch, digits: Digits): void {
    const { from, to } = this.#wanted;
    if (stretch.end <= from || stretch.end > to) return;
    if (!isDrawable(stretch)) {
      this.tooLarge += stretch.rows;
      return;
    }
    this.#newest = Math.max(this.#newest, stretch.end);
    if (stretch.end > this.oldest) this.#put(name, this.#converted(stretch), digits);
  }

  /** By the sensors' names, or as they were asked for; without those of which nothing is left. */
  collected(): Collected[] {
    const { sensors } = this.#wanted;
    const names = sensors.length > 0 ? new Set(sensors) : [...this.#sensors.keys()].sort();
    return [...names].flatMap((sensor) => {
      const found = this.#sensors.get(sensor);
      const stretches = found?.series.stretches(this.oldest) ?? [];
      if (found === undefined || stretches.length === 0) return [];
      return [{ sensor, stretches, newest: found.newest, digits: digitsOf(found) }];
    });
  }

  /** What a store has to give, when its newest row ends at this time: ends from `from` on, before `to`. */
  range(newest: number) {
    const { from, to, lastMs } = this.#wanted;
    // Times are whole milliseconds.
    return { from: Math.max(from, Math.min(newest, to) - lastMs) + 1, to: to + 1 };
  }

  /** Rows that end then or earlier are not of the last ones; -Infinity where all are. */
  get oldest(): number {
    return this.#newest - this.#wanted.lastMs;
  }

  #put(name: string, stretch: Stretch, digits: Digits): void {
    const sensor = this.#sensors.get(name) ?? newSensor(stretch);
    this.#sensors.set(name, sensor);
    sensor.series.add(stretch, this.oldest);
    if (isNewer(stretch, sensor.newest)) sensor.newest = stretch;
    sensor.value = Math.max(sensor.value, digits.value);
    sensor.average = Math.max(sensor.average, digits.average);
  }

  #converted(stretch: Stretch): Stretch {
    const { convert } = this.#wanted;
    return { ...stretch, min: convert(stretch.min), max: convert(stretch.max), avg: convert(stretch.avg) };
  }
}

function newSensor(newest: Stretch): Sensor {
  return { series: new Series(), newest, value: 0, average: 0 };
}

function digitsOf({ value, average }: Sensor): Digits {
  return { value, average: Math.min(average, value + MORE_DECIMALS) };
}

function isDrawable({ min, max, avg }: Stretch): boolean {
  return [min, max, avg].every((value) => Math.abs(value) <= LARGEST);
}

function isNewer(stretch: Stretch, newest: Stretch): boolean {
  return stretch.end === newest.end ? stretch.count >= newest.count : stretch.end > newest.end;
}

export function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}
