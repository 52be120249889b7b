/** Tries that behave badly: each gets its result, and the others go on. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { findTries } from '../../../src/schedule/tries/orphans.ts';
import { sized } from '../../thorough.ts';
import { order, trial } from '../trial.ts';

/** Waits until a file is there. */
async function made(path: string): Promise<void> {
  while (!existsSync(path)) await sleep(5);
}

describe('a try whose place is wrong', () => {
  it.each([
    [
      'a shell that is missing',
      { SHELL: '/no/such/shell' },
      127,
      '/no/such/shell: no such file or directory',
    ],
    ['a shell that may not be run', { SHELL: '/dev/null' }, 126, '/dev/null: permission denied'],
  ])('%s', async (_, jobEnv, status, text) => {
    const { outcome, logOf } = trial();
    const attic = order('true', { jobEnv });
    expect(await outcome(attic)).toMatchObject({ state: 'failed', status, reason: undefined });
    expect(logOf(attic)).toContain(`failed: ${text}\n`);
  });

  it('a folder that is missing', async () => {
    const { outcome, logOf } = trial({ cwd: '/no/such/folder' });
    const attic = order('true');
    expect(await outcome(attic)).toMatchObject({ state: 'failed', status: 126 });
    expect(logOf(attic)).toContain('failed: /no/such/folder: no such file or directory\n');
  });

  it('a folder that is a file', async () => {
    const { outcome } = trial({ cwd: '/dev/null' });
    expect(await outcome(order('true'))).toMatchObject({ state: 'failed', status: 126 });
  });
});

