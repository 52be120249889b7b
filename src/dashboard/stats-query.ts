/** Query parameters of a request for rows. */

import { quote } from '../lines/line.ts';
import { parseTime } from '../readings/time.ts';
import { windowName } from '../readings/window-name.ts';
import { HttpError } from './responses.ts';
import { FEWEST_POINTS } from './thinning.ts';

const MAX_POINTS = 20_000;

/** Which rows are asked for. */
export interface StatsQuery {
  /** Undefined for all. */
  readonly sensors: ReadonlySet<string> | undefined;
  readonly window: string | undefined;
  /** Rows whose end is in [from, to): epoch milliseconds, infinite without a limit. */
  readonly from: number;
  readonly to: number;
  /** Maximum rows per sensor. */
  readonly points: number | 'all';
  /** Minimum milliseconds per row; 0 for no minimum. */
  readonly stepMs: number;
  /** Whether no cell may be a formula. */
  readonly spreadsheet: boolean;
}

const names = new Set(['sensor', 'window', 'from', 'to', 'points', 'step', 'spreadsheet']);

/** @param points default maximum of rows per sensor @throws HttpError (400) */
export function parseQuery(parameters: URLSearchParams, points: StatsQuery['points']): StatsQuery {
  refuseOthers(parameters, names);
  const sensors = parameters.getAll('sensor');
  const from = time(parameters, 'from') ?? Number.NEGATIVE_INFINITY;
  const to = time(parameters, 'to') ?? Number.POSITIVE_INFINITY;
  const window = single(parameters, 'window');
  if (from > to) throw new HttpError(400, 'from is after to');
  return {
    sensors: sensors.length === 0 ? undefined : new Set(sensors),
    window: window === undefined ? undefined : windowName(window),
    from,
    to,
    points: parsePoints(single(parameters, 'points')) ?? points,
    stepMs: parseStep(single(parameters, 'step')),
    spreadsheet: parseFlag(parameters, 'spreadsheet'),
  };
}

/** Refuses unknown names, so that a misspelt one is not silently ignored. @throws HttpError (400) */
export function refuseOthers(parameters: URLSearchParams, known: ReadonlySet<string>): void {
  for (const name of parameters.keys())
    if (!known.has(name)) throw new HttpError(400, `unknown parameter: ${quote(name)}`);
}

/** The value of a parameter; undefined without it. @throws HttpError (400) when it is given more than once */
export function single(parameters: URLSearchParams, name: string): string | undefined {
  const [value, ...others] = parameters.getAll(name);
  if (others.length > 0) throw new HttpError(400, `${name} is given more than once`);
  return value;
}

/** A time; undefined without it. @throws HttpError (400) */
export function time(parameters: URLSearchParams, name: string): number | undefined {
  const text = single(parameters, name);
  if (text === undefined) return undefined;
  // A plus sign in a query decodes to a blank: restore that of a UTC offset.
  const time = parseTime(text.replace(/ (?=\d\d(?::?\d\d)?$)/, '+'));
  if (time === undefined) throw new HttpError(400, `${name} is not a time: ${quote(text)}`);
  return time;
}

function parseFlag(parameters: URLSearchParams, name: string): boolean {
  const text = single(parameters, name) ?? '0';
  if (text !== '0' && text !== '1') throw new HttpError(400, `${name} is neither 0 nor 1: ${quote(text)}`);
  return text === '1';
}

function parsePoints(text: string | undefined): StatsQuery['points'] | undefined {
  if (text === undefined || text === 'all') return text;
  const points = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (points >= FEWEST_POINTS && points <= MAX_POINTS) return points;
  const range = `a whole number from ${FEWEST_POINTS} to ${MAX_POINTS}, or all`;
  throw new HttpError(400, `points is not ${range}: ${quote(text)}`);
}

function parseStep(text: string | undefined): number {
  if (text === undefined) return 0;
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1) return seconds * 1000;
  throw new HttpError(400, `step is not a whole number of seconds: ${quote(text)}`);
}
