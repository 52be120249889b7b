import { expect, it } from 'vitest';
import type { JobHistory } from '../../src/ledger/history.ts';
import { shownRuns } from '../../src/ledger/show-jobs.ts';
import { job } from './invented.ts';

it('there is room for runs beside the names of very many jobs', () => {
  const history: JobHistory = {
    job: { ...job('attic', { schedule: '@hourly' }), paused: undefined, gone: undefined },
    ...{ recent: [], durations: [] },
  };
  expect(shownRuns(Array(200_000).fill(history), 100)).toBe(shownRuns([history], 100));
  expect([shownRuns([], 100), shownRuns([history], 10)]).toEqual([60, 5]);
});
