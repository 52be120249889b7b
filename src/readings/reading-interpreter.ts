/**
 * Interprets lines as readings: reading lines, any CSV whose columns are named, NDJSON, and headers, mixed as they come.
 */

import { Failure, status } from '../failure.ts';
import { type CsvForm, splitFields, unmatchedQuotes } from '../lines/csv.ts';
import { delimiterHint } from '../lines/delimiter-hint.ts';
import { parseMembers } from '../lines/json.ts';
import { type Line, quote, type Rejection } from '../lines/line.ts';
import { type Interpreter, isRow, type Meaning } from '../lines/record-reader.ts';
import { fieldsAt, fieldsNamed } from './line-fields.ts';
import {
  type ColumnNames,
  type Columns,
  headerColumns,
  needsHeader,
  numberedColumns,
  plainColumns,
} from './reading-columns.ts';
import { type LineReadings, type Readers, type ReadingLimits, readingsOf } from './reading-fields.ts';
import { type TimeOptions, TimeReader } from './time-reader.ts';
import { type ValueOptions, ValueReader } from './value-reader.ts';

/** How lines are to be read. */
export interface InterpretOptions extends ReadingLimits, TimeOptions, ValueOptions, CsvForm {
  readonly names: ColumnNames;
}

/** The form of a source's lines. */
export type Shape =
  | { readonly kind: 'json' }
  /** InfluxDB's line protocol, of which each line stands for itself. */
  | { readonly kind: 'influx' }
  | { readonly kind: 'fields'; readonly columns: Columns; readonly width: number };

/** The measure for a torn line. */
export interface WholeLines {
  /** Number of fields of the last whole line; undefined when none has come since the last header. */
  readonly width?: number | undefined;
  /** The least number of decimals of values with a time; undefined likewise. */
  readonly leastScale?: number | undefined;
}

/** Interprets the lines of a source; remembers its header and the form of its whole lines. */
export class ReadingInterpreter implements Interpreter<LineReadings> {
  readonly #options: InterpretOptions;
  readonly #numbered: Columns | undefined;
  readonly #needsHeader: boolean;
  readonly #readers: Readers;
  #header: Columns | undefined;
  /** Number of fields of the line before. */
  #width: number | undefined;
  /** The least number of decimals so far, of values with a time; undefined before the first. */
  #leastScale: number | undefined;
  #shape: Shape | undefined;
  /** Whether no line of the source has come before. */
  #isFirst = true;

  constructor(options: InterpretOptions) {
    this.#options = options;
    this.#numbered = numberedColumns(options.names);
    this.#needsHeader = needsHeader(options.names);
    this.#readers = { times: new TimeReader(options), values: new ValueReader(options) };
  }

  /** Another source begins. */
  begin(): void {
    this.#header = undefined;
    this.#width = undefined;
    this.#leastScale = undefined;
    this.#shape = undefined;
    this.#isFirst = true;
    this.#readers.times.begin();
  }

  /** What times of the source without an offset mean for the lines after them. */
  get times(): Pick<TimeReader, 'hasLocalTime' | 'hasTimeTwice'> {
    return this.#readers.times;
  }

  /** The form of the last reading or header; undefined before the first. */
  get shape(): Shape | undefined {
    return this.#shape;
  }

  /** The columns by the last header; undefined without a header. */
  get header(): Columns | undefined {
    return this.#header;
  }

  /** Goes on in the middle of a source that had this header and lines of this form. */
  resume(header: Columns | undefined, shape: Shape): void {
    this.begin();
    this.#header = header;
    this.#shape = shape;
    this.#isFirst = false;
  }

