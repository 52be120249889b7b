/**
 * Reads one line of a log by its format, with care: what it makes of a line is right by definition, and the kernel must
 * agree with it.
 *
 * A line is either right in all its fields or refused with the reason; a field is never what belongs to another.
 */

import { quote } from '../../lines/line.ts';
import { slots } from './log-columns.ts';
import type { Kind } from './log-directives.ts';
import type { Field, LogFormat } from './log-format.ts';
import type { LogTimes } from './log-time.ts';
import { splitRequest } from './request-line.ts';
import { decodeUtf8, unescapeText } from './unescape.ts';

/** So much of a line is looked at for a message. */
const SHOWN = 1024;

/** The values by their places; empty is null. */
export type Values = string[];

/** Why a line does not have a format. */
export interface Fault {
  readonly kind: string;
  /** For a message; most faults are not told, since another format is the right one. */
  detail(): string;
  /** How much of the line was right, in bytes. */
  readonly at: number;
}

/** What a text of this kind must look like, as it is in the log. */
const checks: Readonly<Partial<Record<Kind, readonly [RegExp, string]>>> = {
  host: [/^[\w.:%-]+$/, 'not an address or a host name'],
  word: [/^[^ \t-\r"]+$/, 'not one word'],
  user: [/^(?! )(?:[^"\\\t]|\\.)+$(?<! )/, 'not a user'],
  status: [/^[1-9]\d\d$/, 'not a number from 100 to 999'],
  count: [/^(?:0|[1-9]\d{0,17})$/, 'not a whole number'],
  flag: [/^[^ \t-\r"]+$/, 'not one word'],
};

/** @param line its bytes, one per character, without the line ending */
export function parseLine(line: string, format: LogFormat, width: number, times: LogTimes): Values | Fault {
  const values: Values = new Array<string>(width).fill('');
  if (!line.startsWith(format.start)) return notALogLine(line);
  let at = format.start.length;
  for (const field of format.fields) {
    const end = endOf(line, at, field);
    // Before there was a time, nothing tells that it was to be one.
    if (end < 0) return values[slots.time] === '' ? notALogLine(line) : cutOff(line, at, field);
    const problem = fill(values, field, line.slice(at, end), times);
    if (problem !== undefined)
      return at === 0 ? notALogLine(line) : bad(field.name, problem, line.slice(at, end), at);
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

/** Of several faults the one of the format that was right for longest. */
export function likelier(one: Fault | undefined, other: Fault): Fault {
  return one === undefined || other.at > one.at ? other : one;
}

/** What is wrong with a text of this kind; undefined when nothing is. */
export function problemOf(kind: Kind, text: string): string | undefined {
  const [pattern, problem] = checks[kind] ?? [];
  return pattern === undefined || pattern.test(text) ? undefined : problem;
}

export function bad(name: string, problem: string, text: string, at: number): Fault {
  return { kind: `bad ${name}`, detail: () => `${name} is ${problem}: ${shown(text)}`, at };
}

export function notALogLine(line: string): Fault {
  if (/^[ \t-\r]*$/.test(line)) return { kind: 'blank', detail: () => 'line is blank', at: 0 };
  return {
    kind: 'not a log line',
    detail: () => `not a log line: ${shown(line)}`,
    at: 0,
  };
}

/** Where the field ends that begins here; -1 when it does not. */
function endOf(line: string, at: number, field: Field): number {
  if (field.kind === 'time') return line.indexOf(']', at) + 1 || -1;
  if (field.quoted) return closingQuote(line, at);
  return field.end === '' ? line.length : line.indexOf(field.end, at);
}

/** The next quote that is not escaped; -1 when there is none. */
function closingQuote(line: string, start: number): number {
  for (let at = line.indexOf('"', start); at >= 0; at = line.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (at - backslashes > start && line[at - backslashes - 1] === '\\') backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

/** Puts a field's text where it belongs, or says what is wrong with it. */
function fill(values: Values, field: Field, raw: string, times: LogTimes): string | undefined {
  const { kind, slot, quoted } = field;
  if (kind === 'time') {
    const time = times.fromLog(raw.slice(1, -1));
    values[slot] = time ?? '';
    return time === undefined || raw[0] !== '[' ? 'no time that there is' : undefined;
  }
  if ((raw === '-' && kind !== 'flag') || (raw === '' && quoted) || (raw === '""' && kind === 'user'))
    return undefined;
  if (kind === 'request') {
    values.splice(slot, 3, ...splitRequest(unescapeText(raw)));
    return undefined;
  }
  values[slot] = unescapeText(raw);
  if (kind === 'user' && raw.includes(' ') && !mayHaveBlanks(raw, values)) return 'several words';
  return problemOf(kind, raw);
}

/** Whether a user with blanks can be nothing else, such as the fields of a line that has more of them. */
function mayHaveBlanks(user: string, values: Values): boolean {
  return (
    !user.startsWith('- ') && values[slots.ident] === '' && !/^[^:]+:\d+$/.test(values[slots.address] ?? '')
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
