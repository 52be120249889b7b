/**
 * Parses one log line by its format. This is the reference: the kernel must agree with it.
 *
 * A line is valid in all its fields, or rejected with the reason; no field ever swallows the text of another.
 */

import { quote } from '../../lines/line.ts';
import type { Field, LogFormat } from './compile-format.ts';
import { type FieldKind, fieldValue, holdsHosts, isListOfHosts, problemOf } from './field-kinds.ts';
import { slots } from './log-columns.ts';
import { endOfTime, type LogTimes } from './log-time.ts';
import { splitRequest } from './request-line.ts';
import { decodeUtf8, unescapeText } from './unescape.ts';

/** Maximum number of bytes of a line to quote in a message. */
const SHOWN = 1024;

/** The values of a line by slot; empty for null. */
export type Values = string[];

/** Why a line does not match a format. */
export interface Fault {
  /** For the summary of rejected lines. */
  readonly kind: string;
  /** The message, built on demand: most faults are never shown, because another format matches. */
  detail(): string;
  /** Number of bytes before the fault. */
  readonly at: number;
}

/**
 * The values of a line, or the reason why it does not match the format.
 *
 * @param line its bytes, decoded as Latin-1, without line end
 * @param width number of values
 */
export function parseLine(line: string, format: LogFormat, width: number, times: LogTimes): Values | Fault {
  const values: Values = new Array<string>(width).fill('');
  if (!line.startsWith(format.start)) return notALogLine(line);
  let at = format.start.length;
  for (const field of format.fields) {
    const end = endOf(line, at, field);
    // Without a time, nothing suggests that it is a log line.
    if (end < 0) return values[slots.time] === '' ? notALogLine(line) : cutOff(line, at, field);
    const problem = fill(values, field, line.slice(at, end), times);
    if (problem !== undefined)
      return at === 0 || field.kind === 'client'
        ? notALogLine(line)
        : badField(field.name, problem, line.slice(at, end), at);
    if (!line.startsWith(field.after, end)) return broken(line, end, field);
    at = end + field.after.length;
  }
  if (at < line.length)
    return {
      kind: 'with more text',
      detail: () => `text after the last field: ${shown(line.slice(at))}`,
      at,
    };
  return values;
}

/** The fault further into the line: its format is the likelier one. */
export function likelier(one: Fault | undefined, other: Fault): Fault {
  return one === undefined || other.at > one.at ? other : one;
}

/** The fault of an invalid field. */
export function badField(name: string, problem: string, text: string, at: number): Fault {
  return { kind: `bad ${name}`, detail: () => `${name} is ${problem}: ${shown(text)}`, at };
}

/** The fault of a blank line, or of one that resembles no format. */
export function notALogLine(line: string): Fault {
  if (/^[ \t-\r]*$/.test(line)) return { kind: 'blank', detail: () => 'line is blank', at: 0 };
  return {
    kind: 'not a log line',
    detail: () => `not a log line: ${shown(line)}`,
    at: 0,
  };
}

/** The end of the field that starts at `at`; -1 when there is none. */
function endOf(line: string, at: number, field: Field): number {
  if (field.kind === 'time') return line.indexOf(']', at) + 1 || -1;
  if (field.quoted) return closingQuote(line, at);
  if (field.kind === 'bareTime') return endOfTime(line, at) ?? plainEnd(line, at, field);
  return plainEnd(line, at, field);
}

/** The end of a field at the text `end`, skipping brackets and the inside of lists. */
function plainEnd(line: string, start: number, { kind, end }: Field): number {
  if (end === '') return line.length;
  const from = holdsHosts(kind) && line[start] === '[' ? line.indexOf(']', start) : start;
  let at = from < 0 ? -1 : line.indexOf(end, from);
  while (at > start && isInList(line, at, kind)) at = line.indexOf(end, at + 1);
  return at;
}

/** Whether a list continues after the blank at this offset, as in `a, b` and `a : b`. */
function isInList(line: string, at: number, kind: FieldKind): boolean {
  if (kind !== 'list') return isListOfHosts(kind) && line[at - 1] === ',';
  return line[at - 1] === ',' || line.startsWith(' : ', at) || line.startsWith(' : ', at - 2);
}

/** The offset of the next unescaped quote; -1 when there is none. */
function closingQuote(line: string, start: number): number {
  for (let at = line.indexOf('"', start); at >= 0; at = line.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (at - backslashes > start && line[at - backslashes - 1] === '\\') backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

/** Stores the value of a field. @returns the problem with it; undefined when it is valid */
function fill(values: Values, field: Field, raw: string, times: LogTimes): string | undefined {
  const { kind, slot, quoted, isRaw } = field;
  const decode = isRaw ? decodeUtf8 : unescapeText;
  if (kind === 'time' || kind === 'bareTime' || kind === 'epoch') {
    const time = timeOf(kind, raw, times);
    values[slot] = time ?? '';
    return time === undefined ? 'not a valid time' : undefined;
  }
  if (
    (raw === '-' && kind !== 'flag' && kind !== 'client') ||
    (raw === '' && quoted) ||
    (raw === '""' && kind === 'user')
  )
    return undefined;
  if (kind === 'request') {
    values.splice(slot, 3, ...splitRequest(decode(raw)));
    return undefined;
  }
  values[slot] = fieldValue(kind, raw, decode);
  if (kind === 'user' && raw.includes(' ') && !mayHaveBlanks(raw, values)) return 'several words';
  return problemOf(kind, raw);
}

function timeOf(kind: FieldKind, raw: string, times: LogTimes): string | undefined {
  if (kind === 'epoch') return times.fromEpoch(raw);
  if (kind === 'bareTime') return times.read(raw);
  return raw.startsWith('[') ? times.read(raw.slice(1, -1)) : undefined;
}

/** Whether a user with blanks can only be a user, not several fields of another format. */
function mayHaveBlanks(user: string, values: Values): boolean {
  return (
    !user.startsWith('- ') &&
    values[slots.ident] === '' &&
    !/^(?:\[.*\]|[^:]+):\d+$/.test(values[slots.address] ?? '')
  );
}

function cutOff(line: string, at: number, { name, quoted }: Field): Fault {
  const problem = quoted ? `quote of ${name} is not closed` : `line ends before the end of ${name}`;
  return { kind: 'cut off', detail: () => `${problem}: ${shown(line.slice(at))}`, at };
}

function broken(line: string, at: number, { name, after }: Field): Fault {
  const rest = line.slice(at);
  if (after.startsWith(rest)) return { kind: 'cut off', detail: () => `line ends after ${name}`, at };
  return {
    kind: 'broken',
    detail: () => `${name} is not followed by ${shown(after)}: ${shown(rest)}`,
    at,
  };
}

function shown(bytes: string): string {
  return quote(decodeUtf8(bytes.slice(0, SHOWN)));
}
