/** Series and rows from the server's JSON, and the URLs of rows. */

import type { Limits } from './limits.ts';
import { type Row, type RowJson, toRow } from './row.ts';

/** One sensor and window of the store. Times are epoch ms. */
export interface Entry {
  readonly sensor: string;
  readonly window: string;
  readonly rows: number;
  readonly from: number;
  readonly to: number;
  /** The usual distance in ms between the ends of consecutive rows; undefined below two rows. */
  readonly every: number | undefined;
  /** The unit of its values; undefined if unknown. */
  readonly unit: string | undefined;
  /** When its newest reading was; undefined if the rows do not say. */
  readonly lastTime: number | undefined;
  readonly limits: Limits;
  readonly latest: Row;
}

type Told = 'sensor' | 'window' | 'rows';

interface EntryJson extends Pick<Entry, Told> {
  readonly from: string;
  readonly to: string;
  readonly every: number | null;
  readonly unit: string | null;
  readonly last_time: string | null;
  readonly limits: { readonly min?: number; readonly max?: number };
  readonly latest: RowJson;
}

/** The data of an event, or a page of the list of series. */
export interface CatalogJson {
  readonly now?: string;
  readonly series: readonly EntryJson[];
  /** Where the list continues; undefined at its end, and in events of changes. */
  readonly next?: string;
}

/** Parses the series, in order. */
export function toEntries({ series }: CatalogJson): Entry[] {
  return series.map(({ sensor, window, rows, from, to, every, unit, last_time, limits, latest }) => ({
    ...{ sensor, window, rows, from: Date.parse(from), to: Date.parse(to) },
    every: every === null ? undefined : every * 1000,
    unit: unit ?? undefined,
    lastTime: last_time === null ? undefined : Date.parse(last_time),
    limits: { min: limits.min, max: limits.max },
    latest: toRow(latest),
  }));
}

/** The rows of one sensor, possibly thinned to one per `step` seconds. */
export interface SensorRows {
  readonly sensor: string;
  readonly step: number;
  readonly thinned: boolean;
  readonly rows: readonly Row[];
}

/** Which rows to request. */
export interface RowsQuery {
  readonly sensors: readonly string[];
  readonly window: string;
  /** Range of ends, `to` exclusive; infinite for no limit. */
  readonly from: number;
  readonly to: number;
  /** Maximum number of rows per sensor; all if absent. */
  readonly points?: number;
  /** At most one row per this many ms. */
  readonly step?: number | undefined;
}

/** No row can end before or after these: RFC 3339 has four-digit years. */
const FIRST = Date.parse('0000-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59Z');

/** The URL of rows as JSON (`api/stats`) or CSV (`api/stats.csv`): relative, so that a proxy may add a path prefix. */
export function rowsAddress(path: string, { sensors, window, from, to, points, step }: RowsQuery): string {
  const asked = new URLSearchParams();
  for (const sensor of sensors) asked.append('sensor', sensor);
  asked.set('window', window);
  if (from > FIRST) asked.set('from', new Date(from).toISOString());
  if (to < LAST) asked.set('to', new Date(to).toISOString());
  if (points !== undefined) asked.set('points', points.toString());
  if (step !== undefined) asked.set('step', (step / 1000).toString());
  return `${path}?${asked}`;
}
