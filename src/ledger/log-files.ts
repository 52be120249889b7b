/** Removes the files that runs left beside the ledger, when their rows are pruned. */

import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { errorCode, writeFailure } from '../failure.ts';
import { jobFolder, type RunPlace, runDirectory, runName } from './log-path.ts';

/** Removes the logs and reports of a run, and the folders this empties. @throws Failure (I/O) */
export async function removeLogs(logFolder: string, run: RunPlace): Promise<void> {
  const job = jobFolder(logFolder, run.job);
  try {
    await fs.rm(runDirectory(logFolder, run), { recursive: true, force: true });
    for (const task of await namesIn(job)) {
      await fs.rm(join(job, task, runName(run)), { recursive: true, force: true });
      await removeEmpty(join(job, task));
    }
    await removeEmpty(job);
  } catch (error) {
    throw writeFailure(job, error);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Keeps a folder into which a new run has written in the meantime. */
async function removeEmpty(folder: string): Promise<void> {
  try {
    await fs.rmdir(folder);
  } catch (error) {
    if (!NOT_EMPTY.has(errorCode(error) ?? '')) throw error;
  }
}

/** What rmdir(2) reports, depending on the system; ENOTDIR for a stray file. */
const NOT_EMPTY = new Set(['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR']);
