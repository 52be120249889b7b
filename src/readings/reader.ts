/**
 * From lines to readings: reading lines, any CSV whose columns are named, NDJSON, mixed as they come.
 *
 * Each line is used or rejected with a reason; a header line is neither. Lines of a record whose quoted field holds a
 * line break are put together; a quote that never closes costs its own line only.
 */

import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseJson } from 'lossless-json';
import { Failure, status } from '../failure.ts';
import { parseDecimal } from '../stats/decimal.ts';
import {
  type ColumnNames,
  type Columns,
  headerColumns,
  needsHeader,
  numberedColumns,
  plainColumns,
} from './columns.ts';
import { type Line, quote, type Reject, type Rejection } from './line.ts';
import { formatRange, inRange, type Range } from './range.ts';
import type { Reading } from './reading.ts';
import { parseTime } from './time.ts';

export interface ReaderOptions {
  readonly names: ColumnNames;
  /** One character. */
  readonly delimiter: string;
  readonly range: Range | undefined;
}

/** Takes a reading, and the line that it came from. */
export type Use = (reading: Reading, line: Line) => void;

/** The fields of a line as they are written; undefined where the line has no such field. */
interface Fields {
  readonly time: string | undefined;
  readonly sensor: string | undefined;
  readonly value: string | undefined;
}

/** More lines than this are not one record: its quote is a mistake. */
const LONGEST_RECORD = 16;

export class ReadingsReader {
  readonly #options: ReaderOptions;
  readonly #use: Use;
  readonly #reject: Reject;
  readonly #numbered: Columns | undefined;
  readonly #needsHeader: boolean;
  /** The lines of a record that is not complete yet. */
  #open: Line[] = [];
  #source: string | undefined;
  /** From the last header line of this source. */
  #header: Columns | undefined;
  /** What a whole line looks like, from those of this source before. */
  #width: number | undefined;
  #leastScale = 0;

  constructor(options: ReaderOptions, use: Use, reject: Reject) {
    this.#options = options;
    this.#use = use;
    this.#reject = reject;
    this.#numbered = numberedColumns(options.names);
    this.#needsHeader = needsHeader(options.names);
  }

  /** Takes the next line. @throws Failure (data) when a column that was asked for is not there */
  take(line: Line): void {
    if (line.source !== this.#source) this.#begin(line.source);
    if (this.#open.length > 0) this.#goOn(line);
    else if (isOpen(line.text)) this.#open = [line];
    else this.#judge(this.#interpret(line.text, line), line);
  }

  /** Says that no line follows. */
  end(): void {
    if (this.#open.length > 0) this.#giveUp(this.#open);
    if (this.#open.length > 0) this.end();
  }

  #begin(source: string): void {
    this.end();
    this.#source = source;
    this.#header = undefined;
    this.#width = undefined;
    this.#leastScale = 0;
  }

  /** The record goes on with this line, and perhaps ends. */
  #goOn(line: Line): void {
    const lines = [...this.#open, line];
    const text = lines.map((part) => part.text).join('\n');
    if (isOpen(text)) {
      if (lines.length < LONGEST_RECORD) this.#open = lines;
      else this.#giveUp(lines);
      return;
    }
    const result = this.#interpret(text, line);
    if (isReading(result)) {
      this.#open = [];
      this.#judge(result, line);
    } else {
      this.#giveUp(lines);
    }
  }

  /** They are not one record: the first line is rejected, the others are taken for themselves. */
  #giveUp([first, ...others]: readonly Line[]): void {
    this.#open = [];
    if (first)
      this.#reject(first, { kind: 'malformed', detail: `quote is not closed: ${quote(first.text)}` });
    for (const line of others) this.take(line);
  }

  #judge(result: Reading | Rejection | 'header', line: Line): void {
    if (result === 'header') return;
    if (isReading(result)) this.#use(result, line);
    else this.#reject(line, result);
  }

  #interpret(text: string, line: Line): Reading | Rejection | 'header' {
    if (text.trim() === '') return { kind: 'empty', detail: 'line is empty' };
    if (text.startsWith('{')) return this.#fromJson(text);
    const fields = this.#split(text);
    if (fields === undefined) return { kind: 'malformed', detail: `quotes do not match: ${quote(text)}` };
    const columns =
      this.#header ?? this.#numbered ?? (this.#needsHeader ? undefined : plainColumns[fields.length]);
    const result = columns === undefined ? this.#unknownColumns(text) : this.#fromFields(fields, columns);
    if (!isReading(result)) return this.#readHeader(fields, line) ? 'header' : result;
    return this.#asWhole(result, fields.length, line);
  }

