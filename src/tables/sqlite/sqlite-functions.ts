/** Our own functions in SQL. */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { plainNumber } from '../input/plain-number.ts';

/** The function that gives a decimal the spelling that it has in a column of text. */
export const PLAIN = 'etl_plain';

/** Makes them known to a connection. */
export function defineFunctions(database: DatabaseSyncInstance): void {
  // The shortest text of a double is that of the decimal which it was made of.
  database.function(PLAIN, { deterministic: true }, (value: unknown) =>
    typeof value === 'number' && Number.isFinite(value) ? plainNumber(String(value)) : value,
  );
}
