/**
 * Reading lines as they were recorded: `time,sensor,value`, `time,value`, NDJSON; a header gives another order.
 *
 * A line without a time is rejected: played back now, an old value would pass for a new one.
 */

import { parse as parseCsv } from 'csv-parse/sync';
import { isLosslessNumber, parse as parseJson } from 'lossless-json';
import { type Line, quote, type Reject, type Rejection } from '../readings/line.ts';
import { parseTime } from '../readings/time.ts';
import { parseDecimal } from '../stats/decimal.ts';
import { follow } from './json-pointer.ts';
import type { Measurement } from './sensor.ts';

interface Fields {
  readonly time: string;
  readonly sensor: string;
  readonly value: string;
}

export class RecordedLines {
  readonly #reject: Reject;
  #columns: readonly string[] | undefined;

  constructor(reject: Reject) {
    this.#reject = reject;
  }

  /** What can be used of these lines, in their order; the others are rejected. */
  measurements(lines: readonly Line[]): Measurement[] {
    const usable: Measurement[] = [];
    for (const line of lines) {
      const result = this.#parse(line);
      if (result === undefined) continue;
      if ('kind' in result) this.#reject(line, result);
      else usable.push(result);
    }
    return usable;
  }

  /** Undefined for a header, which is no reading and no mistake. */
  #parse(line: Line): Measurement | Rejection | undefined {
    const { text, torn } = line;
    if (text.startsWith('{')) return toMeasurement(line, fromJson(text));
    const cells = splitCsv(text);
    const header = asHeader(text, cells);
    if (header !== undefined) {
      this.#columns = header;
      return undefined;
    }
    const columns = this.#columns ?? columnsOf(cells.length);
    if (torn && cells.length < (this.#columns?.length ?? 3)) {
      return { kind: 'torn', detail: 'last line has no newline and not all fields' };
    }
    const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
    return toMeasurement(line, { time: cell('time'), sensor: cell('sensor'), value: cell('value') });
  }
}

/** The names of the columns; undefined when the line is no header. */
function asHeader(text: string, cells: readonly string[]): string[] | undefined {
  if (!/\btime\b/i.test(text)) return undefined;
  const names = cells.map((cell) => cell.toLowerCase());
  return names.includes('time') && names.includes('value') ? names : undefined;
}

function columnsOf(count: number): readonly string[] {
  if (count === 1) return ['value'];
  return count === 2 ? ['time', 'value'] : ['time', 'sensor', 'value'];
}

function splitCsv(text: string): string[] {
  if (!text.includes('"')) return text.split(',').map((cell) => cell.trim());
  try {
    const rows: string[][] = parseCsv(text, { trim: true });
    return rows[0] ?? [];
  } catch {
    // As one field it is rejected like any other text.
    return [text];
  }
}

function fromJson(text: string): Fields {
  try {
    const document = parseJson(text);
    const member = (name: string) => {
      const found = follow(document, [name]);
      return isLosslessNumber(found) ? found.value : typeof found === 'string' ? found : '';
    };
    return { time: member('time'), sensor: member('sensor'), value: member('value') };
  } catch {
    return { time: text, sensor: '', value: '' };
  }
}

function toMeasurement(line: Line, { time, sensor, value }: Fields): Measurement | Rejection {
  const when = parseTime(time);
  if (when === undefined) {
    const detail = time === '' ? 'line has no time' : `time is not a time: ${quote(time)}`;
    return { kind: 'without a time', detail };
  }
  const number = parseDecimal(value);
  if (number === undefined) return { kind: 'not a number', detail: `value is not a number: ${quote(value)}` };
  return { value: number, time: when, line, ...(sensor !== '' && { sensor }) };
}
