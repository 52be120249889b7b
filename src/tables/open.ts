/**
 * From an address to a table in it: `postgres://...` is a server, a bare path is a SQLite database. A driver is loaded
 * only when an address names it.
 */

import { showAddress } from '../addresses/show.ts';
import { quote } from '../lines/line.ts';
import type { Table, TableSettings } from './table.ts';

/** @returns the address, when a driver knows it @throws Error with a message for the user */
export function parseDatabaseAddress(address: string): string {
  if (isPostgres(address)) {
    if (!URL.canParse(address)) throw new Error(`not an address: ${quote(showAddress(address))}`);
  } else if (address === '' || /^[a-z][a-z0-9+.-]*:/i.test(address) || address.endsWith('.csv')) {
    throw new Error(`not a database: ${quote(showAddress(address))}`);
  }
  return address;
}

/** Touches nothing yet: a database is there, or is created, with the first batch. */
export async function openTable(address: string, settings: TableSettings): Promise<Table> {
  if (isPostgres(address))
    return (await import('./postgres/postgres.ts')).openPostgresTable(address, settings);
  return (await import('./sqlite/sqlite.ts')).openSqliteTable(address, settings);
}

function isPostgres(address: string): boolean {
  return /^postgres(?:ql)?:/i.test(address);
}
