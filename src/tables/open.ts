/** Opens the table at an address. */

import { type Drivers, findDriver } from '../addresses/drivers.ts';
import { checkUrl, parseAddress } from '../addresses/parse.ts';
import type { OpenTable, Table, TableSettings } from './table.ts';

const drivers: Drivers<OpenTable> = {
  postgres: () => import('./postgres/postgres.ts'),
  postgresql: () => import('./postgres/postgres.ts'),
  bigquery: () => import('./bigquery/bigquery.ts'),
  '': () => import('./sqlite/sqlite.ts'),
};

/** @returns the address if there is a driver for it @throws Failure (usage) */
export function parseDatabaseAddress(text: string): string {
  const address = parseAddress(text);
  findDriver('database', drivers, address);
  checkUrl(address);
  return text;
}

/** Lazy: the first call opens the database, the first batch creates it. @throws Failure (usage) for an unknown address */
export async function openTable(address: string, settings: TableSettings): Promise<Table> {
  const { default: open } = await findDriver('database', drivers, parseAddress(address))();
  return open(address, settings);
}