  /** The measure so far. */
  get whole(): WholeLines {
    return { width: this.#width, leastScale: this.#leastScale };
  }

  /** Takes in the measure of lines that were read elsewhere, after the last one here. */
  saw({ width, leastScale }: WholeLines): void {
    this.#width = width ?? this.#width;
    if (leastScale !== undefined) this.#leastScale = Math.min(this.#leastScale ?? leastScale, leastScale);
  }

  /** @throws Failure (data) when a column that the user names is missing */
  interpret(text: string, line: Line): Meaning<LineReadings> {
    if (text.trim() === '') return { kind: 'empty', detail: 'line is empty' };
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (text.startsWith('{')) return this.#fromJson(text);
    const { delimiter, mergesDelimiters } = this.#options;
    const fields = splitFields(text, delimiter, mergesDelimiters);
    if (fields === undefined) return unmatchedQuotes(text);
    const columns =
      this.#header ?? this.#numbered ?? (this.#needsHeader ? undefined : plainColumns[fields.length]);
    const result =
      columns === undefined ? this.#unknownColumns(text, fields) : this.#fromFields(fields, columns);
    if (!isRow(result)) return this.#readHeader(fields, line, isFirst) ? 'nothing' : result;
    if (columns !== undefined) this.#shape = { kind: 'fields', columns, width: fields.length };
    const { width = 0, value = [] } = columns ?? {};
    return this.#asWhole(result, { width: fields.length, expected: width, values: value.length }, line);
  }

  #unknownColumns(text: string, fields: readonly string[]): Rejection {
    const expected = ['time', 'sensor', 'value'].join(this.#options.delimiter);
    const { times, values } = this.#readers;
    const isHeader = !fields.some((field) => values.isNumber(field) || times.isTime(field.trim()));
    const hint = isHeader ? ' (get-stats --time COLUMN --value COLUMN)' : '';
    return { kind: 'malformed', detail: `expected ${expected}, not ${quote(text)}${hint}` };
  }

  #fromFields(fields: readonly string[], columns: Columns): LineReadings | Rejection {
    const { needed } = columns;
    if (fields.length < needed) return tooShort(fields.length, needed);
    return readingsOf(fieldsAt(fields, columns), this.#readers, this.#options);
  }

  #fromJson(text: string): LineReadings | Rejection {
    const members = parseMembers(text);
    if (members === undefined) return { kind: 'malformed', detail: `not valid JSON: ${quote(text)}` };
    this.#shape = { kind: 'json' };
    return readingsOf(
      fieldsNamed(members, this.#options.names, this.#readers.values),
      this.#readers,
      this.#options,
    );
  }

  /** Takes the columns from a header, also in the middle, where two logs were concatenated. */
  #readHeader(fields: readonly string[], { source, number }: Line, isFirst: boolean): boolean {
    if (this.#options.mayHaveHeader === false) return false;
    const columns = headerColumns(fields, this.#options.names);
    if (columns !== undefined) {
      this.#header = columns;
      this.#width = undefined;
      this.#leastScale = undefined;
      this.#shape = { kind: 'fields', columns, width: fields.length };
      return true;
    }
    // NDJSON needs no header: an odd line in it is just an odd line.
    if (this.#needsHeader && this.#header === undefined && this.#shape === undefined) {
      const { delimiter } = this.#options;
      const hint = delimiterHint([fields.join(delimiter)], delimiter);
      const found = quote(fields.join(',')) + (hint === undefined ? '' : `; ${hint}`);
      throw new Failure(status.data, `${source}:${number}: no header with the columns asked for: ${found}`);
    }
    return isFirst && this.#numbered !== undefined && this.#isTitles(fields, this.#numbered);
  }

  /** Whether neither time nor values are any: with numbered columns such a first line is a header too. */
  #isTitles(fields: readonly string[], columns: Columns): boolean {
    const { times, values } = this.#readers;
    const texts = fieldsAt(fields, columns);
    const isText = (text = '') => text.trim() !== '' && !values.isNumber(text);
    return texts.time !== undefined && !times.isTime(texts.time) && texts.values.every(isText);
  }

  /**
   * A last line without newline may be half of one. It counts when it has as many fields as its header and the line
   * before and, in a log with times, its value has not fewer decimals than all values before: 21.3 may be half of 21.35.
   */
  #asWhole(
    line: LineReadings,
    {
      width,
      expected,
      values,
    }: { readonly width: number; readonly expected: number; readonly values: number },
    { text, torn }: Line,
  ): LineReadings | Rejection {
    const lacksFields = width < expected || width !== (this.#width ?? width);
    // Only the end of a line can be torn off: of several values the last.
    const last = line.readings.length === values ? line.readings.at(-1) : undefined;
    const scale = last?.time === undefined ? undefined : last.value.scale;
    const lacksDigits = scale !== undefined && scale < (this.#leastScale ?? 0);
    const half = lacksFields || lacksDigits;
    if (torn && half)
      return { kind: 'torn', detail: `last line has no newline and is not whole: ${quote(text)}` };
    this.saw({ width, leastScale: scale });
    return line;
  }
}

function tooShort(fields: number, needed: number): Rejection {
  const detail = `line has ${fields} ${fields === 1 ? 'field' : 'fields'}, its columns need ${needed}`;
  return { kind: 'malformed', detail };
}
