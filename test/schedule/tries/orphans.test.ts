import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import koffi from 'koffi';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCommand } from '../../../src/commands/start-command.ts';
import { tryToClose } from '../../../src/files/remove.ts';
import { deadRunners } from '../../../src/schedule/lost-tries.ts';
import {
  findTries,
  findTriesOf,
  processesOf,
  signal,
  stopProcesses,
  wasStarted,
} from '../../../src/schedule/tries/orphans.ts';
import { childrenOf, statOf } from '../../../src/schedule/tries/processes.ts';
import { reapZombies } from '../../../src/schedule/tries/reap.ts';
import { order, trial } from '../trial.ts';

/** Of another ledger; tests of other processes may find those of theirs at the same time. */
const ANOTHER = `another-${process.pid}`;

/** A process of a try, that a killed schedule has left. */
function orphan(ledgerId: string, command: string, changes: Record<string, string> = {}): ChildProcess {
  const own = { ETL_LEDGER_ID: ledgerId, ETL_RUN: '17', ETL_TASK: 'bödn', ETL_TRY: '2', ETL_RUNNER: '/r' };
  const env = { ...process.env, ...own, ...changes };
  const child = spawn('sh', ['-c', command], { env, stdio: 'ignore', detached: true });
  onTestFinished(async () => {
    if (child.pid !== undefined) signal(-child.pid, 'SIGKILL');
    await stopProcesses(() => findTries(ledgerId), { graceMs: 0 });
  });
  return child;
}

const ended = (child: ChildProcess) =>
  new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));

describe('what a killed schedule has left', () => {
  it('is found by its environment, whatever its parents and groups are', async () => {
    const { world } = trial();
    const { pid } = orphan(world.ledgerId, 'sleep 60 & setsid sleep 60 & wait');
    orphan(ANOTHER, 'sleep 60');
    orphan(`${world.ledgerId}0`, 'sleep 60');
    const daemon = orphan(world.ledgerId, 'exec env -u ETL_LEDGER_ID sleep 60');
    await expect.poll(() => findTries(world.ledgerId).length).toBe(3);
    const found = findTries(world.ledgerId);
    expect(found).toContainEqual({
      pid,
      ledgerId: world.ledgerId,
      group: pid,
      run: 17,
      task: 'bödn',
      number: 2,
      runner: '/r',
    });
    expect(found.map((one) => one.pid)).not.toContain(daemon.pid);
    expect(processesOf({ ...world, runner: '/r' }, { run: 17, task: 'bödn', number: 2 })).toHaveLength(3);
    expect([findTriesOf(world.ledgerId, '/r').length, findTriesOf(world.ledgerId, '/s').length]).toEqual([
      3, 0,
    ]);
    expect(processesOf({ ...world, runner: '/r' }, { run: 17, task: 'bödn', number: 1 })).toEqual([]);
  });

  it('is asked to end, then killed; a stranger lives', async () => {
    const { world, folder } = trial();
    const [polite, stubborn] = ['polite', 'stubborn'].map((name) => {
      const trap = name === 'polite' ? '' : 'trap "" TERM;';
      return orphan(world.ledgerId, `${trap} touch ${folder}/${name}; while :; do sleep 0.05; done`);
    });
    const stranger = orphan(ANOTHER, 'sleep 60');
    while (!existsSync(join(folder, 'polite')) || !existsSync(join(folder, 'stubborn'))) await sleep(5);
    if (polite === undefined || stubborn === undefined) return;
    const signals = Promise.all([ended(polite), ended(stubborn)]);
    expect(await stopProcesses(() => findTries(world.ledgerId), { graceMs: 2000 })).toEqual([]);
    expect(await signals).toEqual(['SIGTERM', 'SIGKILL']);
    expect(statOf(stranger.pid ?? 0)?.state).toMatch(/^[DRS]$/);
  });

  it('is asked to end also when the look at all processes took longer than the grace', async () => {
    const { world } = trial();
    const left = orphan(world.ledgerId, 'exec sleep 60');
    await expect.poll(() => findTries(world.ledgerId).length).toBe(1);
    const gone = ended(left);
    let looks = 0;
    const find = () => {
      if (looks++ === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1100);
      return findTries(world.ledgerId);
    };
    expect(await stopProcesses(find, { graceMs: 1000 })).toEqual([]);
    expect(await gone).toBe('SIGTERM');
  });

  it('tells by its log whether a try was started', async () => {
    const { world, outcome, pathOf } = trial();
    const attic = order('true');
    const place = { ...attic, job: 'attic' };
    expect(wasStarted(world, place, 'attic', 1)).toBe(false);
    await outcome(attic);
    expect(wasStarted(world, place, 'attic', 1)).toBe(true);
    expect(wasStarted(world, place, 'attic', 2)).toBe(false);
    expect(wasStarted({ ...world, ledgerId: 'another' }, place, 'attic', 1)).toBe(false);
    writeFileSync(pathOf(attic), '');
    expect(wasStarted(world, place, 'attic', 1)).toBe(false);
  });
});

it('zombies that others have left to us are reaped, and none of ours', async () => {
  const [SET_CHILD_SUBREAPER, stop] = [36, new AbortController()];
  const prctl = koffi.load(null).func('int prctl(int, long)');
  prctl(SET_CHILD_SUBREAPER, 1);
  onTestFinished(() => {
    stop.abort();
    prctl(SET_CHILD_SUBREAPER, 0);
  });
  await reapZombies(stop.signal);
  const script = 'for n in 1 2 3; do (sleep 0.8 & exit 0) & done; wait; exec sleep 1.5';
  const started = await startCommand(['sh', '-c', script], { env: process.env, stdin: 'ignore' });
  for (const pipe of [started.stdout, started.stderr]) tryToClose(pipe);
  if (started.child instanceof Error) throw started.child;
  const end = ended(started.child);
  await expect.poll(() => childrenOf(process.pid).length).toBeGreaterThan(3);
  // As long as Node cannot learn that it has ended.
  while (statOf(started.child.pid ?? 0)?.state !== 'Z');
  expect(await end).toBe(null);
  // Other tests of this process may have left it children that live.
  const zombies = () => childrenOf(process.pid).filter((pid) => statOf(pid)?.state === 'Z');
  await expect.poll(zombies).toEqual([]);
});

it('a try that is ended leaves one with the same numbers alone, when that is of another runner', async () => {
  const { world, runner } = trial();
  const same = { ETL_RUN: '17', ETL_TASK: 'attic', ETL_TRY: '1' };
  const other = orphan(world.ledgerId, 'exec sleep 60', { ...same, ETL_RUNNER: '/copy/runs.db-lock' });
  const left = orphan(world.ledgerId, 'exec sleep 60', { ...same, ETL_RUNNER: world.runner });
  await expect.poll(() => findTries(world.ledgerId).length).toBe(2);
  // As after its ledger was moved: no such lock, which nobody holds.
  expect(await deadRunners(world.ledgerId, world.runner)).toEqual([world.runner, '/copy/runs.db-lock']);
  const gone = ended(left);
  const running = await runner.startTry(order('sleep 60'));
  running.stop('stopped');
  await running.result;
  expect(await gone).toBe('SIGTERM');
  expect(statOf(other.pid ?? 0)?.state).toMatch(/^[DRS]$/);
});
