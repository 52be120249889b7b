/** The settings of a CSV reader. */

import type { CsvForm } from '../../lines/csv.ts';
import type { Notation } from './notation.ts';
import type { Schema } from './schema.ts';

/** The dialect of CSV, and the column names if it has no header. */
export interface RowsForm extends CsvForm {
  /** Undefined for the default: `column1`, `column2` and so on. */
  readonly columnNames?: readonly string[] | undefined;
}

export interface CsvInput {
  readonly schema: Schema;
  readonly form: RowsForm;
  /** Undefined if fields need no rewriting. */
  readonly notation?: Notation | undefined;
  /** Warns of something the user may not have intended. */
  warn(message: string): void;
}
