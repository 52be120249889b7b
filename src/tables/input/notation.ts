/**
 * Rewrites fields that tables spell otherwise: times without an offset, times of another form, decimal commas. It comes before
 * the type of a field is found.
 *
 * Text in verbatim columns stays as it came, as does a key, unless the user gave its type. A date alone is no time, unless its
 * column is given as one. A time in an hour that comes twice is the first of the two, unless the time before it in the column
 * was later.
 */

import { quote, type Rejection } from '../../lines/line.ts';
import { type TimeOptions, TimeReader } from '../../readings/time-reader.ts';
import { readWritten } from '../../readings/written-time.ts';
import { type Batch, NULL } from './batch.ts';
import type { ColumnType } from './column-type.ts';
import type { Fields } from './csv-record.ts';
import type { Column } from './schema.ts';
import { utcText } from './utc-time.ts';

/** How fields are written: plain data. */
export interface NotationOptions extends TimeOptions {
  /** The decimal mark of CSV, a point if undefined. Numbers of JSON have a point in any case. */
  readonly decimal?: '.' | ',' | undefined;
  /** By the names of columns in lower case. A form of times is that of the columns that are timestamps. */
  readonly types: ReadonlyMap<string, ColumnType>;
}

/** What is known of a column: only its name until a row has it. */
type KnownColumn = Partial<Column> & Pick<Column, 'name'>;

const COMMA_NUMBER = /^-?(?:0|[1-9]\d*),\d+$/;
/** A number with a point, or with its digits in groups. */
const POINT_NUMBER = /^-?(?:\d+\.\d+|\d{1,3}(?:\.\d{3})+,\d+)$/;
const TIME_OF_DAY = /\d:\d/;

/** Rewrites the fields of one source after the other. */
export class Notation {
  readonly #types: ReadonlyMap<string, ColumnType>;
  readonly #comma: boolean;
  /** Reads times in the usual forms; undefined without a zone. */
  readonly #usual: TimeReader | undefined;
  /** Reads times in the user's form, in columns given as timestamps; undefined without a form. */
  readonly #formed: TimeReader | undefined;

  constructor({ decimal, types, zone, timeFormat }: NotationOptions) {
    this.#types = types;
    this.#comma = decimal === ',';
    this.#usual = zone === undefined ? undefined : new TimeReader({ zone });
    this.#formed = timeFormat === undefined ? undefined : new TimeReader({ zone, timeFormat });
  }

  /** Another source begins. */
  begin(): void {
    this.#usual?.begin();
    this.#formed?.begin();
  }

  /** Rewrites the fields of a row of CSV. @returns why the row is rejected */
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

  /** The time as tables spell it; undefined for text that is no time, or that needs no rewriting. */
  time(text: string, column: KnownColumn): string | Rejection | undefined {
    if (!this.#isConcerned(column)) return undefined;
    const isGiven = this.#types.get(column.name.toLowerCase()) === 'timestamp';
    if (isGiven && this.#formed !== undefined) return moment(text, column, this.#formed);
    if (this.#usual === undefined || !(isGiven || TIME_OF_DAY.test(text))) return undefined;
    const written = readWritten(text);
    const isLocal = written !== undefined && written.offsetMs === undefined;
    return isLocal ? moment(text, column, this.#usual) : undefined;
  }

  /** Whether values of a column may have to be rewritten. */
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