  #split(text: string): string[] | undefined {
    const { delimiter } = this.#options;
    if (!text.includes('"')) return text.split(delimiter);
    try {
      return parseCsv(text, { delimiter })[0] ?? [];
    } catch {
      // Its message speaks of options of the library; the caller's says what the line is.
      return undefined;
    }
  }

  #unknownColumns(text: string): Rejection {
    const expected = ['time', 'sensor', 'value'].join(this.#options.delimiter);
    return { kind: 'malformed', detail: `expected ${expected}, not ${quote(text)}` };
  }

  #fromFields(fields: readonly string[], { time, sensor, value }: Columns): Reading | Rejection {
    return this.#toReading({
      time: time === undefined ? undefined : (fields[time] ?? ''),
      sensor: sensor === undefined ? undefined : (fields[sensor] ?? ''),
      value: fields[value],
    });
  }

  #fromJson(text: string): Reading | Rejection {
    const { time = 'time', sensor = 'sensor', value = 'value' } = this.#options.names;
    const record = jsonRecord(text);
    if (record === undefined) return { kind: 'malformed', detail: `not valid JSON: ${quote(text)}` };
    return this.#toReading({ time: record(time), sensor: record(sensor), value: record(value) });
  }

  #toReading(fields: Fields): Reading | Rejection {
    const { range } = this.#options;
    const time = fields.time === undefined ? undefined : parseTime(fields.time.trim());
    if (fields.time !== undefined && time === undefined) {
      return { kind: 'not a time', detail: `time is not RFC 3339 or epoch: ${quote(fields.time)}` };
    }
    if (fields.value === undefined) return { kind: 'malformed', detail: 'value is missing' };
    if (fields.value.trim() === '') return { kind: 'empty', detail: 'value is empty' };
    const value = parseDecimal(fields.value);
    if (value === undefined)
      return { kind: 'not a number', detail: `value is not a number: ${quote(fields.value)}` };
    if (range !== undefined && !inRange(value, range)) {
      return {
        kind: 'out of range',
        detail: `value is out of range ${formatRange(range)}: ${quote(fields.value)}`,
      };
    }
    return { time, sensor: fields.sensor ?? '', value };
  }

  /** Takes the columns from a header line, also in the middle, where two logs were put together. */
  #readHeader(fields: readonly string[], { source, number }: Line): boolean {
    const columns = headerColumns(fields, this.#options.names);
    if (columns !== undefined) {
      this.#header = columns;
      this.#width = undefined;
      return true;
    }
    if (this.#needsHeader && this.#header === undefined) {
      throw new Failure(
        status.data,
        `${source}:${number}: no header with the columns asked for: ${quote(fields.join(','))}`,
      );
    }
    // With numbered columns a first line in which nothing is what it should be is a header too.
    const time = this.#numbered?.time;
    return (
      number === 1 &&
      time !== undefined &&
      parseTime(fields[time]?.trim() ?? '') === undefined &&
      this.#isText(fields)
    );
  }

  #isText(fields: readonly string[]): boolean {
    const value = fields[this.#numbered?.value ?? 0]?.trim() ?? '';
    return value !== '' && parseDecimal(value) === undefined;
  }

  /**
   * A last line without newline may be half of one. It counts when it has as many fields as the line before and, in a
   * log with times, its value has not fewer decimals than all values before: 21.3 may be half of 21.35.
   */
  #asWhole(reading: Reading, width: number, { text, torn }: Line): Reading | Rejection {
    const half =
      width !== (this.#width ?? width) ||
      (reading.time !== undefined && reading.value.scale < this.#leastScale);
    if (torn && half)
      return { kind: 'torn', detail: `last line has no newline and is not whole: ${quote(text)}` };
    this.#leastScale =
      this.#width === undefined ? reading.value.scale : Math.min(this.#leastScale, reading.value.scale);
    this.#width = width;
    return reading;
  }
}

function isReading(result: Reading | Rejection | 'header'): result is Reading {
  return typeof result === 'object' && 'value' in result;
}

/** Whether a quoted field goes on in the next line. */
function isOpen(text: string): boolean {
  if (!text.includes('"') || text.startsWith('{')) return false;
  return text.split('"').length % 2 === 0;
}

/** The members of a JSON object, numbers with their digits; undefined when the text is not one. */
function jsonRecord(text: string): ((name: string) => string | undefined) | undefined {
  try {
    const record: unknown = parseJson(text, null, { parseNumber: (digits) => digits });
    if (typeof record !== 'object' || record === null) return undefined;
    const members = new Map<string, unknown>(Object.entries(record));
    return (name) => {
      const member = members.get(name);
      return member === undefined || member === null
        ? undefined
        : typeof member === 'string'
          ? member
          : JSON.stringify(member);
    };
  } catch {
    return undefined;
  }
}
