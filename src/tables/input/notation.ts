/**
 * Normalises fields before their types are inferred: local times, custom time formats, decimal commas.
 *
 * Leaves verbatim columns and key columns alone, unless the user declared their type. A date alone is not a time, unless its
 * column is declared as timestamp. A time in the repeated hour of a clock change is the first of the two, unless an earlier
 * value of the column was later.
 */

import { quote, type Rejection } from '../../lines/line.ts';
import { type TimeOptions, TimeReader } from '../../readings/time-reader.ts';
import { readWritten } from '../../readings/written-time.ts';
import { type Batch, NULL } from './batch.ts';
import type { ColumnType } from './column-type.ts';
import type { Fields } from './csv-record.ts';
import type { Column } from './schema.ts';
import { utcText } from './utc-time.ts';

/** The notation of fields, as plain data. */
export interface NotationOptions extends TimeOptions {
  /** The decimal mark in CSV, a point if undefined. JSON numbers always have a point. */
  readonly decimal?: '.' | ',' | undefined;
  /** Declared types by lower-case column name. A custom time format applies to the timestamp columns among them. */
  readonly types: ReadonlyMap<string, ColumnType>;
}

/** What is known of a column: only its name until a row has it. */
type KnownColumn = Partial<Column> & Pick<Column, 'name'>;

const COMMA_NUMBER = /^-?(?:0|[1-9]\d*),\d+$/;
/** A number with a point, or with grouped digits. */
const POINT_NUMBER = /^-?(?:\d+\.\d+|\d{1,3}(?:\.\d{3})+,\d+)$/;
const TIME_OF_DAY = /\d:\d/;

/** Rewrites the fields of one source after another. */
export class Notation {
  readonly #types: ReadonlyMap<string, ColumnType>;
  readonly #comma: boolean;
  /** Parses times in the usual formats; undefined without a time zone. */
  readonly #usual: TimeReader | undefined;
  /** Parses times in the user's format, for declared timestamp columns; undefined without one. */
  readonly #formed: TimeReader | undefined;

  constructor({ decimal, types, zone, timeFormat }: NotationOptions) {
    this.#types = types;
    this.#comma = decimal === ',';
    this.#usual = zone === undefined ? undefined : new TimeReader({ zone });
    this.#formed = timeFormat === undefined ? undefined : new TimeReader({ zone, timeFormat });
  }

  /** Starts a new source. */
  begin(): void {
    this.#usual?.begin();
    this.#formed?.begin();
  }

  /** Rewrites the fields of a CSV row. @returns why the row is rejected */
  rewriteRow(batch: Batch, { at: first }: Fields, columns: readonly Column[]): Rejection | undefined {
    for (const [index, column] of columns.entries()) {
      const at = first + index;
      const start = batch.starts[at] ?? NULL;
      if (start === NULL || !this.#isConcerned(column)) continue;
      const text = batch.bytes.toString('utf8', start, batch.ends[at]);
      const found = this.#number(text, column) ?? this.time(text, column);
      if (typeof found === 'object') return found;
      if (found !== undefined) batch.replace(at, found);
    }
    return undefined;
  }

  /** The time as tables spell it; undefined for text that is not a time, or needs no rewriting. */
  time(text: string, column: KnownColumn): string | Rejection | undefined {
    if (!this.#isConcerned(column)) return undefined;
    const isGiven = this.#types.get(column.name.toLowerCase()) === 'timestamp';
    if (isGiven && this.#formed !== undefined) return moment(text, column, this.#formed);
    if (this.#usual === undefined || !(isGiven || TIME_OF_DAY.test(text))) return undefined;
    const written = readWritten(text);
    const isLocal = written !== undefined && written.offsetMs === undefined;
    return isLocal ? moment(text, column, this.#usual) : undefined;
  }

  /** Whether values of a column may need rewriting. */
  #isConcerned({ name, type, isKey }: KnownColumn): boolean {
    const given = this.#types.get(name.toLowerCase());
    if (given !== undefined) return given === 'timestamp' || given === 'decimal';
    return type !== 'verbatim' && isKey !== true;
  }

  #number(text: string, { name }: Column): string | Rejection | undefined {
    if (!this.#comma) return undefined;
    if (COMMA_NUMBER.test(text)) return text.replace(',', '.');
    if (!POINT_NUMBER.test(text)) return undefined;
    const problem = 'has a point, and the decimal mark is a comma';
    const detail = `${quote(name)} ${problem} (--types ${name}=text takes it): ${quote(text)}`;
    return { kind: 'with a point', detail };
  }
}

function moment(text: string, { name }: KnownColumn, times: TimeReader): string | Rejection | undefined {
  const time = times.read(text, name);
  if (typeof time === 'object') return { ...time, detail: `${quote(name)}: ${time.detail}` };
  return utcText(time, times.fractionOf(text));
}
