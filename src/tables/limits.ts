/** The limits of each database. */

import { DOUBLE_DIGITS, type TableLimits } from './input/column-type.ts';

/** Decimals are doubles. */
export const sqliteLimits: TableLimits = {
  decimalDigits: DOUBLE_DIGITS,
  columns: 2000,
  nameBytes: Number.POSITIVE_INFINITY,
  widens: true,
};

/** NUMERIC keeps every digit. A longer name would be truncated. */
export const postgresLimits: TableLimits = {
  decimalDigits: 1000,
  columns: 1600,
  nameBytes: 63,
  widens: true,
};

/** Decimals are doubles. Changing a type would mean to rewrite the table, and to lose concurrent loads. */
export const bigqueryLimits: TableLimits = {
  decimalDigits: DOUBLE_DIGITS,
  columns: 10_000,
  nameBytes: 300,
  widens: false,
};
