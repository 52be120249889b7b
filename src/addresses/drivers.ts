/** Finds the driver of an address. Loads only that driver. */

import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import type { Address } from './parse.ts';

/**
 * Loaders of drivers by scheme; `.csv` matches bare paths with that extension, the empty key all others.
 *
 * Each must be a literal `import()`, which the bundler needs.
 */
export type Drivers<Open> = Readonly<Record<string, () => Promise<{ readonly default: Open }>>>;

/** What a bare path means, by kind, for messages. */
const barePaths: Readonly<Record<string, string>> = { store: 'SQLite', database: 'SQLite', queue: 'a file' };

/** @param kind what the drivers open, for messages @throws Failure (usage) when no driver supports the address */
export function findDriver<Open>(kind: string, drivers: Drivers<Open>, address: Address) {
  const key = keyOf(address);
  const load = address.text !== '' && Object.hasOwn(drivers, key) ? drivers[key] : undefined;
  if (load !== undefined) return load;
  const schemes = Object.keys(drivers).filter((name) => /^[a-z]/.test(name));
  const bare = Object.hasOwn(drivers, '') ? barePaths[kind] : undefined;
  const known = [
    ...(schemes.length === 0 ? [] : [`known schemes: ${schemes.join(', ')}`]),
    ...(bare === undefined ? [] : [`a bare path is ${bare}`]),
  ];
  throw new Failure(status.usage, [`unknown ${kind}: ${quote(address.shown)}`, ...known].join('; '));
}

function keyOf({ scheme, text }: Address): string {
  return scheme === '' && text.endsWith('.csv') ? '.csv' : scheme;
}
