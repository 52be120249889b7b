/** Reads a line that is a JSON object whose members are named like columns, as `log-gen --format json` writes it. */

import { hasMemberTwice } from '../../lines/json.ts';
import { quote } from '../../lines/line.ts';
import { type FieldKind, problemOf, statusNumber } from './field-kinds.ts';
import { type Column, slots } from './log-columns.ts';
import type { LogTimes } from './log-time.ts';
import { badField, type Fault, notALogLine, type Values } from './parse-line.ts';
import { decodeBytes, wellFormed } from './unescape.ts';

/** The columns that are checked; any other text is taken as it is. */
const kinds: Readonly<Record<string, FieldKind>> = { remote_addr: 'host', status: 'status', bytes: 'count' };

/**
 * The values of the columns, or why there are none. Members that no column is named like are ignored.
 *
 * @param line its bytes, one per character
 */
export function parseJsonLine(line: string, columns: readonly Column[], times: LogTimes): Values | Fault {
  const text = decodeBytes(line);
  const object = parseObject(text);
  if (object === undefined || !columns.some(({ name }) => Object.hasOwn(object, name)))
    return notALogLine(line);
  if (hasMemberTwice(text, object))
    return { kind: 'with a member twice', detail: () => `a member stands twice: ${quote(text)}`, at: 1 };
  const values: Values = [];
  for (const [slot, { name }] of columns.entries()) {
    const field = textOf(Object.hasOwn(object, name) ? object[name] : null);
    if (field === undefined)
      return badField(name, 'neither text nor a number', JSON.stringify(object[name]), 1);
    const time = slot === slots.time && field !== '' ? times.fromRfc3339(field) : field;
    const problem =
      time === undefined ? 'not a valid time' : field && problemOf(kinds[name] ?? 'text', field);
    if (problem) return badField(name, problem, field, 1);
    values.push(name === 'status' ? statusNumber(field) : wellFormed(time ?? ''));
  }
  return values;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // A line that is not JSON is not a line of such a log.
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a value, empty for null; undefined for a value that no column can hold, such as a number that has lost digits. */
function textOf(value: unknown): string | undefined {
  if (value === null || value === '-') return '';
  if (typeof value === 'string') return value;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}
