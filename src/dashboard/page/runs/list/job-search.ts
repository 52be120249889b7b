/** Filters the list of jobs by search words and condition. */

import type { JobJson } from '../runs-json.ts';

/** The conditions that the list can be filtered by. */
export const CONDITIONS = ['running', 'failed', 'paused', 'notices'] as const;

export type Condition = (typeof CONDITIONS)[number];

/** Whether a job is in this condition: its last finished run failed, a run is in progress, and so on. */
export function isSo(job: JobJson, condition: Condition): boolean {
  if (condition === 'paused') return job.paused !== null;
  if (condition === 'notices') return job.notices.length > 0;
  if (condition === 'running') return job.recent.some(({ state }) => state === 'running');
  return job.recent.findLast(({ state }) => state === 'success' || state === 'failed')?.state === 'failed';
}

/**
 * Whether a job matches all words: in its name, owner, tags, description or the state of its last run. `tag:NAME`,
 * `owner:NAME` and `state:NAME` match only that field.
 */
export function isFound(job: JobJson, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/);
  const state = `${job.recent.at(-1)?.state ?? 'none'}${job.paused === null ? '' : ' paused'}`;
  const fields: Readonly<Record<string, string>> = {
    ...{ name: job.name, owner: job.owner ?? '', tag: job.tags.join(' '), state },
    ...{ '': job.description ?? '' },
  };
  const texts = Object.entries(fields).map(([name, text]) => [name, text.toLowerCase()] as const);
  return words.every((word) => {
    const [, name, rest = ''] = /^(name|owner|tag|state):(.*)$/.exec(word) ?? [];
    return texts.some(([field, text]) =>
      name === undefined ? text.includes(word) : field === name && text.includes(rest),
    );
  });
}

/** The jobs to show; those removed from the schedule come last. */
export function shownJobs(
  jobs: readonly JobJson[],
  search: string,
  condition: Condition | undefined,
): readonly JobJson[] {
  return jobs
    .filter((job) => isFound(job, search) && (condition === undefined || isSo(job, condition)))
    .toSorted((a, b) => Number(a.gone !== null) - Number(b.gone !== null));
}
