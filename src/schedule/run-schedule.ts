/** A schedule from its start to the signal that ends it. */

import { Failure, status } from '../failure.ts';
import { tryToRemove } from '../files/remove.ts';
import { Ledger } from '../ledger/ledger.ts';
import { lockOf, lockSchedule } from '../ledger/schedule-lock.ts';
import { type LoadedCrontab, problemsOf } from './load-crontab.ts';
import { type ScheduleIo, type ScheduleSettings, Session } from './session.ts';

/**
 * Runs the jobs until a signal comes. Problems of the crontab are reported, and nothing is run then.
 *
 * @param load reads the crontab @throws Failure: temporary when another schedule has the ledger; that of the crontab
 */
export async function runSchedule(
  load: () => Promise<LoadedCrontab>,
  settings: ScheduleSettings,
  io: ScheduleIo,
): Promise<void> {
  const loadAloud = async () => {
    const loaded = await load();
    const { file, jobs, problems } = loaded;
    if (jobs.length + problems.length === 0) io.warn(`${file}: no job in it`);
    return loaded;
  };
  const crontab = await loadAloud();
  for (const problem of problemsOf(crontab)) io.fail(new Failure(status.config, problem));
  if (crontab.problems.length > 0) return;
  const lock = await lockSchedule(settings.ledger, io.now());
  try {
    const { ledger: path, waitMs } = settings;
    const ledger = await Ledger.open(path, { waitMs, signal: io.signal, now: io.now }).catch((error) => {
      // What is no ledger of ours gets no lock beside it.
      if (error instanceof Failure && error.status === status.config) tryToRemove(lockOf(path));
      throw error;
    });
    try {
      await new Session(ledger, settings, io).run(crontab.jobs, loadAloud);
    } finally {
      await ledger.close(io.signal.aborted);
    }
  } finally {
    lock.close();
  }
}
