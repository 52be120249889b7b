/**
 * Parses the five fields of a line: first validated against crontab(5), with the position of errors, then expanded to
 * values by node-cron.
 *
 * node-cron alone accepts more than cron does (`L`, `5/15`, reversed ranges), and does not tell where an error is.
 */

import { parse } from 'node-cron';
import { quote } from '../../lines/line.ts';
import { didYouMean } from '../../lines/nearest.ts';
import type { CronFields } from '../due/when.ts';
import { Fault } from './problem.ts';

/** A word of a line, and the index at which it starts. */
export interface Word {
  readonly text: string;
  readonly index: number;
}

interface FieldKind {
  readonly name: string;
  /** Its name in node-cron. */
  readonly key: 'minute' | 'hour' | 'dayOfMonth' | 'month' | 'dayOfWeek';
  readonly low: number;
  readonly high: number;
  /** The first one means `low`. */
  readonly names: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const KINDS = [
  { name: 'minute', key: 'minute', low: 0, high: 59, names: [] },
  { name: 'hour', key: 'hour', low: 0, high: 23, names: [] },
  { name: 'day of month', key: 'dayOfMonth', low: 1, high: 31, names: [] },
  { name: 'month', key: 'month', low: 1, high: 12, names: MONTHS },
  { name: 'day of week', key: 'dayOfWeek', low: 0, high: 7, names: DAYS },
] as const satisfies FieldKind[];

export const FIELD_COUNT = KINDS.length;

const ITEM = /^(?:(?<star>\*)|(?<from>[a-z0-9]+)(?:-(?<to>[a-z0-9]+))?)(?:\/(?<step>\d+))?$/i;
/** Syntax of other schedulers, where it cannot be part of a name. */
const FOREIGN = /[?~#]|(?<![a-z])[lwh](?![a-z])/i;

/** @param words one per field @throws Fault */
export function readFields(words: readonly Word[]): CronFields {
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = KINDS.map((kind, place) =>
    valuesOf(kind, place, words[place] ?? { text: '', index: 0 }),
  );
  const startsWithStar = words.map(({ text }) => text.startsWith('*'));
  return {
    minutes: minutes ?? [],
    hours: hours ?? [],
    daysOfMonth: daysOfMonth ?? [],
    months: months ?? [],
    daysOfWeek: daysOfWeek ?? [],
    byClock: startsWithStar[0] === true || startsWithStar[1] === true,
    bothDays: startsWithStar[2] === true || startsWithStar[4] === true,
  };
}

/** Whether a word looks like a sixth field rather than a command. */
export function isField(word: string): boolean {
  if (/^[\d*?][\d*?,/-]*$/.test(word)) return true;
  const parts = word.toLowerCase().split(/[,-]/);
  // In lower case, a single name may be a program: there is one called mon.
  const isShouted = word === word.toUpperCase();
  return (
    (parts.length > 1 || isShouted) && parts.every((part) => MONTHS.includes(part) || DAYS.includes(part))
  );
}

/** Cache by key and field: the lines of a long crontab have many fields in common. */
const known = new Map<string, readonly number[]>();
const MAX_KNOWN = 10_000;

/** @throws Fault */
function valuesOf(kind: FieldKind, place: number, word: Word): readonly number[] {
  const field = plainField(kind, word);
  const id = `${kind.key} ${field}`;
  const found = known.get(id);
  if (found !== undefined) return found;
  // Each field alone: node-cron rejects a day that the month never has; cron accepts it, and never runs.
  const pattern = KINDS.map((_, other) => (other === place ? field : '*')).join(' ');
  const values = [...new Set(parse(pattern)[kind.key].map(Number))];
  values.sort((one, other) => one - other);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(id, values);
  return values;
}

/** The field with numbers instead of names. @throws Fault */
function plainField(kind: FieldKind, { text, index }: Word): string {
  let at = index;
  const items: string[] = [];
  for (const item of text.split(',')) {
    items.push(plainItem(kind, { text: item, index: at }));
    at += item.length + 1;
  }
  return items.join(',');
}

function plainItem(kind: FieldKind, item: Word): string {
  const { star, from = '', to, step } = ITEM.exec(item.text)?.groups ?? {};
  if (star === undefined && from === '') throw malformed(kind, item);
  const stepBy = step === undefined ? 1 : Number(step);
  if (stepBy === 0) throw fault(item, item.text.indexOf('/') + 1, 'a step must be at least 1');
  // A step larger than the range selects only the first value, as in cron.
  const suffix = step === undefined ? '' : `/${Math.min(stepBy, kind.high - kind.low + 1)}`;
  if (star !== undefined) return `*${suffix}`;
  const first = numberOf(kind, item, { text: from, index: 0 });
  if (to === undefined) {
    if (step === undefined) return String(first);
    const advice = `write ${from}-${kind.high}/${stepBy}`;
    throw fault(item, from.length, `in cron a step needs a range or *; ${advice}`);
  }
  const last = numberOf(kind, item, { text: to, index: from.length + 1 });
  if (first > last) {
    const advice = `write ${forwards(kind, first, last, stepBy)}`;
    throw fault(item, 0, `the range ${from}-${to} is reversed, and cron would never run it; ${advice}`);
  }
  return `${first}-${last}${suffix}`;
}

/** The value of a number or a name. @throws Fault */
function numberOf(kind: FieldKind, item: Word, { text, index }: Word): number {
  const named = kind.names.indexOf(text.toLowerCase());
  if (named >= 0) return kind.low + named;
  if (FOREIGN.test(text)) throw malformed(kind, item);
  if (!/^\d+$/.test(text)) {
    const known = kind.names.length === 0 ? 'a number' : `a number or a name such as ${kind.names[1]}`;
    const hint = didYouMean(text, kind.names);
    throw fault(item, index, `${kind.name}: not ${known}: ${quote(text)}${hint}`);
  }
  const value = Number(text);
  if (value >= kind.low && value <= kind.high) return value;
  throw fault(item, index, `${kind.name}: ${value} is not from ${kind.low} to ${kind.high}`);
}

/** The probable meaning of a reversed range: up to the highest value, then on from the lowest. */
function forwards(kind: FieldKind, first: number, last: number, step: number): string {
  const highest = kind.names === DAYS ? 6 : kind.high;
  if (step === 1) {
    if (kind.names === DAYS && last === 0) return `${first}-7`;
    return `${range(first, highest)},${range(kind.low, last)}`;
  }
  const size = highest - kind.low + 1;
  const values: number[] = [];
  for (let value = first; value <= last + size; value += step) {
    values.push(kind.low + ((value - kind.low) % size));
  }
  return values.join(',');
}

function range(first: number, last: number): string {
  return first === last ? String(first) : `${first}-${last}`;
}

function malformed(kind: FieldKind, item: Word): Fault {
  const foreign = FOREIGN.exec(item.text);
  if (foreign !== null) return fault(item, foreign.index, `${kind.name}: cron does not know ${foreign[0]}`);
  if (item.text === '') return fault(item, 0, `${kind.name}: a value is missing`);
  const shown = quote(item.text);
  return fault(
    item,
    0,
    `${kind.name}: not a value, a range or a step: ${shown} (write 5, 1-5, */5 or 1-30/5)`,
  );
}

function fault(item: Word, index: number, message: string): Fault {
  return new Fault(item.index + index, message);
}
