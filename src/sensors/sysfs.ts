/**
 * Linux' /sys, where the kernel shows sensors as small files. Paths are made of names found there, never of an address,
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

/** A folder instead of /sys, in a container or a test. */
const ROOT_VARIABLE = 'ETL_SYSFS';

/** The path of these names below /sys, or below $ETL_SYSFS. */
export function sysPath({ env }: SensorIo, ...names: readonly string[]): string {
  return join(env[ROOT_VARIABLE] || '/sys', ...names);
}

/** The names in a folder that match, ordered by the numbers in them. @throws Failure (unavailable) */
export async function listNames(folder: string, pattern: RegExp): Promise<string[]> {
  try {
    const names = (await readdir(folder)).filter((name) => pattern.test(name));
    return names.sort(new Intl.Collator('en', { numeric: true }).compare);
  } catch (error) {
    throw new Failure(status.unavailable, `${folder}: ${errorText(error)}`, { cause: error });
  }
}

/** The same; none for a folder that is gone or unreadable. */
export async function listIfThere(folder: string, pattern: RegExp): Promise<string[]> {
  return listNames(folder, pattern).catch(() => []);
}

/**
 * Shares one scan among all who ask for it at the same time: it reads many small files, and every sensor begins with it.
 */
export function shared<Found>(scan: (io: SensorIo) => Promise<Found>): (io: SensorIo) => Promise<Found> {
  const running = new WeakMap<SensorIo, Promise<Found>>();
  return (io) => {
    const found = running.get(io) ?? scan(io).finally(() => running.delete(io));
    running.set(io, found);
    return found;
  };
}

/** Whether a name that was found can be a part of an address, and needs no quotes in a shell. */
export function isPlainName(name: string): boolean {
  return /^[\w.:+-]+$/.test(name);
}

/** An attribute's text, trimmed. @throws Failure */
export async function readAttribute(path: string): Promise<string> {
  return (await readSmallFile(path)).text.trim();
}

/** An attribute's text, trimmed; undefined when it cannot be opened. @throws Failure (temporary) */
export async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readAttribute(path);
  } catch (error) {
    if (error instanceof Failure && error.status === status.unavailable) return undefined;
    throw error;
  }
}

/** The value in °C of an attribute in thousandths of a degree. @throws Failure */
export async function readMillidegrees(path: string): Promise<Decimal> {
  return parseMillidegrees(await readAttribute(path), path);
}

/** The value in °C of text in thousandths of a degree. @throws Failure, temporary when it is empty */
export function parseMillidegrees(text: string, path: string): Decimal {
  if (text === '') throw new Failure(status.temporary, `${path}: is empty`);
  const value = /^-?\d+$/.test(text) ? parseDecimal(text) : undefined;
  if (value === undefined) {
    throw new Failure(status.unavailable, `${path}: not thousandths of a degree: ${quote(text)}`);
  }
  return fromThousandths(value);
}
