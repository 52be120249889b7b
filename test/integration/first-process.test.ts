/** Tools as the first process of a container: a namespace of processes. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { childrenOf, statOf } from '../../src/schedule/tries/processes.ts';
import { bin, privateFolder } from '../harness.ts';

/** Starts a tool in a folder. @returns how it ends, its number outside, and when it has printed something */
async function contained(tool: string, words: readonly string[], cwd: string) {
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const namespace = ['--pid', '--fork', '--mount-proc', ...asRoot, join(bin, tool), ...words];
  const child: ChildProcess = spawn('unshare', namespace, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const end = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const printed = new Promise((resolve) => child.stdout?.once('data', resolve));
  await expect.poll(() => childrenOf(child.pid ?? 0)).toHaveLength(1);
  const [pid = 0] = childrenOf(child.pid ?? 0);
  onTestFinished(() => {
    if (statOf(pid) !== undefined) process.kill(pid, 'SIGKILL');
  });
  return { pid, end, printed };
}

it.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('a tool ends by %s', async (signal, status) => {
  const folder = await privateFolder();
  const { pid, end, printed } = await contained('get-temp', ['--every', '1s'], folder);
  // Before it hears signals, the first process of a namespace ignores them.
  await printed;
  process.kill(pid, signal);
  expect(await end).toBe(status);
});

it('schedule reaps what jobs leave to it, and learns how its own jobs end', async () => {
  const folder = await privateFolder();
  const jobs = ['@reboot exec sleep 100', '#: name=fork', '@every 1s (sleep 0.2 &); (sleep 0.4 &); exit 3'];
  writeFileSync(join(folder, 'crontab'), `${jobs.join('\n')}\n`);
  const { pid, end } = await contained('schedule', ['--grace', '4s', '--ledger', 'runs.db'], folder);
  const tries = join(folder, 'logs/fork/fork');
  await expect.poll(() => existsSync(tries)).toBe(true);
  const zombies = new Map<number, number>();
  for (let round = 0; round < 40 || readdirSync(tries).length < 7; round++) {
    for (const child of childrenOf(pid))
      if (statOf(child)?.state === 'Z') zombies.set(child, (zombies.get(child) ?? 0) + 1);
    await sleep(250);
  }
  expect(zombies.size).toBeGreaterThan(3);
  expect(Math.max(...zombies.values())).toBeLessThan(20);
  process.kill(pid, 'SIGTERM');
  expect(await end).toBe(143);
  const logs = readdirSync(tries).map((time) => readFileSync(join(tries, time, '1.log'), 'utf8'));
  expect(logs.filter((log) => !log.endsWith('# failed: exit status 3\n'))).toEqual([]);
});

it('run-tasks reaps what tasks leave to it', async () => {
  const folder = await privateFolder();
  // The second task looks at the zombies until there are none.
  const leave = 'for n in 1 2 3; do (setsid sleep 0.1 &); done';
  const look = "while grep -qs '^State:.Z' /proc/[0-9]*/status; do sleep 0.1; done";
  writeFileSync(
    join(folder, 'some.yaml'),
    `tasks:\n  leave: {run: '${leave}'}\n  look: {needs: leave, timeout: 30s, run: "sleep 0.5; ${look}"}\n`,
  );
  const { end } = await contained('run-tasks', ['--ledger', 'runs.db', 'some.yaml'], folder);
  expect(await end).toBe(0);
});
