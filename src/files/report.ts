/**
 * A file that says what a run did: it is there once the run has ended, and is then whole.
 *
 * An earlier one is removed when the run begins, so that nobody takes it for this run's. A pipe or a terminal is written to.
 */

import { promises as fs } from 'node:fs';
import { errorCode, writeFailure } from '../failure.ts';
import { replaceFile, resolveTarget } from './replace.ts';

/** How long another writer of the same report may take. */
const WAIT_MS = 1000;

/** @returns what writes the report. @throws Failure (no input, I/O) when that cannot work */
export async function beginReport(name: string): Promise<(content: string) => Promise<void>> {
  try {
    if (await isStream(name)) return (content) => writeTo(name, content);
    await fs.rm(resolveTarget(name), { force: true });
    return (content) => replaceFile(name, content, { waitMs: WAIT_MS });
  } catch (error) {
    throw writeFailure(name, error);
  }
}

async function isStream(name: string): Promise<boolean> {
  try {
    const there = await fs.stat(name);
    return !there.isFile() && !there.isDirectory();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function writeTo(name: string, content: string): Promise<void> {
  try {
    await fs.writeFile(name, content);
  } catch (error) {
    throw writeFailure(name, error);
  }
}
