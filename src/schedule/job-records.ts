/** Jobs as the ledger stores them. */

import type { Ledger } from '../ledger/ledger.ts';
import type { JobRecord } from '../ledger/records.ts';
import type { Job } from './jobs/job.ts';

/** Records the jobs of a schedule. @returns the names of those already known with the same due times @throws Failure */
export async function registerJobs(ledger: Ledger, jobs: readonly Job[]): Promise<Set<string>> {
  const before = new Map(
    (await ledger.jobs()).map(({ name, when, gone }) => [name, gone === undefined ? when : undefined]),
  );
  await ledger.register(jobs.map(jobRecord));
  const isKnown = ({ name, when }: Job) => JSON.stringify(before.get(name)) === JSON.stringify(when);
  return new Set(jobs.filter(isKnown).map(({ name }) => name));
}

/** A job as a ledger stores it. */
export function jobRecord({ name, schedule, command, place, when, policies, graph }: Job): JobRecord {
  const about = graph && {
    owner: graph.owner,
    description: graph.description,
    tags: graph.tags,
    env: graph.env,
  };
  return { name, schedule, command, place: `${place.file}:${place.line}`, when, policies, about };
}
