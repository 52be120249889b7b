import { describe, expect, it } from 'vitest';
import { neighboursOf } from '../../../../src/dashboard/page/runs/job/neighbours.ts';
import { FIRST_LOOK, tabLook } from '../../../../src/dashboard/page/runs/look.ts';
import type { RunDetailJson } from '../../../../src/dashboard/page/runs/runs-json.ts';
import { runTip } from '../../../../src/dashboard/page/runs/tips/run-tip.ts';
import { lastText, nextText, noticeText } from '../../../../src/dashboard/page/runs/words/job-text.ts';
import { runFacts } from '../../../../src/dashboard/page/runs/words/run-facts.ts';
import { at, job, run, time } from './jobs.ts';

describe('the list says of a job', () => {
  it('when it ran, and for how long', () => {
    expect(lastText(job({}, ['success', 'queued']), at(120))).toBe('1 min ago, 1.0 s');
    expect(lastText(job({}, ['success', 'running']), at(150))).toBe('running, 30 s');
    expect(lastText(job({}, ['success', 'failed']), at(180))).toBe('failed 1 min ago, 1.0 s');
    expect(lastText(job(), at(0))).toBe('–');
  });
  it('when it runs next', () => {
    const by = (seconds: number, live = true) => ({ now: at(seconds), live });
    expect(nextText(job({ next: time(90) }), by(0))).toBe('in 1 min');
    expect(nextText(job({ next: time(90) }), by(0, false))).toBe('–');
    expect(nextText(job({ next: time(0) }), by(5))).toBe('now');
    expect(nextText(job({ next: time(90), paused: time(0) }), by(0))).toBe('paused');
    expect([nextText(job({ schedule: '' }), by(0)), nextText(job(), by(0))]).toEqual(['by hand', '–']);
  });
});

it('times of notices are told in the zone of the page', () => {
  expect(noticeText('did not run at 2026-11-28T22:15:00Z', 'utc')).toBe('did not run at 2026-11-28 22:15');
  expect(noticeText('processed nothing', 'utc')).toBe('processed nothing');
});

it('a run is told with what is known of it', () => {
  const failed = run({
    ...{ state: 'failed', reason: 'timeout', trigger: 'manual', tries: 3, status: 124, count: 2 },
    ...{ rows: { in: 60, out: null, rejected: 2 }, env: { STATION: 'roof' } },
  });
  const detail: RunDetailJson = { ...failed, now: time(9), tasks: [], attempts: [] };
  expect(runFacts(detail, at(9), 'utc')).toEqual([
    ...['for 2026-01-01 00:00', 'manual', 'took 2.0 s', '3 tries', 'status 124', '60 in, 2 rejected'],
    ...['covers 2 due times', 'STATION=roof'],
  ]);
  expect(runTip(failed, at(9), 'utc')).toMatchObject({ title: 'run 7: failed (timeout)' });
});

describe('the runs beside a run', () => {
  const recent = [{ run: 4 }, { run: 6 }, { run: 9 }].map((each) => ({ ...run(), ...each }));
  const answer = (runs: readonly number[]) => () => ({
    ...{ now: time(0), next: null },
    runs: runs.map((number) => run({ run: number })),
  });
  it('are the last ones of its job', () => {
    expect(neighboursOf({ recent }, 6, answer([]))).toEqual({ earlier: 4, later: 9 });
    expect(neighboursOf({ recent }, 9, answer([]))).toEqual({ earlier: 6, later: undefined });
  });
  it('are asked for where the last ones end', () => {
    expect(neighboursOf({ recent }, 4, answer([2]))).toEqual({ earlier: 2, later: 6 });
    expect(neighboursOf({ recent }, 4, () => undefined)).toEqual({ earlier: undefined, later: 6 });
    expect(neighboursOf({ recent }, 2, answer([]))).toEqual({ earlier: undefined, later: undefined });
  });
});

it('another tab keeps the run and the task, and no filter', () => {
  const look = { ...FIRST_LOOK, job: 'a', run: 3, task: 'load', states: ['failed'], before: 9 };
  const tab = { ...FIRST_LOOK, ...tabLook(look, 'a', 'log') };
  expect(tab).toEqual({ ...FIRST_LOOK, job: 'a', view: 'log', run: 3, task: 'load' });
});
