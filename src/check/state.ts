/** Which limits were exceeded at the last check: one line of JSON each, in a file that is replaced atomically. */

import { errorCode, Failure, status } from '../failure.ts';
import { replaceFile } from '../files/replace.ts';
import { readRegularFile } from '../files/whole-file.ts';
import type { Finding, WasExceeded } from './limits.ts';

const LARGEST = 64 << 20;
/** How long to wait while another check holds the file. */
const WAIT_MS = 10_000;

type Exceeded = Pick<Finding, 'sensor' | 'limit'>;

/** The breaches of the last check. */
export interface Before {
  readonly was: WasExceeded;
  readonly all: readonly Exceeded[];
}

/**
 * @returns no breaches when the file is missing @throws Failure: (configuration) for another kind of file; of reading
 */
export function readExceeded(path: string): Before {
  const all = linesOf(path).map((line, at) => parsed(line, `${path}:${at + 1}`));
  const known = new Set(all.map(keyOf));
  return { was: (sensor, limit) => known.has(keyOf({ sensor, limit })), all };
}

/** Replaces the breaches, except those of sensors that were not checked. @throws Failure */
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

/** The key of a breach, and its line in the file. */
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
    // Reported below.
  }
  throw new Failure(status.config, `${place}: not a state of check-stats`);
}
