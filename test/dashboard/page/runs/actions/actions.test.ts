import { describe, expect, it } from 'vitest';
import { type Action, addressOf } from '../../../../../src/dashboard/page/runs/actions/actions.ts';
import {
  jobRefusal,
  retriedTask,
  retryRefusal,
  stopRefusal,
} from '../../../../../src/dashboard/page/runs/actions/refusals.ts';
import { requestOf } from '../../../../../src/dashboard/page/runs/actions/run-request.ts';
import type { RunDetailJson, RunState, TaskState } from '../../../../../src/dashboard/page/runs/runs-json.ts';
import { job, run, time } from '../jobs.ts';

const actions: [Action, string][] = [
  [{ verb: 'pause', job: 'a/b c' }, 'api/jobs/a%2Fb%20c/pause'],
  [{ verb: 'run', job: 'a', request: {} }, 'api/jobs/a/run'],
  [{ verb: 'stop', run: 7 }, 'api/runs/7/stop'],
  [{ verb: 'retry', run: 7, request: { task: 'load' } }, 'api/runs/7/retry'],
];
it.each(actions)('%j is posted to %s', (action, address) => {
  expect(addressOf(action)).toBe(address);
});

it('what cannot be asked has a reason', () => {
  const dead = 'no schedule is running with this ledger';
  expect([jobRefusal(job(), true), jobRefusal(job(), false)]).toEqual([undefined, dead]);
  expect(jobRefusal(job({ gone: time(0) }), true)).toBe('no schedule has this job any more');
  const stopped = (state: RunState, isLive: boolean, runner: 'schedule' | 'run-tasks' = 'schedule') =>
    stopRefusal(run({ state, runner }), isLive);
  expect([stopped('running', true), stopped('running', false)]).toEqual([undefined, dead]);
  expect(stopped('success', true)).toBe('it has ended');
  expect([stopped('running', false, 'run-tasks'), stopped('failed', false, 'run-tasks')]).toEqual([
    undefined,
    dead,
  ]);
  expect([retryRefusal('failed', true), retryRefusal('upstream_failed', true)]).toEqual([
    undefined,
    undefined,
  ]);
  expect([retryRefusal('failed', false), retryRefusal('success', true)]).toEqual([
    dead,
    'only what failed can be retried',
  ]);
});

it('a run is asked for with what a person has changed', () => {
  const variable = (name: string, value: string, typed: string) => ({ name, value, input: { value: typed } });
  expect(requestOf([variable('A', '1', '1')], '', 'utc')).toEqual({});
  expect(requestOf([variable('A', '1', ''), variable('B', '2', '2')], '2026-11-21T10:04', 'utc')).toEqual({
    at: '2026-11-21T10:04:00.000Z',
    env: { A: '' },
  });
});

describe('what is tried again', () => {
  const detail = (
    states: Readonly<Record<string, TaskState>>,
    graph: string | null = 'hash',
  ): RunDetailJson => ({
    ...{ ...run({ state: 'failed', graph }), now: time(9), attempts: [] },
    tasks: Object.entries(states).map(([task, state]) => ({
      ...{ task, state, reason: null, tries: 1, status: 1, queued: null, start: null, end: null },
      ...{ retryAt: null, rows: null, item: null, items: null },
    })),
  });
  it('is the chosen task, or all that failed', () => {
    const failed = detail({ extract: 'success', load: 'failed', report: 'upstream_failed' });
    expect(
      ['load', 'load[3]', 'report', 'extract', 'gone', undefined].map((task) => retriedTask(failed, task)),
    ).toEqual(['load', 'load', 'report', undefined, undefined, undefined]);
  });
  it('is a whole run of a line', () => {
    expect(retriedTask(detail({ extract: 'failed' }, null), 'extract')).toBeUndefined();
  });
});
