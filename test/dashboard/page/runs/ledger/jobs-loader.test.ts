import { expect, it } from 'vitest';
import { createJobsLoader } from '../../../../../src/dashboard/page/runs/ledger/jobs-loader.ts';
import type { JobJson, JobsJson } from '../../../../../src/dashboard/page/runs/runs-json.ts';
import { job, time } from '../jobs.ts';

it('jobs are told anew where they are others, and stay what they were where they are not', async () => {
  const answers: Pick<JobsJson, 'live' | 'version' | 'since' | 'jobs'>[] = [
    { live: false, version: 7, since: null, jobs: [job({ name: 'a' }), job({ name: 'b' })] },
    { live: true, version: 9, since: 7, jobs: [job({ name: 'b', median: 2 })] },
    { live: true, version: 9, since: 9, jobs: [] },
    { live: true, version: 3, since: null, jobs: [job({ name: 'c' })] },
  ];
  const asked: string[] = [];
  const load = createJobsLoader(async (query) => {
    asked.push(query);
    const answer = answers.shift();
    if (answer === undefined) throw new Error('gone');
    return { now: time(0), ...answer };
  });
  const names = (jobs: readonly JobJson[]) => jobs.map(({ name, median }) => [name, median]);
  const first = await load();
  expect(names(first.jobs)).toEqual([
    ['a', null],
    ['b', null],
  ]);
  const second = await load();
  expect([second.live, second.since, names(second.jobs)]).toEqual([
    true,
    null,
    [
      ['a', null],
      ['b', 2],
    ],
  ]);
  expect(second.jobs[0]).toBe(first.jobs[0]);
  expect((await load()).jobs).toEqual(second.jobs);
  expect(names((await load()).jobs)).toEqual([['c', null]]);
  await expect(load()).rejects.toThrow('gone');
  expect(asked).toEqual(['', '?since=7', '?since=9', '?since=9', '?since=3']);
});
