/**
 * Linux's /sys, where sensors are small files. Paths consist only of names found there, never of parts of an address,
 * so an address cannot lead elsewhere.
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText, Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { fromThousandths } from '../readings/units.ts';
import { type Decimal, parseDecimal } from '../stats/decimal.ts';
import { readSmallFile } from './read-small-file.ts';
import type { SensorIo } from './sensor.ts';

/** A directory in place of /sys, for containers and tests. */
const ROOT_VARIABLE = 'ETL_SYSFS';

/** A path below /sys, or below $ETL_SYSFS. */
export function sysPath({ env }: SensorIo, ...names: readonly string[]): string {
  return join(env[ROOT_VARIABLE] || '/sys', ...names);
}

/** The matching names in a folder, in natural order. @throws Failure (unavailable) */
export async function listNames(folder: string, pattern: RegExp): Promise<string[]> {
  try {
    const names = (await readdir(folder)).filter((name) => pattern.test(name));
    return names.sort(new Intl.Collator('en', { numeric: true }).compare);
  } catch (error) {
    throw new Failure(status.unavailable, `${folder}: ${errorText(error)}`, { cause: error });
  }
}

/** The same, but empty for a missing or unreadable folder. */
export async function listIfThere(folder: string, pattern: RegExp): Promise<string[]> {
  return listNames(folder, pattern).catch(() => []);
}

/** Shares one scan between concurrent callers: it reads many small files, and every sensor starts with it. */
export function shared<Found>(scan: (io: SensorIo) => Promise<Found>): (io: SensorIo) => Promise<Found> {
  const running = new WeakMap<SensorIo, Promise<Found>>();
  return (io) => {
    const found = running.get(io) ?? scan(io).finally(() => running.delete(io));
    running.set(io, found);
    return found;
  };
}

/** Whether a name is usable in an address, and needs no quotes in a shell. */
export function isPlainName(name: string): boolean {
  return /^[\w.:+-]+$/.test(name);
}

/** The text of an attribute, trimmed. @throws Failure */
export async function readAttribute(path: string): Promise<string> {
  return (await readSmallFile(path)).text.trim();
}

/** The text of an attribute, trimmed; undefined when it cannot be opened. @throws Failure (temporary) */
export async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readAttribute(path);
  } catch (error) {
    if (error instanceof Failure && error.status === status.unavailable) return undefined;
    throw error;
  }
}

/** Reads an attribute in millidegrees. @returns °C @throws Failure */
export async function readMillidegrees(path: string): Promise<Decimal> {
  return parseMillidegrees(await readAttribute(path), path);
}

/** Parses text in millidegrees. @returns °C @throws Failure, temporary when it is empty */
export function parseMillidegrees(text: string, path: string): Decimal {
  if (text === '') throw new Failure(status.temporary, `${path}: is empty`);
  const value = /^-?\d+$/.test(text) ? parseDecimal(text) : undefined;
  if (value === undefined) {
    throw new Failure(status.unavailable, `${path}: not thousandths of a degree: ${quote(text)}`);
  }
  return fromThousandths(value);
}
