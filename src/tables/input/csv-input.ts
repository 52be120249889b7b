/** What a reader of CSV needs besides the bytes. */

import type { CsvForm } from '../../lines/csv.ts';
import type { Notation } from './notation.ts';
import type { Schema } from './schema.ts';

/** How CSV is written, and what its columns are called where it has no header. */
export interface RowsForm extends CsvForm {
  /** Undefined for `column1`, `column2` and so on. */
  readonly columnNames?: readonly string[] | undefined;
}

export interface CsvInput {
  readonly schema: Schema;
  readonly form: RowsForm;
  /** Undefined when fields need no rewriting. */
  readonly notation?: Notation | undefined;
  /** Warns of what the user may not have meant. */
  warn(message: string): void;
}