describe('a try', () => {
  it('that closes its outputs runs on', async () => {
    const { outcome, folder } = trial();
    expect(await outcome(order('exec >&- 2>&-; sleep 0.3; touch done; exit 3'))).toMatchObject({ status: 3 });
    expect(existsSync(join(folder, 'done'))).toBe(true);
  });

  it('that removes its log, or the folder of logs, has its result', async () => {
    const { outcome, pathOf } = trial();
    const attic = order('rm -r logs; echo a; sleep 0.2; echo b');
    expect(await outcome(attic)).toMatchObject({ state: 'success' });
    expect(existsSync(pathOf(attic))).toBe(false);
  });

  it('that removes its folder has its result', async () => {
    const { outcome } = trial();
    expect(await outcome(order('rm -r "$PWD"; echo a'))).toMatchObject({ state: 'success' });
  });

  it('that prints bytes which are no text keeps them', async () => {
    const { outcome, pathOf } = trial();
    const attic = order(String.raw`printf 'a\000\377\r\nb'`);
    await outcome(attic);
    expect(readFileSync(pathOf(attic), 'latin1')).toMatch(/ O a\0\xff\r\n.* O b\n/);
  });

  it('that prints on and on without a newline takes little memory and disk, and holds up no other', {
    tags: 'sized',
  }, async () => {
    const { outcome, pathOf, runner } = trial();
    const loud = order(`head -c ${sized(50_000_000, 300_000_000)} /dev/zero`, {
      policies: { maxLogBytes: 1_000_000 },
    });
    global.gc?.();
    const before = process.memoryUsage().rss;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 20);
    const running = await runner.startTry(loud);
    const quiet = order('echo quiet', { task: 'quiet' });
    expect(await outcome(quiet)).toMatchObject({ state: 'success' });
    expect(await running.result).toMatchObject({ state: 'success' });
    clearInterval(watch);
    expect(most - before).toBeLessThan(150 << 20);
    expect(statSync(pathOf(loud)).size).toBeLessThan(1_100_000);
    expect(readFileSync(pathOf(loud), 'latin1')).toMatch(/\n\.\.\. [\d,]{10,} bytes left out \.\.\.\n/);
  });

  it('whose outputs are held by what it leaves behind has ended', async () => {
    const { outcome, world } = trial();
    const begun = performance.now();
    expect(await outcome(order('sleep 60 & echo a'))).toMatchObject({ state: 'success' });
    expect(performance.now() - begun).toBeLessThan(20_000);
    for (const { pid } of findTries(world.ledgerId)) process.kill(pid, 'SIGKILL');
  });

  it.each(['stop', 'kill'] as const)('that leaves its session is ended with it: %s', async (how) => {
    const { runner, world, folder } = trial();
    const script = 'setsid sh -c "setsid sleep 61 & touch begun; wait" & setsid sleep 62 & sleep 63';
    const running = await runner.startTry(order(script));
    await made(join(folder, 'begun'));
    while (findTries(world.ledgerId).length < 5) await sleep(5);
    if (how === 'stop') running.stop('stopped');
    else running.kill();
    expect(await running.result).toMatchObject({ state: 'failed', reason: 'stopped' });
    expect(findTries(world.ledgerId)).toEqual([]);
  });

  it('that ends when it is asked, and leaves what does not, has ended when that is killed', async () => {
    const { runner, world, folder } = trial();
    const stubborn = 'trap "" TERM; touch begun; while :; do sleep 0.05; done';
    const running = await runner.startTry(
      order(`sh -c '${stubborn}' & wait`, { policies: { graceMs: 500 } }),
    );
    await made(join(folder, 'begun'));
    const begun = performance.now();
    running.stop('timeout');
    expect(await running.result).toMatchObject({ state: 'failed', reason: 'timeout', signal: 'SIGTERM' });
    expect(performance.now() - begun).toBeGreaterThan(490);
    expect(findTries(world.ledgerId)).toEqual([]);
  });

  it('shows no secret of the file, torn or whole', async () => {
    const { outcome, logOf, runner } = trial({ fileEnv: { TOKEN: 'correct-horse', SHORT: 'abc' } });
    const attic = order(
      'printf correct-; sleep 0.2; echo horse; echo "$TOKEN $SHORT" >&2; printf correct-hors; : correct-horse',
    );
    await outcome(attic);
    const text = logOf(attic);
    expect(text).not.toContain('correct-horse');
    expect(text).toMatch(/command: printf correct-.*; : \*\*\*\n/);
    expect(text).toMatch(/ O \*\*\*\n/);
    expect(text).toMatch(/ E \*\*\* abc\n/);
    expect(text).toMatch(/ O correct-hors\n/);
    expect(runner.secretsOf(attic).hide('x correct-horse')).toBe('x ***');
  });

  it('hands whole lines on as they were printed', async () => {
    const [out, err]: Buffer[][] = [[], []];
    const passthrough = {
      stdout: async (lines: Buffer) => out?.push(Buffer.from(lines)),
      stderr: async (lines: Buffer) => err?.push(Buffer.from(lines)),
    };
    const { outcome } = trial({ passthrough });
    await outcome(order('printf on; sleep 0.2; echo e; echo two >&2; printf last'));
    expect(out?.map(String)).toEqual(['one\n', 'last']);
    expect(err?.map(String)).toEqual(['two\n']);
  });

  it('goes on when what it prints cannot be handed on', async () => {
    const broken = () => Promise.reject(new Error('EPIPE'));
    const { outcome, printed } = trial({ passthrough: { stdout: broken, stderr: broken } });
    const attic = order('echo one; head -c 300000 /dev/zero >&2; sleep 0.1; echo two');
    expect(await outcome(attic)).toMatchObject({ state: 'success' });
    expect(printed(attic)).toContain('O two');
  });

  it.each(['stop', 'kill'] as const)(
    'ends, with its own status, although nobody takes what it prints: %s',
    async (how) => {
      const stuck = () => new Promise(() => {});
      const { runner, world } = trial({ passthrough: { stdout: stuck, stderr: stuck } });
      const running = await runner.startTry(order('echo one'));
      await expect.poll(() => findTries(world.ledgerId).length).toBe(0);
      await sleep(100);
      if (how === 'stop') running.stop('stopped');
      else running.kill();
      expect(await running.result).toMatchObject({ state: 'success', status: 0 });
    },
  );

  it('tells what all its processes have used', async () => {
    const { outcome } = trial();
    const busy =
      'const end = Date.now() + 1500; const all = Buffer.alloc(50e6, 1); while (Date.now() < end);';
    const result = await outcome(order(`"${process.execPath}" -e '${busy}' | cat`));
    expect(result.cpuSeconds).toBeGreaterThan(0.05);
    expect(result.peakBytes).toBeGreaterThan(50e6);
  });
});
