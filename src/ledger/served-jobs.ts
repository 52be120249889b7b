/** Jobs for those who look at a ledger: what they are, and how their last runs went. */

import { type JobHistory, readHistory } from './history.ts';
import { readJobs } from './jobs.ts';
import type { LedgerFile } from './ledger-file.ts';
import type { KnownJob } from './records.ts';

/** What the file of a graph says of it. */
export interface GraphAbout {
  readonly owner: string | null;
  readonly description: string | null;
  readonly tags: readonly string[];
  /** What may be set for a run, with what it is otherwise. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ServedJob extends JobHistory {
  /** Undefined for a line of a crontab. */
  readonly about: GraphAbout | undefined;
}

/** Those of the schedule in its order, then those that are gone and have run. @throws the library's error */
export function readServedJobs(file: LedgerFile): ServedJob[] {
  return readJobs(file)
    .map((job) => readServed(file, job))
    .filter(({ job, recent }) => job.gone === undefined || recent.length > 0);
}

/** @returns undefined for a job that is not known, or gone @throws the library's error */
export function readAbout({ sql }: LedgerFile, job: string): { about: GraphAbout | undefined } | undefined {
  const row = sql('SELECT about FROM job WHERE name = ? AND gone IS NULL').get(job);
  return row === undefined ? undefined : { about: aboutOf(row.about) };
}

function readServed(file: LedgerFile, job: KnownJob): ServedJob {
  const { about } = file.sql('SELECT about FROM job WHERE name = ?').get(job.name);
  return { ...readHistory(file, job), about: aboutOf(about) };
}

function aboutOf(json: string | null): GraphAbout | undefined {
  if (json === null) return undefined;
  const { owner = null, description = null, tags = [], env = {} }: Partial<GraphAbout> = JSON.parse(json);
  return { owner, description, tags, env };
}
