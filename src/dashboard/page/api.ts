/** What the server is asked, and its answers as the page works with them. Addresses are relative, so a proxy may add a folder. */

import { type Row, type RowJson, toRow } from './rows.ts';

const LONGEST_MS = 30_000;

/** One sensor and window of the store. Times are epoch milliseconds. */
export interface Entry {
  readonly sensor: string;
  readonly window: string;
  readonly rows: number;
  readonly from: number;
  readonly to: number;
  /** How far the ends of neighbours usually are apart; undefined below two rows. */
  readonly every: number | undefined;
  readonly latest: Row;
}

interface EntryJson extends Omit<Entry, 'from' | 'to' | 'every' | 'latest'> {
  readonly from: string;
  readonly to: string;
  readonly every: number | null;
  readonly latest: RowJson;
}

/** What an event or the list of sensors says. */
export interface CatalogJson {
  readonly now?: string;
  readonly series: readonly EntryJson[];
}

export function toEntries({ series }: CatalogJson): Entry[] {
  return series.map(({ from, to, every, latest, ...entry }) => ({
    ...entry,
    from: Date.parse(from),
    to: Date.parse(to),
    every: every === null ? undefined : every * 1000,
    latest: toRow(latest),
  }));
}

/** The rows of one sensor, perhaps thinned to one in `step` seconds. */
export interface SensorRows {
  readonly sensor: string;
  readonly step: number;
  readonly thinned: boolean;
  readonly rows: readonly Row[];
}

export interface Question {
  readonly sensors: readonly string[];
  readonly window: string;
  /** Ends of rows, from inclusive to exclusive; infinite for no limit. */
  readonly from: number;
  readonly to: number;
  /** At most so many rows of each sensor; undefined for all. */
  readonly points: number | undefined;
}

/** @throws Error with a message for people */
export function fetchCatalog(): Promise<CatalogJson> {
  return getJson('api/sensors', AbortSignal.timeout(LONGEST_MS));
}

/** @throws Error with a message for people */
export async function fetchRows(question: Question, signal: AbortSignal): Promise<SensorRows[]> {
  const answer: { series: (Omit<SensorRows, 'rows'> & { rows: RowJson[] })[] } = await getJson(
    rowsAddress('api/stats', question),
    signal,
  );
  return answer.series.map((series) => ({ ...series, rows: series.rows.map(toRow) }));
}

/** Where the rows are, as JSON (`api/stats`) or CSV (`api/stats.csv`). */
export function rowsAddress(path: string, { sensors, window, from, to, points }: Question): string {
  const asked = new URLSearchParams(sensors.map((sensor) => ['sensor', sensor]));
  asked.set('window', window);
  if (Number.isFinite(from)) asked.set('from', new Date(from).toISOString());
  if (Number.isFinite(to)) asked.set('to', new Date(to).toISOString());
  if (points !== undefined) asked.set('points', points.toString());
  return `${path}?${asked}`;
}

/** Whether the server answers at all. */
export async function isThere(): Promise<boolean> {
  try {
    return (await fetch('healthz', { signal: AbortSignal.timeout(LONGEST_MS), cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

async function getJson(address: string, signal: AbortSignal) {
  const response = await answer(address, signal);
  if (!response.ok) throw new Error(`the server says: ${await reason(response)}`);
  return response.json();
}

async function answer(address: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]) });
  } catch (error) {
    // What browsers say of it differs and helps nobody.
    throw new Error('the server does not answer', { cause: error });
  }
}

async function reason(response: Response): Promise<string> {
  try {
    const { error } = await response.json();
    return `${error}`;
  } catch {
    return `${response.status} ${response.statusText}`;
  }
}
