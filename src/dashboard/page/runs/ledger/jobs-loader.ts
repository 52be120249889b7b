/** Keeps all jobs up to date, while the server tells only of those that are others than before. */

import type { JobsJson } from '../runs-json.ts';

/** @param ask asks for jobs with this query @returns loads what is new; the answer comprises all jobs */
export function createJobsLoader(ask: (query: string) => Promise<JobsJson>): () => Promise<JobsJson> {
  let known: JobsJson | undefined;
  return async () => {
    const told = await ask(known === undefined ? '' : `?since=${known.version}`);
    known = known === undefined || told.since === null ? told : withNews(known, told);
    return known;
  };
}

/** A job that is told anew stays where it is. */
function withNews(known: JobsJson, told: JobsJson): JobsJson {
  const news = new Map(told.jobs.map((job) => [job.name, job]));
  return { ...told, since: null, jobs: known.jobs.map((job) => news.get(job.name) ?? job) };
}
