/** Options of lake-put: how to store records, and conflicts between options. */

import { statSync } from 'node:fs';
import { parseAddress } from '../addresses/parse.ts';
import { Failure, status } from '../failure.ts';
import { parseNames } from '../lines/csv.ts';
import { parseMemberPath } from '../lines/member-path.ts';
import type { Division, Field } from './record.ts';

/** @throws Failure (usage) */
export function usage(message: string): never {
  throw new Failure(status.usage, `${message} (see lake-put --help)`);
}

interface ChosenOptions {
  readonly csv: boolean;
  readonly ndjson: boolean;
  readonly fields: unknown;
  readonly by: string | undefined;
  readonly time: unknown;
  readonly batch: number | undefined;
  readonly 'allow-empty': boolean;
}

/** @throws Failure (usage) for conflicting options */
export function checkOptions(options: ChosenOptions): void {
  const { csv, ndjson, fields, by, time, batch } = options;
  if (csv && fields === undefined) usage('--csv needs --fields');
  if (!csv && fields !== undefined) usage('--fields needs --csv');
  if ((by === 'date') !== (time !== undefined))
    usage(by === 'date' ? '--by date needs --time' : '--time needs --by date');
  const ofRecords = by !== undefined ? '--by' : '--batch';
  if (!csv && !ndjson && (by ?? batch) !== undefined) usage(`${ofRecords} needs --csv or --ndjson`);
  if ((csv || ndjson) && options['allow-empty']) usage('--allow-empty does not go with --csv or --ndjson');
}

/** Checks the address of a lake. @param isFolder whether the address ends in a slash @throws Failure (usage) */
export function checkLake(address: string, isFolder: boolean, needsFolder: boolean): void {
  if (isFolder) return;
  if (parseAddress(address).scheme === '' && isDirectory(address))
    usage(`${address} is a folder: write ${address}/`);
  if (needsFolder) usage(`${address} is one object, which each batch would replace: write ${address}/`);
}

/** False also for an inaccessible path: storing the object reports why. */
function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** The comma-separated fields of an option. @throws Error with a message for the user */
export function parseFields(text: string): Field[] {
  if (text === '') throw new Error('it is empty');
  return parseNames(text).map(parseField);
}

/** @throws Error with a message for the user */
export function parseField(text: string): Field {
  const path = parseMemberPath(text);
  return { name: path.join('.'), path };
}

/** The value of `--by`. @throws Error with a message for the user */
export function parseBy(text: string): string {
  parseMemberPath(text);
  return text;
}

/** The partitioning of `--by` and `--time`. */
export function division(by: string, time: Field | undefined): Division {
  return time === undefined ? { field: parseField(by) } : { time };
}
