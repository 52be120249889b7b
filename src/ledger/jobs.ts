/** The jobs of a ledger: those of its schedule, graphs run by hand, and jobs removed from the schedule. */

import type { LedgerFile } from './ledger-file.ts';
import type { JobRecord, KnownJob } from './records.ts';
import { maybeTime } from './rows.ts';

/** The position of a graph that is run by hand and in no schedule. */
const BY_HAND = -1;

/** Stores the jobs of a schedule in order. Jobs of earlier schedules are marked as gone. */
export function writeJobs(file: LedgerFile, jobs: readonly JobRecord[], now: number): void {
  file.sql('UPDATE job SET gone = coalesce(gone, ?) WHERE position <> ?').run(now, BY_HAND);
  for (const [at, job] of jobs.entries()) writeJob(file, job, at);
}

/** Stores a job that is run by hand, unless the schedule has it. Its own schedule is ignored: it is never due. */
export function writeJobByHand(file: LedgerFile, job: JobRecord): void {
  const { scheduled } = file
    .sql('SELECT EXISTS (SELECT 1 FROM job WHERE name = ? AND position <> ? AND gone IS NULL) AS scheduled')
    .get(job.name, BY_HAND);
  if (scheduled === 0) writeJob(file, { ...job, when: { kind: 'never' } }, BY_HAND);
}

function writeJob({ sql }: LedgerFile, job: JobRecord, position: number): void {
  const { name, schedule, command, place, when, policies, about } = job;
  sql(
    `INSERT INTO job (name, position, schedule, command, place, due, policies, about) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET position = excluded.position, schedule = excluded.schedule, command = excluded.command,
       place = excluded.place, due = excluded.due, policies = excluded.policies, about = excluded.about, gone = NULL`,
  ).run(
    ...[name, position, schedule, command, place, toJson(when), toJson(policies)],
    about === undefined ? null : toJson(about),
  );
}

/** A set becomes a list; Infinity becomes null. */
function toJson(value: object): string {
  return JSON.stringify(value, (_, member) => (member instanceof Set ? [...member] : member));
}

/** First the jobs of the schedule in its order, then those run by hand, then those that are gone. */
export function readJobs({ sql }: LedgerFile): KnownJob[] {
  return sql(`SELECT * FROM job ORDER BY gone IS NOT NULL, position = ${BY_HAND}, position, name`)
    .all()
    .map(({ name, schedule, command, place, due, policies, about, paused, gone }) => ({
      ...{ name, schedule, command, place, when: JSON.parse(due), policies: JSON.parse(policies) },
      about: about === null ? undefined : JSON.parse(about),
      ...{ paused: maybeTime(paused), gone: maybeTime(gone) },
    }));
}

/** Whether a job is a graph, not a crontab line. */
export function isGraph({ sql }: LedgerFile, job: string): boolean {
  return sql('SELECT about IS NOT NULL AS yes FROM job WHERE name = ?').get(job)?.yes === 1;
}

export function readPaused({ sql }: LedgerFile): Set<string> {
  return new Set(
    sql('SELECT name FROM job WHERE paused IS NOT NULL')
      .all()
      .map(({ name }) => name),
  );
}

/** @param since undefined resumes the job @returns whether there is such a job */
export function pauseJob({ sql }: LedgerFile, job: string, since: number | undefined): boolean {
  // Pausing a paused job keeps the original time.
  const change =
    since === undefined
      ? sql('UPDATE job SET paused = ? WHERE name = ? AND gone IS NULL')
      : sql('UPDATE job SET paused = coalesce(paused, ?) WHERE name = ? AND gone IS NULL');
  return Number(change.run(since ?? null, job).changes) > 0;
}
