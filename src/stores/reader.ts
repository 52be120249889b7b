/**
 * The read side of a store, for charts.
 *
 * Each address scheme has a driver for it. A reader sees concurrent writes, and never blocks a writer. A long range is
 * read in pages, each of which shows only whole batches.
 */

import type { StatsRow } from '../readings/stats-row.ts';
import type { Bucket } from '../stats/bucket.ts';
import type { StoreSettings } from './store.ts';

/** The rows of one sensor and window. */
export interface Series {
  readonly sensor: string;
  readonly window: string;
  /** The number of rows; may be slightly out of date in a large Postgres database, or for part of the series. */
  readonly rows: number;
  /** The row with the latest end. */
  readonly newest: StatsRow;
  /** The end of the earliest row: epoch milliseconds. */
  readonly from: number;
  /** The end of the latest row: epoch milliseconds. */
  readonly to: number;
  /** The typical interval between ends, in milliseconds: the median of the last rows; undefined below two rows. */
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

/** Which series to list. */
export interface SeriesPart {
  /** Only this sensor; undefined for all. */
  readonly sensor?: string | undefined;
  /** Only series that sort after this one. */
  readonly after?: SeriesKey | undefined;
  /** Maximum number of series; undefined for all. */
  readonly most?: number | undefined;
}

/** Methods throw a Failure: temporary when a retry may help, else unavailable or I/O. */
export interface StoreReader {
  /** Throws when the store cannot be read. Fast for a store of any size; a missing table is not an error. */
  check(): Promise<void>;
  /** Ordered by sensor and window; empty while there is no table. Each has its newest row, with all columns. */
  series(part?: SeriesPart): Promise<Series[]>;
  /** The rows of a range, ordered by end, in batches: a year of minutes need not fit into memory. */
  rows(range: Range): AsyncIterable<StatsRow[]>;
  /** The rows of a range, aggregated into buckets of this length, aligned to the epoch; without empty buckets. */
  buckets(range: Range, lengthMs: number): Promise<Bucket[]>;
  /** Calls back soon after each change by any process, possibly more often, until closed. */
  watch(changed: () => void): void;
  close(): Promise<void>;
}

/** A driver. Does no I/O yet. */
export type OpenReader = (address: string, settings: StoreSettings) => StoreReader;

/** Lists series page by page, so that their number does not matter. */
export type ListSeries = (part?: Omit<SeriesPart, 'most'>) => AsyncIterable<Series[]>;

/** Series in memory at once: each includes a row, which may be long. */
const PAGE = 100;

/** A `ListSeries` of a store. @throws Failure like the reader */
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
