/** Opens the store of an address, or its reader. */

import { type Drivers, findDriver } from '../addresses/drivers.ts';
import { checkUrl, parseAddress } from '../addresses/parse.ts';
import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { inHalves } from './in-halves.ts';
import { namedWindows } from './named-windows.ts';
import type { OpenReader, StoreReader } from './reader.ts';
import type { OpenStore, Store, StoreSettings } from './store.ts';

const stores: Drivers<OpenStore> = {
  http: () => import('./http.ts'),
  https: () => import('./http.ts'),
  postgres: () => import('./postgres.ts'),
  postgresql: () => import('./postgres.ts'),
  '.csv': () => import('./csv-file.ts'),
  '': () => import('./sqlite.ts'),
};

const readers: Drivers<OpenReader> = {
  postgres: () => import('./postgres-reader.ts'),
  postgresql: () => import('./postgres-reader.ts'),
  '.csv': () => import('./csv-reader.ts'),
  '': () => import('./sqlite-reader.ts'),
};

/** @returns the address, if a driver supports it @throws Failure (usage) */
export function parseStoreAddress(text: string): string {
  const address = parseAddress(text);
  findDriver('store', stores, address);
  checkUrl(address);
  return text;
}

/** Does no I/O yet: the first upsert opens or creates the store. @throws Failure (usage) for an unknown address */
export async function openStore(address: string, settings: StoreSettings): Promise<Store> {
  const { default: open } = await findDriver('store', stores, parseAddress(address))();
  const store = open(address, settings);
  return settings.allOrNothing ? store : inHalves(store);
}

/** Does no I/O yet; a missing store reads as empty. @throws Failure (usage) for a store that cannot be read */
export async function openReader(address: string, settings: StoreSettings): Promise<StoreReader> {
  const { scheme, shown } = parseAddress(address);
  if (scheme === 'http' || scheme === 'https')
    throw new Failure(
      status.usage,
      `rows cannot be read from a server, only from its database: ${quote(shown)}`,
    );
  const { default: open } = await findDriver('store', readers, parseAddress(address))();
  return namedWindows(open(address, settings));
}
