import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TryResult } from '../../../src/ledger/records.ts';
import type { Policies } from '../../../src/schedule/jobs/policies.ts';
import type { TryOrder } from '../../../src/schedule/tries/try.ts';
import { until } from '../../harness.ts';
import { order, trial } from '../trial.ts';

describe('startTry', () => {
  it('keeps what the command printed, with times, between what it is and how it ended', async () => {
    const { outcome, logOf, world } = trial({ now: () => Date.parse('2026-11-21T10:04:00.123Z') });
    const attic = order('cat; sleep 0.1; echo two >&2; printf three', { input: 'one\n' });
    const result = await outcome(attic);
    expect(result).toMatchObject({ state: 'success', reason: undefined, status: 0, signal: undefined });
    expect(logOf(attic).replace(/(?<=environment: ).*/, '...')).toBe(
      [
        `2026-11-21T10:04:00.123Z # try 1 of run 17, ledger ${world.ledgerId}`,
        '2026-11-21T10:04:00.123Z # job: attic',
        `2026-11-21T10:04:00.123Z # command: ${attic.job.command}`,
        '2026-11-21T10:04:00.123Z # environment: ...',
        '2026-11-21T10:04:00.123Z O one',
        '2026-11-21T10:04:00.123Z E two',
        '2026-11-21T10:04:00.123Z O three',
        '2026-11-21T10:04:00.123Z # success: exit status 0',
        '',
      ].join('\n'),
    );
  });

  it.each<[string, string, Partial<Policies>, Partial<TryResult>]>([
    ['success', 'exit 0', {}, { state: 'success', status: 0 }],
    ['a failure', 'exit 75', {}, { state: 'failed', status: 75, reason: undefined }],
    ['nothing to do', 'exit 99', {}, { state: 'skipped', status: 99, reason: 'skip-on' }],
    ['a signal', 'kill -9 $$', {}, { state: 'failed', status: 137, signal: 'SIGKILL' }],
    ['a missing command', 'no-such-command', {}, { state: 'failed', status: 127 }],
    [
      'the time limit',
      'sleep 60 | cat',
      { timeoutMs: 50 },
      { state: 'failed', status: 143, reason: 'timeout' },
    ],
    [
      'the grace after it',
      'trap "" TERM; while :; do sleep 0.1; done',
      // Within the time limit the shell comes to its trap.
      { timeoutMs: 2000, graceMs: 100 },
      { state: 'failed', status: 137, reason: 'timeout' },
    ],
  ])('tells of %s', async (_, command, words, result) => {
    expect(await trial().outcome(order(command, { policies: words }))).toMatchObject(result);
  });

  it('is stopped and killed on request; the first reason stays', async () => {
    const { runner, folder } = trial();
    const command = 'trap "" TERM; touch begun; while :; do sleep 0.1; done';
    const running = await runner.startTry(order(command));
    await until(() => existsSync(join(folder, 'begun')), 'it ignores the signal');
    running.stop('killed');
    running.stop('stopped');
    running.kill();
    expect(await running.result).toMatchObject({ state: 'failed', reason: 'killed', signal: 'SIGKILL' });
  });

  it('is not started when its log is there already, or cannot be made', async () => {
    const { runner, outcome, pathOf, folder, world } = trial();
    const attic = order('touch started');
    mkdirSync(dirname(pathOf(attic)), { recursive: true });
    writeFileSync(pathOf(attic), `ledger ${world.ledgerId}`);
    await expect(runner.startTry(attic)).rejects.toMatchObject({ status: 74 });
    writeFileSync(join(folder, 'logs/cellar'), '');
    const cellar = { ...attic, job: { ...attic.job, name: 'cellar' } };
    await expect(runner.startTry(cellar)).rejects.toMatchObject({ status: 74 });
    expect(existsSync(join(folder, 'started'))).toBe(false);
    expect(await outcome({ ...attic, number: 2 })).toMatchObject({ state: 'success' });
  });
});

describe('the environment of a try', () => {
  const show = (names: string) => `for name in ${names}; do eval "echo $name=\\\${$name-unset}"; done`;
  const time = Date.parse('2026-11-21T10:04:00Z');

  it.each<[string, Partial<TryOrder>, string[]]>([
    ['now', {}, ['ETL_AT=unset', 'ETL_SINCE=']],
    [
      'another time',
      { isOfNow: false, since: time },
      ['ETL_AT=2026-11-21T10:04:00Z', 'ETL_SINCE=2026-11-21T10:04:00Z'],
    ],
  ])('says what it is for: %s', async (_, changes, lines) => {
    const { outcome, printed, world } = trial({ env: { ...process.env, ETL_AT: 'ours' } });
    const names = 'RUN JOB TASK TRY LEDGER_ID SCHEDULED_TIME DATA_START DATA_END AT SINCE';
    const attic = order(show(names.replaceAll(/\w+/g, 'ETL_$&')), changes);
    await outcome(attic);
    expect(printed(attic).map((line) => line.slice(2))).toEqual([
      ...['ETL_RUN=17', 'ETL_JOB=attic', 'ETL_TASK=attic', 'ETL_TRY=1', `ETL_LEDGER_ID=${world.ledgerId}`],
      ...['ETL_SCHEDULED_TIME=2026-11-21T10:04:00Z', 'ETL_DATA_START=2026-11-21T10:03:00Z'],
      ...['ETL_DATA_END=2026-11-21T10:04:00Z', ...lines],
    ]);
  });

  it('is ours, with those of file, crontab and order on top', async () => {
    const { outcome, printed } = trial({
      env: { PATH: '/usr/bin:/bin', A: '1', B: '1', C: '1', D: '1' },
      fileEnv: { B: '2', C: '2', D: '2' },
    });
    const attic = order(`${show('A B C D SHELL')}; pwd`, { jobEnv: { C: '3', D: '3' }, env: { D: '4' } });
    await outcome(attic);
    expect(printed(attic).slice(0, 5)).toEqual(['O A=1', 'O B=2', 'O C=3', 'O D=4', 'O SHELL=/bin/sh']);
  });

  it('is that of cron on request', async () => {
    const { outcome, printed, folder } = trial({ cleanEnv: true, env: { A: '1' } });
    const attic = order('env | grep -v ^ETL_ | sort; pwd', { jobEnv: { HOME: folder } });
    await outcome(attic);
    const names = printed(attic).map((line) => line.slice(2).split('=', 1).join(''));
    expect(names.filter((name) => name !== '_' && name !== 'OLDPWD')).toEqual([
      'HOME',
      'LOGNAME',
      'PATH',
      'PWD',
      'SHELL',
      folder,
    ]);
  });

  it('has the shell that the crontab names', async () => {
    const { outcome, printed } = trial();
    const attic = order('echo $BASH_VERSION', { jobEnv: { SHELL: '/bin/bash' } });
    await outcome(attic);
    expect(printed(attic)[0]).toMatch(/^O \d/);
  });
});
