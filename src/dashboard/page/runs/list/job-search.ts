/** Finding jobs in the list: by words, and by how they are. */

import type { JobJson } from '../runs-json.ts';

/** How jobs are, for the filter of the list. */
export const CONDITIONS = ['running', 'failed', 'paused', 'notices'] as const;

export type Condition = (typeof CONDITIONS)[number];

/** Whether a job is so: its last run that ended has failed, one is under way, and the like. */
export function isSo(job: JobJson, condition: Condition): boolean {
  if (condition === 'paused') return job.paused !== null;
  if (condition === 'notices') return job.notices.length > 0;
  if (condition === 'running') return job.recent.some(({ state }) => state === 'running');
  return job.recent.findLast(({ state }) => state === 'success' || state === 'failed')?.state === 'failed';
}

/**
 * Whether a job has all the words: in its name, owner, tags, description or the state of its last run. `tag:NAME`,
 * `owner:NAME` and `state:NAME` are looked for there only.
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

/** Jobs that no schedule has any more are the last ones. */
export function shownJobs(
  jobs: readonly JobJson[],
  search: string,
  condition: Condition | undefined,
): readonly JobJson[] {
  return jobs
    .filter((job) => isFound(job, search) && (condition === undefined || isSo(job, condition)))
    .toSorted((a, b) => Number(a.gone !== null) - Number(b.gone !== null));
}
