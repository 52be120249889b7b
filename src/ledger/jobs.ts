/** The jobs of a ledger: those of the schedule that writes it, and those that were in it before. */

import type { LedgerFile } from './ledger-file.ts';
import type { JobRecord, KnownJob } from './records.ts';

/** Writes the jobs of a schedule in their order. Others are gone. */
export function writeJobs({ sql }: LedgerFile, jobs: readonly JobRecord[], now: number): void {
  sql('UPDATE job SET gone = coalesce(gone, ?)').run(now);
  for (const [at, { name, schedule, command, place, when, policies }] of jobs.entries())
    sql(
      `INSERT INTO job (name, position, schedule, command, place, due, policies) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET position = excluded.position, schedule = excluded.schedule, command = excluded.command,
         place = excluded.place, due = excluded.due, policies = excluded.policies, gone = NULL`,
    ).run(name, at, schedule, command, place, toJson(when), toJson(policies));
}

/** JSON has neither sets nor infinity: they are lists and null. */
function toJson(value: object): string {
  return JSON.stringify(value, (_, member) => (member instanceof Set ? [...member] : member));
}

/** Those of the schedule in its order, then those that are gone. */
export function readJobs({ sql }: LedgerFile): KnownJob[] {
  return sql('SELECT * FROM job ORDER BY gone IS NOT NULL, position, name')
    .all()
    .map(({ name, schedule, command, place, due, policies, paused, gone }) => ({
      ...{ name, schedule, command, place, when: JSON.parse(due), policies: JSON.parse(policies) },
      ...{ paused: paused ?? undefined, gone: gone ?? undefined },
    }));
}

export function readPaused({ sql }: LedgerFile): Set<string> {
  return new Set(
    sql('SELECT name FROM job WHERE paused IS NOT NULL')
      .all()
      .map(({ name }) => name),
  );
}

/** @param since undefined: it goes on @returns whether there is such a job */
export function pauseJob({ sql }: LedgerFile, job: string, since: number | undefined): boolean {
  // A job that is paused stays so since then.
  const change =
    since === undefined
      ? sql('UPDATE job SET paused = ? WHERE name = ? AND gone IS NULL')
      : sql('UPDATE job SET paused = coalesce(paused, ?) WHERE name = ? AND gone IS NULL');
  return Number(change.run(since ?? null, job).changes) > 0;
}
