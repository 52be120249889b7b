/** Which limits were exceeded when they were checked last: a line of JSON for each, in a file that is replaced. */

import { errorCode, Failure, status } from '../failure.ts';
import { replaceFile } from '../files/replace.ts';
import { readRegularFile } from '../files/whole-file.ts';
import type { Finding, WasExceeded } from './limits.ts';

const LARGEST = 64 << 20;
/** How long another check may hold it. */
const WAIT_MS = 10_000;

type Exceeded = Pick<Finding, 'sensor' | 'limit'>;

/** What was exceeded before. */
export interface Before {
  readonly was: WasExceeded;
  readonly all: readonly Exceeded[];
}

/** @returns none while there is no file @throws Failure: configuration for another file; of reading */
export function readExceeded(path: string): Before {
  const all = linesOf(path).map((line, at) => parsed(line, `${path}:${at + 1}`));
  const known = new Set(all.map(keyOf));
  return { was: (sensor, limit) => known.has(keyOf({ sensor, limit })), all };
}

/** Replaces what was found before, but for sensors that were not looked at. @throws Failure */
export async function writeExceeded(
  path: string,
  found: readonly Finding[],
  { all }: Before,
  isLookedAt: (sensor: string) => boolean,
): Promise<void> {
  const others = all.filter(({ sensor }) => !isLookedAt(sensor));
  const lines = [...others, ...found.filter(({ isKnown }) => isKnown)].map((each) => `${keyOf(each)}\n`);
  await replaceFile(path, lines.join(''), { waitMs: WAIT_MS });
}

/** The line of it, too. */
function keyOf({ sensor, limit }: Exceeded): string {
  return JSON.stringify({ sensor, limit });
}

function linesOf(path: string): string[] {
  try {
    const text = readRegularFile(path, { most: LARGEST }).toString();
    return text.split('\n').filter((line) => line !== '');
  } catch (error) {
    if (error instanceof Failure && errorCode(error.cause) === 'ENOENT') return [];
    throw error;
  }
}

/** @throws Failure (configuration) */
function parsed(line: string, place: string): Exceeded {
  try {
    const { sensor, limit } = JSON.parse(line);
    if (typeof sensor === 'string' && typeof limit === 'string')
      return { sensor, limit: limit as Finding['limit'] };
  } catch {
    // Told below.
  }
  throw new Failure(status.config, `${place}: not a state of check-stats`);
}
