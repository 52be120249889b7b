/**
 * A file that reports what a run did. It appears atomically at the end of the run.
 *
 * An earlier report is removed when the run begins, so that it is not mistaken for this run's. A pipe or a terminal is
 * just written to.
 */

import { promises as fs } from 'node:fs';
import { writeFailure } from '../failure.ts';
import { replaceFile } from './replace.ts';
import { resolveTarget } from './resolve-target.ts';
import { isStream, writeToStream } from './stream-output.ts';

/** How long to wait for another writer of the same report. */
const WAIT_MS = 1000;

/** Begins a report. @returns a function that writes it @throws Failure (no input, I/O) when the report could not be written */
export async function beginReport(name: string): Promise<(content: string) => Promise<void>> {
  try {
    if (isStream(name)) return (content) => writeToStream(name, content);
    await fs.rm(resolveTarget(name), { force: true });
    return (content) => replaceFile(name, content, { waitMs: WAIT_MS });
  } catch (error) {
    throw writeFailure(name, error);
  }
}
