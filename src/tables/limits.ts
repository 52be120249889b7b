/** What the kinds of databases can hold. */

import { DOUBLE_DIGITS, type TableLimits } from './input/column-type.ts';

/** Decimals are doubles. */
export const sqliteLimits: TableLimits = {
  decimalDigits: DOUBLE_DIGITS,
  columns: 2000,
  nameBytes: Number.POSITIVE_INFINITY,
  widens: true,
};

/** NUMERIC keeps every digit, and a longer name would be cut off. */
export const postgresLimits: TableLimits = {
  decimalDigits: 1000,
  columns: 1600,
  nameBytes: 63,
  widens: true,
};

/** Decimals are doubles. A type could be changed only by writing the table anew, over what others load meanwhile. */
export const bigqueryLimits: TableLimits = {
  decimalDigits: DOUBLE_DIGITS,
  columns: 10_000,
  nameBytes: 300,
  widens: false,
};
