/**
 * A stats row: the summary of one sensor's readings in one window, `sensor,window,start,end,count,min,max,avg`, and any
 * further columns that its header names.
 *
 * The key of a row is (sensor, window, end).
 */

import { csvStyle } from '../lines/csv.ts';
import { quote, type Rejection } from '../lines/line.ts';
import { badText, textProblem } from '../lines/text.ts';
import { csvStringify } from '../load.ts';
import { compare, formatDecimal, parseDecimal, STATISTIC_LIMITS } from '../stats/decimal.ts';
import { formatTime, parseTime } from './time.ts';
import { windowName } from './window-name.ts';

/** The columns of every row, in the order in which they are written. */
export const statsColumns = [
  { name: 'sensor', type: 'text' },
  { name: 'window', type: 'text' },
  { name: 'start', type: 'text' },
  { name: 'end', type: 'text' },
  { name: 'count', type: 'number' },
  { name: 'min', type: 'number' },
  { name: 'max', type: 'number' },
  { name: 'avg', type: 'number' },
] as const;

/** The most columns of a row, of all rows of an input, and of a store: a server lists them with every series. */
export const MAX_COLUMNS = 256;

const names: readonly string[] = statsColumns.map(({ name }) => name);

/** A row as it is stored. */
export interface StatsRow {
  /** May be empty, as in a reading. */
  readonly sensor: string;
  /** Its canonical name (`windowName`): a length, `all`, or whatever another program calls it. */
  readonly window: string;
  /** RFC 3339 in UTC; empty if unknown. */
  readonly start: string;
  /** RFC 3339 in UTC. */
  readonly end: string;
  /** Number of readings, at least 1. */
  readonly count: number;
  /** Plain digits, as many as the source wrote. */
  readonly min: string;
  readonly max: string;
  readonly avg: string;
  /** The further columns, by name, as text. */
  readonly extra: ReadonlyMap<string, string>;
}

/** The key as a string. */
export function rowKey({ sensor, window, end }: StatsRow): string {
  return JSON.stringify([sensor, window, end]);
}

/** The names of all columns of these rows; further ones come last, in order of appearance. */
export function columnNames(rows: readonly StatsRow[]): string[] {
  const extra = new Set<string>();
  let last: StatsRow | undefined;
  for (const row of rows) {
    // Rows of one header mostly have the same columns.
    if (row.extra.size !== last?.extra.size || !sameKeys(row.extra, last.extra))
      for (const name of row.extra.keys()) extra.add(name);
    last = row;
  }
  return [...names, ...extra];
}

function sameKeys(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  for (const name of a.keys()) if (!b.has(name)) return false;
  return true;
}

/** The row's fields in the order of these columns; empty for one it lacks. */
export function rowFields(row: StatsRow, columns: readonly string[]): string[] {
  const { sensor, window, start, end, count, min, max, avg } = row;
  const own: Record<string, string> = { sensor, window, start, end, count: String(count), min, max, avg };
  return columns.map((name) => (names.includes(name) ? own[name] : row.extra.get(name)) ?? '');
}

/** The rows as CSV with a header, even if there are none. */
export function formatStatsRows(rows: readonly StatsRow[]): string {
  const columns = columnNames(rows);
  return csvStringify().stringify([columns, ...rows.map((row) => rowFields(row, columns))], csvStyle);
}

/** Whether a record is a header rather than a row: at least half of the column names are among its fields. */
export function isHeader(fields: readonly string[]): boolean {
  return names.filter((name) => fields.includes(name)).length >= names.length / 2;
}

/** The problem of these columns, for a message; undefined if rows can have them. */
export function columnProblem(columns: readonly string[]): string | undefined {
  const missing = names.find((name) => !columns.includes(name));
  if (missing !== undefined) return `column "${missing}" is missing`;
  if (columns.length > MAX_COLUMNS) return tooManyColumns(columns.length);
  const seen = new Map<string, string>();
  for (const [at, name] of columns.entries()) {
    if (name === '') return `column ${at + 1} has no name`;
    if (/\p{Cc}/u.test(name)) return `column ${at + 1} has a control character in its name: ${quote(name)}`;
    const odd = textProblem(name);
    if (odd !== undefined) return `name of column ${at + 1} ${odd}: ${quote(name)}`;
    // SQL does not distinguish case.
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined) return `columns ${quote(twin)} and ${quote(name)} have the same name`;
    seen.set(name.toLowerCase(), name);
  }
  return undefined;
}

/** The wording for too many columns in messages. */
export function tooManyColumns(count: number): string {
  return `${count} columns, more than ${MAX_COLUMNS}`;
}

/** Parses a row from its fields by column name; a missing field counts as empty. */
export function parseStatsRow(fields: ReadonlyMap<string, string>): StatsRow | Rejection {
  const field = (name: string) => fields.get(name) ?? '';
  for (const [name, text] of fields) {
    const rejection = badText(name, text);
    if (rejection !== undefined) return rejection;
  }
  const window = windowName(field('window'));
  if (window.trim() === '') return { kind: 'without a window', detail: 'window is empty' };
  const end = parseTime(field('end').trim());
  if (end === undefined) return badEnd(field('end'));
  const start = parseTime(field('start').trim());
  if (start === undefined && field('start').trim() !== '') return badTime('start', field('start'));
  const count = /^\d{1,15}$/.test(field('count').trim()) ? Number(field('count')) : 0;
  if (count < 1) return badCount(field('count'));
  const number = (name: string) => parseDecimal(field(name), STATISTIC_LIMITS);
  const [min, max, avg] = [number('min'), number('max'), number('avg')];
  if (min === undefined) return badNumber('min', field('min'));
  if (max === undefined) return badNumber('max', field('max'));
  if (avg === undefined) return badNumber('avg', field('avg'));
  if (compare(min, max) > 0) return { kind: 'min above max', detail: 'min is above max' };
  if (start !== undefined && start > end) return { kind: 'start after end', detail: 'start is after end' };
  return {
    sensor: field('sensor'),
    window,
    start: start === undefined ? '' : formatTime(start),
    end: formatTime(end),
    count,
    min: formatDecimal(min),
    max: formatDecimal(max),
    avg: formatDecimal(avg),
    extra: fields.size === names.length ? none : furtherFields(fields),
  };
}

const none: ReadonlyMap<string, string> = new Map();

function furtherFields(fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...fields].filter(([name]) => !names.includes(name)));
}

function badEnd(text: string): Rejection {
  if (text.trim() !== '') return badTime('end', text);
  return { kind: 'without an end', detail: 'end is empty: a row without a time has no key' };
}

function badTime(name: string, text: string): Rejection {
  return { kind: `${name} not a time`, detail: `${name} is not a time: ${quote(text)}` };
}

function badNumber(name: string, text: string): Rejection {
  return { kind: `${name} not a number`, detail: `${name} is not a number: ${quote(text)}` };
}

function badCount(text: string): Rejection {
  const problem = /^\s*0+\s*$/.test(text) ? 'is zero' : `is not a whole number: ${quote(text)}`;
  return { kind: 'count not a whole number', detail: `count ${problem}` };
}

/** Whether a row could not be parsed. */
export function isRejection(result: StatsRow | Rejection): result is Rejection {
  return 'kind' in result;
}
