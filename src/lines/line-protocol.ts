/**
 * The line protocol of InfluxDB, Telegraf and others: `MEASUREMENT,TAG=TEXT FIELD=21.35,FIELD=7i 1763719440000000000`.
 *
 * A backslash escapes a comma, an equals sign, a blank and, in strings, a quote or a backslash; before any other character
 * it stands for itself. A record is one line here: strings with line breaks are not read.
 */

import { quote } from './line.ts';

/** A line's words, still escaped. */
export interface ProtocolLine {
  readonly measurement: string;
  readonly tags: readonly Pair[];
  /** At least one. */
  readonly fields: readonly Pair[];
  /** Digits; undefined if the line has none. */
  readonly timestamp: string | undefined;
}

export type Pair = readonly [key: string, value: string];

/** The unit of timestamps. */
export const PRECISIONS = ['ns', 'us', 'ms', 's'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** The length of each unit, in nanoseconds. */
export const NANOSECONDS: Readonly<Record<Precision, bigint>> = {
  ns: 1n,
  us: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
};

const TIMESTAMP = /^-?\d{1,19}$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^([+-]?\d+)[iu]$/;
const TRUE = /^(?:t|T|true|True|TRUE)$/;
const FALSE = /^(?:f|F|false|False|FALSE)$/;

/** Parses a line; `nothing` for an empty line or a comment. @returns `problem` says what is wrong with a malformed line */
export function parseProtocolLine(text: string): ProtocolLine | 'nothing' | { readonly problem: string } {
  const end = text.trimEnd().length;
  let at = text.length - text.trimStart().length;
  if (at >= end || text[at] === '#') return 'nothing';
  const word = (stops: string): string => {
    const begin = at;
    at = wordEnd(text, at, stops);
    return text.slice(begin, at);
  };
  const measurement = word(', ');
  if (measurement === '') return { problem: `measurement is empty: ${quote(text)}` };
  const tags: Pair[] = [];
  while (text[at] === ',') {
    at += 1;
    const tag = pair(word('=, '), () => word('=, '));
    if (tag === undefined) return { problem: `expected TAG=TEXT after a comma: ${quote(text)}` };
    tags.push(tag);
  }
  while (text[at] === ' ') at += 1;
  const fields: Pair[] = [];
  do {
    if (fields.length > 0) at += 1;
    const field = pair(word('=, '), () => (text[at] === '"' ? string() : word(', ')));
    if (field === undefined) return { problem: `expected FIELD=VALUE: ${quote(text)}` };
    fields.push(field);
  } while (text[at] === ',');
  const timestamp = text.slice(at, end).trim();
  if (timestamp !== '' && (text[at] !== ' ' || !TIMESTAMP.test(timestamp)))
    return { problem: `timestamp is not a whole number: ${quote(timestamp)}` };
  return { measurement, tags, fields, timestamp: timestamp === '' ? undefined : timestamp };

  /** A key and the value after its equals sign; undefined if either is missing. */
  function pair(key: string, value: () => string): Pair | undefined {
    if (key === '' || text[at] !== '=') return undefined;
    at += 1;
    const found = value();
    return found === '' || text[at] === '=' ? undefined : [key, found];
  }

  /** A string with its quotes; empty if it is not closed. */
  function string(): string {
    const begin = at;
    at = wordEnd(text, at + 1, '"') + 1;
    return at > text.length ? '' : text.slice(begin, at);
  }
}

/** The end of a word: before the first of these characters that is not escaped. */
function wordEnd(text: string, begin: number, stops: string): number {
  for (let at = begin; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (stops.includes(text[at] ?? '')) return at;
  }
  return text.length;
}

/** The number that a field's value means, as digits (true is 1, false 0); undefined for a string or invalid text. */
export function fieldNumber(value: string): string | undefined {
  if (NUMBER.test(value)) return value;
  return INTEGER.exec(value)?.[1] ?? (TRUE.test(value) ? '1' : FALSE.test(value) ? '0' : undefined);
}

/** Whether a field's value is a string. */
export function isString(value: string): boolean {
  return value.startsWith('"');
}

/** The text of an escaped measurement, tag or key. */
export function unescaped(word: string): string {
  return word.replace(/\\([,= ])/g, '$1');
}

/** Converts a timestamp to epoch milliseconds, rounded down. */
export function millisecondsOf(timestamp: string, precision: Precision): number {
  const nanoseconds = BigInt(timestamp) * NANOSECONDS[precision];
  const [whole, rest] = [nanoseconds / 1_000_000n, nanoseconds % 1_000_000n];
  return Number(rest < 0n ? whole - 1n : whole);
}

/** Converts epoch milliseconds to a timestamp, rounded down. */
export function timestampOf(time: number, precision: Precision): string {
  const [nanoseconds, unit] = [BigInt(time) * 1_000_000n, NANOSECONDS[precision]];
  const rest = nanoseconds % unit;
  return String(nanoseconds / unit - (rest < 0n ? 1n : 0n));
}

/**
 * Formats a line. Empty tags and fields are left out, because the protocol has none; a line without fields is empty.
 *
 * @param tags as text @param fields as formatted by `integerField` and the like
 */
export function formatProtocolLine(
  measurement: string,
  tags: readonly Pair[],
  fields: readonly Pair[],
  timestamp: string | undefined,
): string {
  const known = fields.filter(([, value]) => value !== '');
  if (known.length === 0) return '';
  const named = tags
    .filter(([, text]) => text !== '')
    .map(([key, text]) => `,${protocolWord(key)}=${protocolWord(text)}`);
  const values = known.map(([key, value]) => `${protocolWord(key)}=${value}`);
  const time = timestamp === undefined ? '' : ` ${timestamp}`;
  return `${protocolWord(measurement)}${named.join('')} ${values.join(',')}${time}\n`;
}

/** An integer; empty text stays empty. */
export function integerField(digits: string): string {
  return digits === '' ? '' : `${digits}i`;
}

/** A string; empty text stays empty. */
export function stringField(text: string): string {
  return text === '' ? '' : `"${visible(text).replace(/["\\]/g, '\\$&')}"`;
}

/** An escaped measurement, tag or key. A backslash before an escaped character or at the end becomes a slash. */
export function protocolWord(text: string): string {
  return visible(text)
    .replace(/\\(?=[,= \\]|$)/g, '/')
    .replace(/[,= ]/g, '\\$&');
}

/** Escapes line breaks, which would end the line. */
function visible(text: string): string {
  return text.replace(/[\n\r]/g, (each) => (each === '\n' ? '\\n' : '\\r'));
}
