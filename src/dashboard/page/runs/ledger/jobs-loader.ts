/** Keeps all jobs up to date from incremental responses, which contain only changed jobs. */

import type { JobsJson } from '../runs-json.ts';

/** @param ask requests jobs with this query @returns a function that loads changes and returns all jobs */
export function createJobsLoader(ask: (query: string) => Promise<JobsJson>): () => Promise<JobsJson> {
  let known: JobsJson | undefined;
  return async () => {
    const told = await ask(known === undefined ? '' : `?since=${known.version}`);
    known = known === undefined || told.since === null ? told : withChanges(known, told);
    return known;
  };
}

/** Replaces changed jobs in place. */
function withChanges(known: JobsJson, told: JobsJson): JobsJson {
  const news = new Map(told.jobs.map((job) => [job.name, job]));
  return { ...told, since: null, jobs: known.jobs.map((job) => news.get(job.name) ?? job) };
}
