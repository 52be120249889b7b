/** Opens the lake of an address. */

import { type Drivers, findDriver } from '../addresses/drivers.ts';
import { checkUrl, parseAddress } from '../addresses/parse.ts';
import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import type { Lake, LakeSettings, OpenLake } from './lake.ts';

const drivers: Drivers<OpenLake> = {
  '': () => import('./folder.ts'),
  s3: () => import('./s3/lake.ts'),
};

/** The address of an object, split into lake and name. */
export interface ObjectAddress {
  /** Ends in a slash, or is empty. */
  readonly lake: string;
  /** Empty when the address is a lake. */
  readonly name: string;
}

/** @throws Failure (usage) when no driver supports the address, or it contains a line break */
export function parseObjectAddress(text: string): ObjectAddress {
  const address = parseAddress(text);
  // Addresses are printed one per line. A path with `.csv` is an ordinary name.
  findDriver('lake', { ...drivers, '.csv': drivers[''] ?? noDriver }, address);
  checkUrl(address);
  if (/[\n\r\0]/.test(text)) throw new Failure(status.usage, `not an address in one line: ${quote(text)}`);
  // The driver reports what is missing.
  const isShort = address.scheme !== '' && !/^(?:\/\/)?[^/]+\//.test(address.rest);
  const end = isShort ? text.length : text.lastIndexOf('/') + 1;
  return { lake: text.slice(0, end), name: text.slice(end) };
}

/** Does no I/O yet. @param lake from `parseObjectAddress` */
export async function openLake(lake: string, settings: LakeSettings): Promise<Lake> {
  const address = parseAddress(lake === '' ? './' : lake);
  const { default: open } = await findDriver('lake', drivers, address)();
  return open(lake, settings);
}

async function noDriver(): Promise<never> {
  throw new Error('a folder has a driver');
}
