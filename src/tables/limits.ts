/** What the kinds of databases can hold. */

import { DOUBLE_DIGITS, type TableLimits } from './input/column-type.ts';

/** Decimals are doubles. */
export const sqliteLimits: TableLimits = {
  decimalDigits: DOUBLE_DIGITS,
  columns: 2000,
  nameBytes: Number.POSITIVE_INFINITY,
};

/** NUMERIC keeps every digit, and a longer name would be cut off. */
export const postgresLimits: TableLimits = { decimalDigits: 1000, columns: 1600, nameBytes: 63 };
