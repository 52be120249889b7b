/**
 * Parses lines that are JSON objects, with members named like columns, as from `log-gen --format json`, like nginx's
 * variables, or as by Caddy and Traefik.
 */

import { parseJson } from '../../lines/json.ts';
import { quote } from '../../lines/line.ts';
import { losslessJson } from '../../load.ts';
import { formatDecimal, parseDecimal } from '../../stats/decimal.ts';
import { type FieldKind, fieldValue, isNumeric, problemOf } from './field-kinds.ts';
import { findMember, isObject, type JsonLayout, type JsonObject, jsonLayouts } from './json-layouts.ts';
import { type Column, slots, standardColumns } from './log-columns.ts';
import type { LogTimes } from './log-time.ts';
import { badField, type Fault, notALogLine, type Values } from './parse-line.ts';
import { splitRequest } from './request-line.ts';
import { decodeBytes, wellFormed } from './unescape.ts';

/** Maximum number of characters of a line to quote in a message. */
const SHOWN = 1024;
/** Columns to validate; all others are taken as they are. */
const kinds: Readonly<Record<string, FieldKind>> = {
  remote_addr: 'hosts',
  time: 'time',
  status: 'status',
  bytes: 'count',
  bytes_sent: 'count',
  bytes_received: 'count',
  duration_s: 'decimal',
  port: 'count',
};

/** A column, and the members that may fill it in one layout. */
interface Source {
  readonly name: string;
  readonly kind: FieldKind;
  readonly members: readonly (readonly string[])[];
}

/** Parses lines to the values of these columns. */
export class JsonLines {
  readonly #layouts: readonly (readonly [layout: JsonLayout, sources: readonly Source[]])[];
  readonly #times: LogTimes;

  constructor(columns: readonly Column[], times: LogTimes) {
    this.#layouts = jsonLayouts.map((layout) => [
      layout,
      columns.map(({ name }) => ({ name, kind: kinds[name] ?? 'text', members: layout.membersOf(name) })),
    ]);
    this.#times = times;
  }

  /**
   * The values of the columns, or a fault. Ignores members that fill no column.
   *
   * @param line its bytes, decoded as Latin-1
   */
  read(line: string): Values | Fault {
    const text = decodeBytes(line);
    const parsed = parseJson(text);
    if (parsed === undefined || !isObject(parsed.value)) return notALogLine(line);
    if (parsed.hasMemberTwice)
      return { kind: 'with a repeated member', detail: () => `a member is repeated: ${quote(text)}`, at: 1 };
    const values = this.#valuesOf(parsed.value);
    return Array.isArray(values) && !describesRequest(values) ? noRequest(text) : values;
  }

  #valuesOf(object: JsonObject): Values | Fault {
    const [layout, sources = []] = this.#layouts.find(([layout]) => layout.isOf(object)) ?? [];
    const values: Values = [];
    for (const source of sources) {
      const value = layout === undefined ? '' : this.#valueOf(object, source, layout);
      if (typeof value !== 'string') return value;
      values.push(value);
    }
    fillRequest(values, object);
    return values;
  }

  #valueOf(object: JsonObject, { name, kind, members }: Source, layout: JsonLayout): string | Fault {
    for (const path of members) {
      const found = findMember(object, path);
      const text = textOf(found);
      if (text === '') continue;
      if (text === undefined) return badField(name, 'neither text nor a number', JSON.stringify(found), 1);
      if (kind === 'time') return this.#times.readAny(text) ?? badField(name, 'not a valid time', text, 1);
      return valueOrFault(name, kind, layout.adapt(name, text));
    }
    return '';
  }
}

function valueOrFault(name: string, kind: FieldKind, text: string): string | Fault {
  if (kind === 'text') return wellFormed(text);
  const digits = isNumeric(kind) ? withoutExponent(text) : text;
  // nginx writes 000 and 009, which are single digits when logged as a number.
  const problem = kind === 'status' && /^[09]$/.test(digits) ? undefined : problemOf(kind, digits);
  return problem === undefined ? fieldValue(kind, digits, wellFormed) : badField(name, problem, text, 1);
}

/** Expands a number such as 9.3e-07 to plain digits; returns any other text unchanged. */
function withoutExponent(text: string): string {
  const number = /^\d.*e/i.test(text) ? parseDecimal(text) : undefined;
  return number === undefined ? text : formatDecimal(number);
}

/** Splits a member with the whole request into method, path and protocol; nginx's `uri` is only part of it. */
function fillRequest(values: Values, { request }: JsonObject): void {
  if (typeof request === 'string' && request !== '' && request !== '-')
    values.splice(slots.method, 3, ...splitRequest(wellFormed(request)));
}

/** Whether any standard column other than the time has a value. */
function describesRequest(values: Values): boolean {
  return standardColumns.some((_, slot) => slot !== slots.time && values[slot] !== '');
}

function noRequest(text: string): Fault {
  return {
    kind: 'without a request',
    detail: () => `no member describes a request: ${quote(text.slice(0, SHOWN))}`,
    at: 1,
  };
}

/** The text of a value, empty for null; undefined for a value that no column can hold. */
function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || value === '-') return '';
  if (typeof value === 'string') return value;
  const isNumber = typeof value === 'number' || (isObject(value) && losslessJson().isLosslessNumber(value));
  return isNumber ? String(value) : undefined;
}
