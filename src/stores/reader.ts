/**
 * The reading side of a store, for charts.
 *
 * One driver per kind of address, beside the one that writes. A reader sees what others write while it is open, and
 * never makes a writer wait. A long range is read piece by piece, each of which shows whole batches.
 */

import type { StatsRow } from '../readings/stats-row.ts';
import type { Bucket } from '../stats/bucket.ts';
import type { StoreSettings } from './store.ts';

/** The rows of one sensor and window, as a whole. */
export interface Series {
  readonly sensor: string;
  readonly window: string;
  /** Their number; in a large Postgres database, or for a part of the series, that of some moments ago. */
  readonly rows: number;
  /** The row with the latest end. */
  readonly newest: StatsRow;
  /** The end of the earliest row: epoch milliseconds. */
  readonly from: number;
  /** The end of the latest row: epoch milliseconds. */
  readonly to: number;
  /** The usual distance between the ends of neighbours, in milliseconds: the median of the last rows; undefined below two. */
  readonly every: number | undefined;
}

export interface SeriesKey {
  readonly sensor: string;
  readonly window: string;
}

export interface Range extends SeriesKey {
  /** Rows that end here or later: epoch milliseconds, or -Infinity. */
  readonly from: number;
  /** Rows that end before this: epoch milliseconds, or Infinity. */
  readonly to: number;
}

/** Which series are wanted. */
export interface SeriesPart {
  /** Only those of this sensor; undefined for all. */
  readonly sensor?: string | undefined;
  /** Only those that sort behind this one. */
  readonly after?: SeriesKey | undefined;
  /** The first ones of these, at most this many; undefined for all. */
  readonly most?: number | undefined;
}

/** Its methods throw a Failure: (temporary) when trying again may help, else (unavailable) or (I/O). */
export interface StoreReader {
  /** Throws when the store cannot be read. As quick for a large store; a missing table is no error. */
  check(): Promise<void>;
  /** Sorted by sensor and window; empty while there is no table yet. Each has its newest row, with all columns. */
  series(part?: SeriesPart): Promise<Series[]>;
  /** The rows of a range, by their end, in batches: a year of minutes does not have to fit into memory. */
  rows(range: Range): AsyncIterable<StatsRow[]>;
  /** The rows of a range, summed up by stretches of this length, aligned to the epoch; stretches without rows are left out. */
  buckets(range: Range, lengthMs: number): Promise<Bucket[]>;
  /** Calls back soon after each change by anyone, and perhaps at other times, until closed. */
  watch(changed: () => void): void;
  close(): Promise<void>;
}

/** A driver. Touches nothing yet. */
export type OpenReader = (address: string, settings: StoreSettings) => StoreReader;

/** Lists series page by page, so that their number does not matter. */
export type ListSeries = (part?: Omit<SeriesPart, 'most'>) => AsyncIterable<Series[]>;

/** Series in memory at once: each has a row, which may be long. */
const PAGE = 100;

/** A `ListSeries` of a store. @throws Failure as the reader does */
export async function* seriesPages(
  reader: StoreReader,
  { sensor, after }: Omit<SeriesPart, 'most'> = {},
): AsyncGenerator<Series[]> {
  let last = after;
  for (;;) {
    const page = await reader.series({ sensor, after: last, most: PAGE });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    last = page.at(-1);
  }
}
