/** The options of tools that print rows. */

import type { RowFormat } from '../lines/format-rows.ts';
import { inGroup } from './option.ts';

/** Declares `--json` and `--table`; without either rows are CSV. */
export const rowOptions = inGroup('Output', {
  json: { type: 'flag', describe: 'rows as JSON, one per line' },
  table: { type: 'flag', excludes: ['json'], describe: 'rows as aligned columns for people' },
});

/** The format that these options ask for. */
export function rowFormat(options: { readonly json: boolean; readonly table: boolean }): RowFormat {
  return options.table ? 'table' : options.json ? 'json' : 'csv';
}
