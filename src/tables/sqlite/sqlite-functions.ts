/** User-defined SQL functions. */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { plainNumber } from '../input/plain-number.ts';

/** The function that formats a decimal as in a text column. */
export const PLAIN = 'etl_plain';

/** Registers the functions with a connection. */
export function defineFunctions(database: DatabaseSyncInstance): void {
  // The shortest text of a double is the decimal it was parsed from.
  database.function(PLAIN, { deterministic: true }, (value: unknown) =>
    typeof value === 'number' && Number.isFinite(value) ? plainNumber(String(value)) : value,
  );
}
