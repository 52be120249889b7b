import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { status } from '../../src/failure.ts';
import { ended, privateFolder, run, start } from '../harness.ts';
import { readValue } from './sensor-io.ts';

describe('exec:', () => {
  it.each([
    ["temp=42.3'C", '42.3'],
    ['T1: 21.5', '21.5'],
    ['probe-2: -21.50 C', '-21.50'],
    ['v1.2.3 1.2.3 +4', '4'],
    ['2026-11-21 10:04:00 5', '5'],
    ['2026-11-21T10:04:00Z,attic,21.35', '21.35'],
    ['21.5,40.2', '21.5'],
    ['0x1F 6', '6'],
    ['T:-7', '-7'],
    ['é1 _2 3', '3'],
    ['[.5]', '0.5'],
    ['21.', '21'],
    ['Core 0: +45.0°C', '45.0'],
    ['1 sensor, 68.5 °F, 2 °C', '68.5'],
    ['3 Kernels at 293.15K', '293.15'],
    ['20, 5℃', '5'],
    ['20, 5 ºC', '5'],
    ['512K free, 5 °C', '5'],
    ['21,5 °C 7', '7'],
    ['−5.5', '-5.5'],
    ['x−5 6', '6'],
    ['2e1°C', '20'],
    ['a\\nb\\n7\\n8', '7'],
  ])('finds the first number in %j', async (text, value) => {
    expect(await readValue(`exec:printf '%b' "${text}"`)).toBe(value);
  });

  it.each(['', 'T1', 'NaN', '-', '.', 'x-5', '21,5', '1,234.5', '20-25'])(
    'finds none in %j',
    async (text) => {
      await expect(readValue(`exec:printf %s '${text}'`)).rejects.toMatchObject({
        status: status.unavailable,
      });
    },
  );

  it.each([
    ['exit 1', status.unavailable],
    ['exit 127', status.unavailable],
    ['exit 75', status.temporary],
    ['kill -9 $$', status.unavailable],
  ])('does not believe a command that fails: echo 21.5; %s', async (end, expected) => {
    await expect(readValue(`exec:echo 21.5; ${end}`)).rejects.toMatchObject({ status: expected });
  });

  it("lets the command's stderr through, and gives it no stdin", async () => {
    const { stdout, stderr, status } = await run('get-temp', ['exec:cat; echo broken >&2; echo 21.5'], {
      stdin: '99\n',
    });
    expect(stdout).toMatch(/,exec,21\.5\n$/);
    expect({ stderr, status }).toEqual({ stderr: 'broken\n', status: 0 });
  });

  it('reads no more than 1 MiB of a command without end', async () => {
    await expect(readValue('exec:yes 21.5 2>&-')).rejects.toMatchObject({
      status: status.unavailable,
      message: expect.stringContaining('more than 1 MiB'),
    });
  });

  // Who survives would hold our stderr open, and this would wait for its end.
  it('is killed with all that it started at the timeout', async () => {
    const { stdout, status } = await run('get-temp', [
      'exec:sleep 300 & (sleep 300); echo 1',
      '--timeout',
      '300ms',
    ]);
    expect({ stdout, status }).toEqual({ stdout: '', status: 75 });
  });

  it('is killed with all that it started at a signal', async () => {
    const child = start('get-temp', ['exec:sleep 300 & echo begun >&2; sleep 300; echo 1']);
    child.stderr?.once('data', () => child.kill('SIGTERM'));
    const { stdout, signal } = await ended(child);
    expect({ stdout, signal }).toEqual({ stdout: '', signal: 'SIGTERM' });
  });

  it('is over when something of it holds stdout open from outside its group', async () => {
    const begin = performance.now();
    const cwd = await privateFolder();
    const command = "setsid sh -c 'echo $$ >pid; exec sleep 60' 2>&- & echo 1";
    const { status } = await run('get-temp', [`exec:${command}`, '--timeout', '1s'], { cwd });
    expect(status).toBe(75);
    expect(performance.now() - begin).toBeLessThan(30_000);
    process.kill(Number(await readFile(`${cwd}/pid`)), 'SIGKILL');
  });
});
