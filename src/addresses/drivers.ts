/** From an address to its driver, by a table. Only the driver that an address names is loaded. */

import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import type { Address } from './parse.ts';

/**
 * What loads each driver, by scheme; `.csv` stands for bare paths that end so, the empty key for all others.
 *
 * It is a literal `import()` each time, since the bundler looks for these.
 */
export type Drivers<Open> = Readonly<Record<string, () => Promise<{ readonly default: Open }>>>;

/** What a bare path means, by kind, for the message. */
const barePaths: Readonly<Record<string, string>> = { store: 'SQLite', database: 'SQLite', queue: 'a file' };

/** @param kind what the drivers open, for the message @throws Failure (usage) when none of them takes the address */
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
