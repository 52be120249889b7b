/** Tries for tests: a world in its own folder, and orders that differ from a default one. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { logPath } from '../../src/ledger/log-path.ts';
import type { Policies } from '../../src/schedule/jobs/policies.ts';
import { TryRunner } from '../../src/schedule/tries/run-try.ts';
import type { TryOrder } from '../../src/schedule/tries/try.ts';
import type { TryWorld } from '../../src/schedule/tries/try-world.ts';

export const policies: Policies = {
  ...{ overlap: 'skip', timeoutMs: Number.POSITIVE_INFINITY, graceMs: 10_000, retries: 0 },
  ...{ retryDelayMs: 10_000, maxRetryDelayMs: 600_000, final: new Set([64, 65]), skipOn: new Set([99]) },
  ...{ catchUp: { mode: 'none', windowMs: 0 }, maxLogBytes: 10 << 20, onFailure: undefined },
  ...{ onSuccess: undefined, alertAfter: 1, ping: undefined, minTimeMs: 0, expectRows: 0, orphans: 'stop' },
};

/** The order to run a command; other members may differ from the default. */
export function order(
  command: string,
  changes: Partial<TryOrder> & {
    policies?: Partial<Policies>;
    jobEnv?: Record<string, string>;
    input?: string;
  } = {},
): TryOrder {
  const { policies: words, jobEnv = {}, input = '', ...rest } = changes;
  return {
    job: {
      ...{ name: 'attic', when: { kind: 'start' }, schedule: '@reboot', command, input, env: jobEnv },
      ...{ policies: { ...policies, ...words }, place: { file: 'crontab', line: 1 } },
    },
    ...{ run: 17, repeat: 0, task: 'attic', number: 1, scheduled: Date.parse('2026-11-21T10:04:00Z') },
    dataStart: Date.parse('2026-11-21T10:03:00Z'),
    dataEnd: Date.parse('2026-11-21T10:04:00Z'),
    ...{ since: undefined, isOfNow: true, env: {} },
    ...rest,
  };
}

/** A runner whose folder is removed after the test. */
export function trial(changes: Partial<TryWorld> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'etlutils-try-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const world: TryWorld = {
    ...{ logFolder: join(folder, 'logs'), ledgerId: `test-${process.pid}-${folder.slice(-6)}` },
    ...{ runner: join(folder, 'runs.db-lock'), env: process.env, fileEnv: {}, cwd: folder, cleanEnv: false },
    now: Date.now,
    ...changes,
  };
  const runner = new TryRunner(world);
  /** Runs a try to completion. */
  const outcome = async (ordered: TryOrder) => (await runner.startTry(ordered)).result;
  const pathOf = (ordered: TryOrder) =>
    logPath(world.logFolder, { ...ordered, job: ordered.job.name }, ordered.task, ordered.number);
  const logOf = (ordered: TryOrder) => readFileSync(pathOf(ordered), 'utf8');
  /** Its output, without times and our own lines. */
  const printed = (ordered: TryOrder) =>
    logOf(ordered)
      .split('\n')
      .map((line) => line.slice(25))
      .filter((line) => !line.startsWith('#') && line !== '');
  return { folder, world, runner, outcome, pathOf, logOf, printed };
}
