/** Tries on a system that has not enough of something. */

import * as processes from 'node:child_process';
import { EventEmitter } from 'node:events';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type * as ScheduleLock from '../../../src/ledger/schedule-lock.ts';
import type * as RunTry from '../../../src/schedule/tries/run-try.ts';
import type * as TryLogModule from '../../../src/schedule/tries/try-log.ts';
import { order, trial } from '../trial.ts';

const missing = { code: '' };

function lack(): Error | undefined {
  return missing.code === '' ? undefined : Object.assign(new Error(missing.code), { code: missing.code });
}

/** A module on a system that lacks what `missing` says. */
async function onScarceSystem<Module>(path: string): Promise<Module> {
  vi.resetModules();
  vi.doMock('node:fs', () => ({
    ...fs,
    writeSync: (...words: Parameters<typeof fs.writeSync>) => {
      const error = lack();
      if (error !== undefined) throw error;
      return fs.writeSync(...words);
    },
  }));
  vi.doMock('node:child_process', () => ({
    ...processes,
    spawn: () => {
      const child = new EventEmitter();
      process.nextTick(() =>
        child.emit('error', Object.assign(new Error('spawn EAGAIN'), { code: 'EAGAIN' })),
      );
      return child;
    },
  }));
  try {
    return await import(path);
  } finally {
    vi.doUnmock('node:fs');
    vi.doUnmock('node:child_process');
    vi.resetModules();
  }
}

afterEach(() => {
  missing.code = '';
});

describe('on a full disk', () => {
  it('a log misses lines, says how many bytes, and goes on', async () => {
    const { TryLog } = await onScarceSystem<typeof TryLogModule>('../../../src/schedule/tries/try-log.ts');
    const path = join(trial().folder, 'logs/1.log');
    const log = new TryLog(path, { limit: 10_000_000, header: 'header\n', mark: 'header' });
    log.add(Buffer.from('a\n'));
    await expect.poll(() => fs.readFileSync(path, 'utf8')).toBe('header\na\n');
    missing.code = 'ENOSPC';
    for (let at = 0; at < 2000; at++) log.add(Buffer.alloc(1000, 'b'));
    missing.code = '';
    log.add(Buffer.from('c\n'));
    log.close('trailer\n');
    expect(fs.readFileSync(path, 'utf8')).toMatch(
      /^header\na\n\.\.\. 1,\d{3},\d{3} bytes could not be written \.\.\.\nb*c\ntrailer\n$/,
    );
  });

  it('a schedule has its lock, though the file does not say who', async () => {
    const { lockSchedule } = await onScarceSystem<typeof ScheduleLock>(
      '../../../src/ledger/schedule-lock.ts',
    );
    const path = join(trial().folder, 'runs.db');
    missing.code = 'ENOSPC';
    const lock = await lockSchedule(path, 0);
    await expect(lockSchedule(path, 0)).rejects.toMatchObject({ status: 75 });
    lock.close();
    (await lockSchedule(path, 0)).close();
  });

  it('a try is not started, and leaves nothing that says it was', async () => {
    const { TryRunner } = await onScarceSystem<typeof RunTry>('../../../src/schedule/tries/run-try.ts');
    const { world, pathOf } = trial();
    missing.code = 'ENOSPC';
    await expect(new TryRunner(world).startTry(order('true'))).rejects.toMatchObject({
      status: 74,
      message: expect.stringMatching(/1\.log: no space left on device$/),
    });
    expect(fs.readdirSync(dirname(pathOf(order('true'))))).toEqual([]);
  });
});

it('a try for which the system has no process failed for now', async () => {
  const { TryRunner } = await onScarceSystem<typeof RunTry>('../../../src/schedule/tries/run-try.ts');
  const { world, logOf } = trial();
  const running = await new TryRunner(world).startTry(order('true'));
  expect(await running.result).toMatchObject({ state: 'failed', status: 75, reason: undefined });
  expect(logOf(order('true'))).toContain('failed: cannot start a program: ');
});
