/**
 * From an address to its store: `http://...` and `https://...` are servers, `postgres://...` and `postgresql://...`
 * Postgres databases, a bare path that ends in `.csv` is a CSV file, any other bare path is a SQLite database. A driver
 * is loaded only when an address names it.
 */

import { showAddress } from '../addresses/show.ts';
import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import type { StoreReader } from './reader.ts';
import type { Store, StoreSettings } from './store.ts';

/** @returns the address, when a driver knows it @throws Error with a message for the user */
export function parseStoreAddress(address: string): string {
  if (isServer(address) || isPostgres(address)) {
    if (!URL.canParse(address)) throw new Error(`not an address: ${quote(showAddress(address))}`);
  } else if (address === '' || /^[a-z][a-z0-9+.-]*:/i.test(address)) {
    throw new Error(`unknown store: ${quote(showAddress(address))}`);
  }
  return address;
}

/** Touches nothing yet: the store is there, or is created, with the first upsert. */
export async function openStore(address: string, settings: StoreSettings): Promise<Store> {
  if (isServer(address)) return (await import('./http.ts')).openHttp(address, settings);
  if (isPostgres(address)) return (await import('./postgres.ts')).openPostgres(address, settings);
  if (address.endsWith('.csv')) return (await import('./csv.ts')).openCsv(address, settings);
  return (await import('./sqlite.ts')).openSqlite(address, settings);
}

/** Touches nothing yet; what is not there is empty. @throws Failure (usage) for a store that cannot be read */
export async function openReader(address: string, settings: StoreSettings): Promise<StoreReader> {
  if (isServer(address))
    throw new Failure(
      status.usage,
      `a server cannot be read, its database can: ${quote(showAddress(address))}`,
    );
  if (isPostgres(address))
    return (await import('./postgres-reader.ts')).openPostgresReader(address, settings);
  if (address.endsWith('.csv')) return (await import('./csv-reader.ts')).openCsvReader(address);
  return (await import('./sqlite-reader.ts')).openSqliteReader(address, settings);
}

function isServer(address: string): boolean {
  return /^https?:/i.test(address);
}

/** Of load-rows too. */
export function isPostgres(address: string): boolean {
  return /^postgres(?:ql)?:/i.test(address);
}
