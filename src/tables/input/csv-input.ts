/** What a reader of CSV is given beside the bytes. */

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
  /** Undefined where fields are written as tables have them. */
  readonly notation?: Notation | undefined;
  /** Says what is perhaps not as the user means it. */
  warn(message: string): void;
}
