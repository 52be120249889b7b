/** Reads a line that is a JSON object with the names of the columns, as `log-gen --format json` writes it. */

import { type Column, slots } from './log-columns.ts';
import type { Kind } from './log-directives.ts';
import type { LogTimes } from './log-time.ts';
import { bad, type Fault, notALogLine, problemOf, type Values } from './parse-line.ts';
import { decodeBytes, withoutNul } from './unescape.ts';

/** The columns whose text must look like something. */
const kinds: Readonly<Record<string, Kind>> = { remote_addr: 'host', status: 'status', bytes: 'count' };

/** @param line its bytes, one per character; names that no column has are passed over */
export function parseJsonLine(line: string, columns: readonly Column[], times: LogTimes): Values | Fault {
  const object = parseObject(decodeBytes(line));
  if (object === undefined || !columns.some(({ name }) => Object.hasOwn(object, name)))
    return notALogLine(line);
  const values: Values = [];
  for (const [slot, { name }] of columns.entries()) {
    const text = textOf(Object.hasOwn(object, name) ? object[name] : null);
    if (text === undefined) return bad(name, 'neither text nor a number', JSON.stringify(object[name]), 1);
    const time = slot === slots.time && text !== '' ? times.fromRfc3339(text) : text;
    const problem =
      time === undefined ? 'no time that there is' : text && problemOf(kinds[name] ?? 'text', text);
    if (problem) return bad(name, problem, text, 1);
    values.push(withoutNul(time ?? ''));
  }
  return values;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // What is no JSON is no line of such a log either.
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Empty for null; undefined for what no column can hold, such as a number that has lost digits. */
function textOf(value: unknown): string | undefined {
  if (value === null || value === '-') return '';
  if (typeof value === 'string') return value;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}
