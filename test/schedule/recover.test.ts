import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { logPath } from '../../src/ledger/log-path.ts';
import type { Unfinished } from '../../src/ledger/read-runs.ts';
import type { Run } from '../../src/ledger/records.ts';
import { recover } from '../../src/schedule/recover.ts';
import { until } from '../harness.ts';
import { jobsOf } from './scheduling.ts';
import { trial } from './trial.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');

function left(run: number, job: string, state: 'queued' | 'running'): Unfinished {
  const times = { scheduled: NOON + run, dataStart: NOON, dataEnd: NOON, queued: NOON };
  const none = { reason: undefined, start: undefined, end: undefined, status: undefined };
  const base = {
    ...none,
    run,
    job,
    ...times,
    repeat: 0,
    count: 1,
    env: {},
    isOfNow: true,
    trigger: 'schedule',
  };
  const tries = { task: job, run, number: 1, state: 'running', signal: undefined, ...none } as const;
  const unknown = { cpuSeconds: undefined, peakBytes: undefined };
  return {
    run: { ...base, state, tries: state === 'running' ? 1 : 0, retryAt: undefined, rows: undefined } as Run,
    tries: state === 'running' ? [{ ...tries, ...unknown }] : [],
    ...{ tasks: [], graph: undefined },
  };
}

/** What becomes of what was left, in its order. */
async function recovered(
  unfinished: readonly Unfinished[],
  logs: Record<number, string>,
  { now = NOON, world = trial().world, others = [] as readonly number[] } = {},
) {
  for (const { run } of unfinished) {
    const path = logPath(world.logFolder, run, run.job, 1);
    mkdirSync(dirname(path), { recursive: true });
    const text = logs[run.run];
    if (text !== undefined)
      writeFileSync(path, `2026-11-21T12:00:00.000Z # ledger ${world.ledgerId}\n${text}`);
  }
  const told: string[] = [];
  await recover(unfinished, {
    jobs: new Map(jobsOf('#: name=a\n* * * * * true').map((job) => [job.name, job])),
    ...{ ledgerId: world.ledgerId, logFolder: world.logFolder, runners: [world.runner] },
    others: new Set(others),
    insist: new AbortController().signal,
    now: () => now,
    take: ({ run, tries, isOfNow }, _job, lost) =>
      void told.push(`${run} after ${tries}: ${lost?.kind ?? 'new'}${isOfNow ? '' : ', of then'}`),
    giveUp: ({ run }, { state, reason }) => void told.push(`${run} ${state} ${reason}`),
  });
  return told;
}

it('what may be running comes first: what else its job has to do waits for it', async () => {
  const unfinished = [left(5, 'a', 'queued'), left(9, 'a', 'running'), left(10, 'a', 'running')];
  expect(await recovered(unfinished, { 9: '' })).toEqual([
    '9 after 1: lost',
    '5 after 0: new',
    '10 after 0: new',
  ]);
});

it('what was decided before an outage is of a time that has passed', async () => {
  const unfinished = [left(5, 'a', 'queued'), left(9, 'a', 'running')];
  expect(await recovered(unfinished, { 9: '' }, { now: NOON + 59_999 })).toEqual([
    '9 after 1: lost',
    '5 after 0: new',
  ]);
  expect(await recovered(unfinished, { 9: '' }, { now: NOON + 60_000 })).toEqual([
    '9 after 1: lost, of then',
    '5 after 0: new, of then',
  ]);
});

it('the run of a job that is not in the crontab any more has ended as its log tells', async () => {
  const trailer = '2026-11-21T12:00:01.000Z # success: exit status 0\n';
  const unfinished = [left(1, 'gone', 'running'), left(2, 'gone', 'running'), left(3, 'gone', 'queued')];
  expect(await recovered(unfinished, { 1: trailer, 2: '' })).toEqual([
    '1 success undefined',
    '2 failed lost',
    '3 skipped missed',
  ]);
});

it('what tries have left is ended, but for those of runs that are not of the schedule', async () => {
  const { world } = trial();
  const sleeper = (run: string) => {
    const own = { ETL_LEDGER_ID: world.ledgerId, ETL_RUNNER: world.runner, ETL_RUN: run };
    const child = spawn('sleep', ['600'], { env: { ...own, ETL_TASK: 'a', ETL_TRY: '1' } });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  const [own, other] = [sleeper('7'), sleeper('8')];
  await recovered([], {}, { world, others: [8] });
  await until(() => own.signalCode === 'SIGTERM', 'what nobody owns is ended');
  expect(other.signalCode).toBeNull();
});
