import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Command, CommandEnd } from '../../src/commands/command.ts';
import { type Connections, runCommand } from '../../src/commands/run-command.ts';

function runs(command: Command, changes: Partial<Connections> = {}) {
  const printed: Buffer[] = [];
  const said: Buffer[] = [];
  const end = runCommand(command, {
    env: process.env,
    stdin: [],
    stdout: async (chunk) => void printed.push(Buffer.from(chunk)),
    stderr: (chunk) => void said.push(Buffer.from(chunk)),
    stop: { signal: never, insist: never, graceMs: 60_000 },
    ...changes,
  });
  const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString();
  return { end, stdout: () => text(printed), stderr: () => text(said) };
}

const never = new AbortController().signal;
const sh = (script: string): Command => ['sh', '-c', script];

async function outcome(command: Command, changes?: Partial<Connections>) {
  const running = runs(command, changes);
  const { status, signal, wasStopped } = await running.end;
  return { status, signal, wasStopped, stdout: running.stdout(), stderr: running.stderr() };
}

describe('runCommand', () => {
  it('gives the whole input, which can be read again, and passes on all that is printed', async () => {
    const big = Buffer.alloc(3_000_000, 'abcdefg\n');
    const parts = Array.from({ length: 3000 }, (_, at) => big.subarray(at * 1000, at * 1000 + 1000));
    const { end, stdout } = runs(['cat'], { stdin: parts });
    expect(await end).toEqual({ status: 0, wasStopped: false, stderr: '' });
    expect(stdout() === big.toString()).toBe(true);
    expect(await outcome(sh('wc -c; cat /dev/stdin | wc -c'), { stdin: [Buffer.from('abc')] })).toMatchObject(
      {
        status: 0,
        stdout: expect.stringMatching(/^3\n3\n$/),
      },
    );
  });

  it('gives pipes that can be opened by name', async () => {
    const script = 'echo out >/dev/stdout; echo err >/dev/stderr';
    expect(await outcome(sh(script))).toMatchObject({ status: 0, stdout: 'out\n', stderr: 'err\n' });
  });

  it.each<[string, Command, Partial<CommandEnd>]>([
    ['a status', sh('exit 3'), { status: 3 }],
    ['a signal', sh('kill -9 $$'), { status: 137, signal: 'SIGKILL' }],
    ['a missing program', ['no-such-program'], { status: 127, stderr: 'no such file or directory' }],
    ['what is no program', ['/dev/null'], { status: 126, stderr: 'permission denied' }],
    ['an argument list that is too long', ['true', 'x'.repeat(3_000_000)], { status: 126 }],
    [
      'the last words',
      sh('yes 1234567 | head -c 9992 >&2; exit 65'),
      { status: 65, stderr: '1234567\n'.repeat(63).slice(-500) },
    ],
  ])('tells of %s', async (_, command, end) => {
    expect(await runs(command).end).toMatchObject(end);
  });

  it('does not wait for a process that is left behind, nor for input that is not read', async () => {
    const begun = performance.now();
    const { status, stdout } = await outcome(sh('echo a; sleep 20 & exit 0'), { stdin: [Buffer.alloc(1e6)] });
    expect([status, stdout]).toEqual([0, 'a\n']);
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  it('does not wait for a process that is left behind and prints on', async () => {
    const begun = performance.now();
    expect(await runs(sh('echo a; yes & exit 0')).end).toMatchObject({ status: 0 });
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  it('does not wait after a stop for a reader that takes nothing: then it counts as stopped', async () => {
    const stop = new AbortController();
    const running = runs(sh('echo a; exit 0'), {
      stdout: () => {
        stop.abort();
        return new Promise(() => {});
      },
      stop: { signal: never, insist: stop.signal, graceMs: 0 },
    });
    expect(await running.end).toMatchObject({ status: 143, wasStopped: true });
  });

  it('waits until what it printed is written', async () => {
    const log: string[] = [];
    const flush = async () => void log.push('flush');
    const stdout = async (chunk: Buffer) => void log.push(chunk.toString());
    await runs(sh('echo a'), { stdout, flush }).end;
    expect(log).toEqual(['a\n', 'flush']);
    const full = () => Promise.reject(new Error('full'));
    await expect(runs(sh('echo a'), { flush: full }).end).rejects.toThrow('full');
  });

  it('lets it finish within its time after a signal', async () => {
    const stop = new AbortController();
    const running = runs(sh('echo begun; sleep 0.3; echo done'), {
      stop: { signal: stop.signal, insist: never, graceMs: 30_000 },
    });
    while (running.stdout() === '') await sleep(5);
    stop.abort();
    expect(await running.end).toMatchObject({ status: 0, wasStopped: false });
    expect(running.stdout()).toBe('begun\ndone\n');
  });

  it.each(['signal', 'insist'] as const)('ends it with its children: %s', async (which) => {
    const stop = new AbortController();
    const running = runs(sh('sleep 60 | cat; echo no'), {
      stop: { signal: never, insist: never, graceMs: 10, [which]: stop.signal },
    });
    await sleep(50);
    stop.abort();
    expect(await running.end).toMatchObject({ status: 143, signal: 'SIGTERM', wasStopped: true });
  });

  it('ends it when its output cannot be taken', async () => {
    const running = runs(['yes'], {
      stdout: () => Promise.reject(new Error('full')),
    });
    await expect(running.end).rejects.toThrow('full');
  });

  it('lets all its processes hold the lease', async () => {
    const descriptor = openSync('/dev/null', 'r');
    const { stdout } = await outcome(sh('readlink /proc/self/fd/7; sh -c "readlink /proc/self/fd/7"'), {
      lease: descriptor,
    });
    closeSync(descriptor);
    expect(stdout).toBe('/dev/null\n/dev/null\n');
    expect((await outcome(sh('ls /proc/self/fd | sort -n | head -n 4 | tr "\\n" " "'))).stdout).toBe(
      '0 1 2 3 ',
    );
  });
});
