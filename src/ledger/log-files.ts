/** Removes what runs have left beside the ledger, when the ledger forgets them. */

import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { errorCode, writeFailure } from '../failure.ts';
import { jobFolder, type RunPlace, runDirectory, runName } from './log-path.ts';

/** Removes the logs and reports of a run, and folders that are empty then. @throws Failure (I/O) */
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

/** A folder in which a run has begun meanwhile stays. */
async function removeEmpty(folder: string): Promise<void> {
  try {
    await fs.rmdir(folder);
  } catch (error) {
    if (!NOT_EMPTY.has(errorCode(error) ?? '')) throw error;
  }
}

/** As systems say it; a file that somebody has put there is no folder. */
const NOT_EMPTY = new Set(['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR']);
