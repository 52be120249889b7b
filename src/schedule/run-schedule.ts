/** A schedule from its start to the signal that ends it. */

import { Failure, status } from '../failure.ts';
import { tryToRemove } from '../files/remove.ts';
import { Ledger } from '../ledger/ledger.ts';
import { lockOf, lockSchedule } from '../ledger/schedule-lock.ts';
import type { LoadedJobs } from './jobs/load-jobs.ts';
import { type ScheduleIo, type ScheduleSettings, Session } from './session.ts';

/**
 * Runs the jobs until a signal arrives. If their files have problems, reports them and runs nothing.
 *
 * @param load reads the files @throws Failure: temporary when another schedule holds the ledger; that of a file
 */
export async function runSchedule(
  load: () => Promise<LoadedJobs>,
  settings: ScheduleSettings,
  io: ScheduleIo,
): Promise<void> {
  const loadAloud = async () => {
    const loaded = await load();
    const { name, jobs, problems } = loaded;
    if (jobs.length + problems.length === 0) io.warn(`${name}: no job in it`);
    return loaded;
  };
  const { jobs, problems } = await loadAloud();
  for (const problem of problems) io.fail(problem);
  if (problems.length > 0) return;
  const lock = await lockSchedule(settings.ledger, io.now());
  try {
    const { ledger: path, waitMs } = settings;
    const ledger = await Ledger.open(path, { waitMs, signal: io.signal, now: io.now }).catch((error) => {
      // Leave no lock beside a file that is not a ledger.
      if (error instanceof Failure && error.status === status.config) tryToRemove(lockOf(path));
      throw error;
    });
    try {
      await new Session(ledger, settings, io).run(jobs, loadAloud);
    } finally {
      await ledger.close(io.signal.aborted);
    }
  } finally {
    lock.close();
  }
}
