/**
 * The ETL each minute, as in a container: the schedule is the first process, has neither a terminal nor HOME, and may not
 * write to the folder of its code. ETL_MINUTES says for how long; 3 by default.
 */

import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { childrenOf, statOf } from '../../src/schedule/tries/processes.ts';
import { bin, ended, root, until } from '../harness.ts';
import { scheduled } from '../scheduled.ts';

const MINUTES = Number(process.env.ETL_MINUTES ?? 3);
/** How often the children of the schedule are looked at. */
const LOOK_MS = 100;
/** What others have left to it is reaped within this time, on a machine that is busy. */
const REAPED_MS = 5000;

/** In namespaces of its own; others than root get them as root of a namespace of users. */
const UNSHARE = ['-mpf', '--mount-proc', ...(process.getuid?.() === 0 ? [] : ['-r'])];
const canUnshare = spawnSync('unshare', [...UNSHARE, 'true']).status === 0;
if (!canUnshare) process.stderr.write('not tested: schedule as PID 1: unshare is not allowed here\n');

const INSIDE = `
  mount --bind "$ROOT" "$ROOT"
  mount -o remount,ro,bind "$ROOT"
  if touch "$ROOT/written" 2>/dev/null; then exit 1; fi
  exec env -i PATH="$PATH" ETL_HOME="$ETL_HOME" SCHEDULE_TEST="$ETL_HOME" GET_TEMP_SENSOR=sim:attic schedule --grace 20s`;

describe.runIf(canUnshare || process.env.CI)('schedule as the first process of a container', () => {
  it('takes one reading a minute, counts its rows, and leaves no zombie', async () => {
    const { cwd, rows, file } = await scheduled(
      `#: name=etl\n* * * * * ${root}scripts/Temperature_ETL.sh\n` +
        '#: name=daemons\n* * * * * for n in 1 2 3; do (setsid sleep 1.$n &); (sleep 2.$n &); done\n' +
        '#: name=who\n@reboot echo "$PPID $(printenv HOME || echo none) $(tty)" >who\n',
    );
    const child = spawn('unshare', [...UNSHARE, 'sh', '-euc', INSIDE], {
      cwd,
      env: { PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`, ROOT: root, ETL_HOME: cwd },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const end = ended(child);
    await until(() => rows().length > 0 || child.exitCode !== null, 'it works');
    expect(child.exitCode).toBeNull();
    const [first = 0] = childrenOf(child.pid ?? 0);
    const zombies = watchZombies(first);
    const etl = () => rows().filter(({ job, state }) => job === 'etl' && state !== 'running');
    await until(() => etl().length >= MINUTES, 'its runs', (MINUTES + 2) * 60_000);
    await until(() => childrenOf(first).length === 0, 'all children are gone');
    process.kill(first, 'SIGTERM');
    expect(await end).toMatchObject({ status: 143, stdout: '', stderr: '' });
    expect(zombies.end()).toBeLessThan(REAPED_MS);

    expect(readFileSync(file('who'), 'utf8')).toBe('1 none not a tty\n');
    expect(new Set(rows().map(({ state }) => state))).toEqual(new Set(['success']));
    const minutes = etl().map(({ scheduled }) => scheduled / 60_000);
    expect(minutes).toEqual(minutes.map((_, at) => (minutes[0] ?? 0) + at));
    for (const { rows_in, rows_out, rejected } of etl()) {
      expect(rows_in).toBeGreaterThan(0);
      expect(rows_in).toBe((rows_out ?? 0) + (rejected ?? 0));
    }
    const logs = readdirSync(cwd).filter((name) => /^readings-.*\.log$/.test(name));
    const readings = logs.flatMap((name) => readFileSync(file(name), 'utf8').trim().split('\n'));
    expect(readings.map((line) => Math.floor(Date.parse(line.split(',')[0] ?? '') / 60_000))).toEqual(
      minutes,
    );
  });
});

/** Watches the children of a process. `end` tells how long one of them was a zombie at most, in milliseconds. */
function watchZombies(parent: number): { end(): number } {
  const since = new Map<number, number>();
  let longest = 0;
  let isOver = false;
  void (async () => {
    while (!isOver) {
      const now = performance.now();
      for (const pid of childrenOf(parent)) {
        if (statOf(pid)?.state !== 'Z') continue;
        if (!since.has(pid)) since.set(pid, now);
        longest = Math.max(longest, now - (since.get(pid) ?? now));
      }
      await sleep(LOOK_MS);
    }
  })();
  return {
    end: () => {
      isOver = true;
      return longest;
    },
  };
}
