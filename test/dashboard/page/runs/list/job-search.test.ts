import { describe, expect, it } from 'vitest';
import { isFound, isSo, shownJobs } from '../../../../../src/dashboard/page/runs/list/job-search.ts';
import { job, time } from '../jobs.ts';

const report = job(
  { name: 'nightly-Report', owner: 'Anna', tags: ['etl', 'night'], description: 'Sums up' },
  ['success', 'failed'],
);

describe('a job is found', () => {
  it.each(['', 'report', 'NIGHT anna', 'failed', 'sums', 'tag:etl', 'owner:anna tag:night', 'state:failed'])(
    'by %j',
    (search) => {
      expect(isFound(report, search)).toBe(true);
    },
  );
  it.each(['weekly', 'report bob', 'success', 'tag:anna', 'owner:etl', 'state:etl', 'paused'])(
    'not by %j',
    (search) => {
      expect(isFound(report, search)).toBe(false);
    },
  );
  it('by being paused', () => {
    expect(isFound({ ...report, paused: time(0) }, 'paused')).toBe(true);
  });
});

describe('a job is', () => {
  it('failed when its last run that ended has failed', () => {
    expect(isSo(job({}, ['success', 'failed', 'running']), 'failed')).toBe(true);
    expect(isSo(job({}, ['failed', 'skipped']), 'failed')).toBe(true);
    expect(isSo(job({}, ['failed', 'success']), 'failed')).toBe(false);
    expect(isSo(job({}), 'failed')).toBe(false);
  });
  it('running, paused, or noticed', () => {
    expect(isSo(job({}, ['running', 'skipped']), 'running')).toBe(true);
    expect(isSo(job({}, ['success']), 'running')).toBe(false);
    expect(isSo(job({ paused: time(0) }), 'paused')).toBe(true);
    expect(isSo(job({ notices: ['always late'] }), 'notices')).toBe(true);
    expect(isSo(job(), 'notices')).toBe(false);
  });
});

it('jobs that are gone are listed last', () => {
  const jobs = [job({ name: 'a', gone: time(0) }), job({ name: 'b' }), job({ name: 'c', paused: time(0) })];
  const names = (...asked: Parameters<typeof shownJobs>) => shownJobs(...asked).map(({ name }) => name);
  expect(names(jobs, '', undefined)).toEqual(['b', 'c', 'a']);
  expect(names(jobs, 'a', undefined)).toEqual(['c', 'a']);
  expect(names(jobs, '', 'paused')).toEqual(['c']);
});
