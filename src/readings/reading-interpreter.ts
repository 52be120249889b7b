/** Interprets lines as readings: reading lines, any CSV whose columns are named, NDJSON, and headers, in any mix. */

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
  /** InfluxDB's line protocol, in which each line is self-contained. */
  | { readonly kind: 'influx' }
  | { readonly kind: 'fields'; readonly columns: Columns; readonly width: number };

/** What complete lines looked like, to judge a torn one by. */
export interface WholeLines {
  /** Number of fields of the last complete line; undefined if none has come since the last header. */
  readonly width?: number | undefined;
  /** The fewest decimal places of values with a time; undefined likewise. */
  readonly leastScale?: number | undefined;
}

/** Interprets the lines of a source; remembers its header and the form of its complete lines. */
export class ReadingInterpreter implements Interpreter<LineReadings> {
  readonly #options: InterpretOptions;
  readonly #numbered: Columns | undefined;
  readonly #needsHeader: boolean;
  readonly #readers: Readers;
  #header: Columns | undefined;
  /** Number of fields of the previous line. */
  #width: number | undefined;
  /** The fewest decimal places so far of values with a time; undefined before the first. */
  #leastScale: number | undefined;
  #shape: Shape | undefined;
  /** Whether the next line is the first of the source. */
  #isFirst = true;

  constructor(options: InterpretOptions) {
    this.#options = options;
    this.#numbered = numberedColumns(options.names);
    this.#needsHeader = needsHeader(options.names);
    this.#readers = { times: new TimeReader(options), values: new ValueReader(options) };
  }

  /** Begins another source. */
  begin(): void {
    this.#header = undefined;
    this.#width = undefined;
    this.#leastScale = undefined;
    this.#shape = undefined;
    this.#isFirst = true;
    this.#readers.times.begin();
  }

  /** What times without an offset imply for the lines after them. */
  get times(): Pick<TimeReader, 'hasLocalTime' | 'hasTimeTwice'> {
    return this.#readers.times;
  }

  /** The form of the last reading or header; undefined before the first. */
  get shape(): Shape | undefined {
    return this.#shape;
  }

  /** The columns of the last header; undefined without one. */
  get header(): Columns | undefined {
    return this.#header;
  }

  /** Continues in the middle of a source that had this header and lines of this form. */
  resume(header: Columns | undefined, shape: Shape): void {
    this.begin();
    this.#header = header;
    this.#shape = shape;
    this.#isFirst = false;
  }

  /** What complete lines have looked like so far. */
  get whole(): WholeLines {
    return { width: this.#width, leastScale: this.#leastScale };
  }

  /** Merges what complete lines looked like that were read elsewhere, after the last one here. */
  saw({ width, leastScale }: WholeLines): void {
    this.#width = width ?? this.#width;
    if (leastScale !== undefined) this.#leastScale = Math.min(this.#leastScale ?? leastScale, leastScale);
  }

  /** @throws Failure (data) if a column that the user names is missing */
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

  /** Whether neither the time nor any value parses: with numbered columns such a first line is a header too. */
  #isTitles(fields: readonly string[], columns: Columns): boolean {
    const { times, values } = this.#readers;
    const texts = fieldsAt(fields, columns);
    const isText = (text = '') => text.trim() !== '' && !values.isNumber(text);
    return texts.time !== undefined && !times.isTime(texts.time) && texts.values.every(isText);
  }

  /**
   * A last line without newline may be half of one. It counts if it has as many fields as its header and the previous line
   * and, in a log with times, its value has no fewer decimal places than any before: 21.3 may be half of 21.35.
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
      return { kind: 'torn', detail: `last line has no newline and is incomplete: ${quote(text)}` };
    this.saw({ width, leastScale: scale });
    return line;
  }
}

function tooShort(fields: number, needed: number): Rejection {
  const detail = `line has ${fields} ${fields === 1 ? 'field' : 'fields'}, its columns need ${needed}`;
  return { kind: 'malformed', detail };
}
