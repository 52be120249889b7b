/** Checks the last rows of a sensor against limits. Pure. */

import { showDuration } from '../readings/duration.ts';
import { ageOf, lastReadingOf } from '../readings/last-reading.ts';
import type { Range } from '../readings/range.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { formatTime } from '../readings/time.ts';
import { compare, type Decimal, formatDecimal, parseDecimal, STATISTIC_LIMITS } from '../stats/decimal.ts';

/** An undefined limit is not checked. */
export interface Limits extends Range {
  /** Hysteresis: a breach lasts until the value is within these. */
  readonly clear: Range | undefined;
  /** Maximum age of the last reading in the newest row, in milliseconds. */
  readonly maxAgeMs: number | undefined;
  /** Maximum percentage of expected readings that may be missing. */
  readonly missing: number | undefined;
  /** How many consecutive rows must be beyond `min` or `max`. */
  readonly inARow: number;
}

/** Limits by their names in messages and in the state. */
export type LimitName = 'max' | 'min' | 'max-age' | 'missing';

/** The last rows of one sensor and window, oldest first; at least one. */
export interface LastRows {
  readonly sensor: string;
  readonly window: string;
  readonly rows: readonly StatsRow[];
}

/** A limit that is exceeded, or cannot be checked. */
export interface Finding {
  readonly sensor: string;
  readonly limit: LimitName;
  readonly isKnown: boolean;
  /** A description, without the sensor. */
  readonly message: string;
}

/** Whether a limit of a sensor was exceeded at the last check. */
export type WasExceeded = (sensor: string, limit: LimitName) => boolean;

/** The problems in the last rows of a sensor. @param now epoch milliseconds */
export function findings(last: LastRows, limits: Limits, now: number, was: WasExceeded): Finding[] {
  const found = {
    max: beyond('max', last, limits, was(last.sensor, 'max')),
    min: beyond('min', last, limits, was(last.sensor, 'min')),
    'max-age': tooOld(last, limits, now),
    missing: tooFew(last, limits),
  };
  return Object.entries(found).flatMap(([limit, finding]) =>
    finding === undefined ? [] : [{ sensor: last.sensor, limit: limit as LimitName, ...finding }],
  );
}

type Found = Pick<Finding, 'isKnown' | 'message'> | undefined;

const exceeded = (message: string): Found => ({ isKnown: true, message });

const SIDES = { max: { word: 'above', sign: 1 }, min: { word: 'below', sign: -1 } } as const;

/** Whether each of the last rows has a maximum above `max`, or a minimum below `min`. */
function beyond(side: 'max' | 'min', { rows, window }: LastRows, limits: Limits, wasBeyond: boolean): Found {
  const limit = limits[side];
  const newest = rows.at(-1);
  if (limit === undefined || newest === undefined) return undefined;
  const { word, sign } = SIDES[side];
  const isBeyond = (row: StatsRow, most: Decimal) => compare(decimalOf(row[side]), most) * sign > 0;
  const where = `in the row ${window} that ends ${newest.end}`;
  const last = rows.slice(-limits.inARow);
  if (last.length === limits.inARow && last.every((row) => isBeyond(row, limit))) {
    const times = limits.inARow === 1 ? '' : `, the last of ${limits.inARow} in a row`;
    return exceeded(`${newest[side]} is ${word} ${formatDecimal(limit)} ${where}${times}`);
  }
  const clear = limits.clear?.[side];
  if (wasBeyond && clear !== undefined && isBeyond(newest, clear))
    return exceeded(`${newest[side]} is still ${word} ${formatDecimal(clear)} ${where}`);
  return undefined;
}

function decimalOf(text: string): Decimal {
  const value = parseDecimal(text, STATISTIC_LIMITS);
  if (value === undefined) throw new Error(`a row with a value that is not a number: ${text}`);
  return value;
}

/** The age of the last reading or, if the row has no time for it, of the row's end: an open window has no age. */
function tooOld({ rows }: LastRows, { maxAgeMs }: Limits, now: number): Found {
  const newest = rows.at(-1);
  if (maxAgeMs === undefined || newest === undefined) return undefined;
  const ageMs = ageOf(newest, now);
  if (ageMs <= maxAgeMs) return undefined;
  const age = `${showDuration(Math.floor(ageMs / 1000) * 1000)}, longer than ${showDuration(maxAgeMs)}`;
  const last = lastReadingOf(newest);
  return exceeded(
    last === undefined
      ? `no row for ${age}: the last one ends ${newest.end}`
      : `no reading for ${age}: the last one was at ${formatTime(last)}`,
  );
}

/** Counts over the last rows together. */
function tooFew({ rows }: LastRows, { missing: most, inARow }: Limits): Found {
  if (most === undefined) return undefined;
  let [due, missing] = [0, 0];
  for (const { extra, count } of rows.slice(-inARow)) {
    const [expected, lost] = [extra.get('expected'), extra.get('missing')].map(wholeNumber);
    if (lost === undefined)
      return { isKnown: false, message: 'its rows do not say how many are missing (get-stats --expect)' };
    missing += lost;
    due += expected ?? count + lost;
  }
  if (missing * 100 <= most * due) return undefined;
  return exceeded(`${missing} of ${due} readings are missing, more than ${most}%`);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
