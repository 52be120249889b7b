/** Input that other programs have packed. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bin, privateFolder, shell } from '../harness.ts';

const READINGS = '2026-11-21T10:00:00Z,attic,1\n2026-11-21T10:01:00Z,attic,2\n';
const ROW = 'attic,all,2026-11-21T10:00:00Z,2026-11-21T10:01:00Z,2,1,2,1.50\n';

const pack = (program: string, text: string) => spawnSync(program, ['-c'], { input: text }).stdout;
const programs = ['gzip', 'bzip2', 'xz', 'zstd'];
const isInstalled = (program: string) => spawnSync(program, ['--version'], { input: '' }).error === undefined;
for (const program of programs.filter((name) => !isInstalled(name)))
  process.stderr.write(`not tested: input that is compressed with ${program}, which is not installed\n`);

describe.each(programs.filter(isInstalled))('input that %s has packed', (program) => {
  async function packed(text = READINGS, length?: number) {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'readings'), pack(program, text).subarray(0, length));
    return cwd;
  }

  it.each([
    'get-stats readings',
    'get-stats <readings',
    'cat readings | get-stats',
    'cat readings readings | get-stats',
  ])('is unpacked: %s', async (command) => {
    const { stdout, stderr } = await shell(`${command} | tail -n 1`, { cwd: await packed() });
    expect([stdout, stderr]).toEqual([
      command.startsWith('cat readings readings') ? ROW.replace(',2,1,2,', ',4,1,2,') : ROW,
      '',
    ]);
  });

  it('is nothing, when that is what it has', async () => {
    expect(await shell('parse-log readings | cat', { cwd: await packed('') })).toMatchObject({
      ...{ status: 0, stderr: '' },
    });
  });

  it('fails when it is cut off', async () => {
    const { status, stderr } = await shell('get-stats readings', { cwd: await packed(READINGS, 40) });
    expect(status).toBe(74);
    expect(stderr).toMatch(/^get-stats: readings: [^\n]+\n$/);
  });

  it('stops when nobody reads on', async () => {
    const cwd = await packed(READINGS.repeat(50_000));
    expect(await shell('lake-get readings --gunzip | head -c 1; true', { cwd })).toMatchObject({ status: 0 });
  });

  if (program !== 'gzip')
    it('needs the program', async () => {
      const cwd = await packed();
      mkdirSync(join(cwd, 'only'));
      for (const [name, path] of Object.entries({ node: process.execPath, sh: '/bin/sh' }))
        symlinkSync(path, join(cwd, 'only', name));
      const ended = await shell(`PATH=${bin}:$PWD/only; get-stats readings`, { cwd });
      const message = `get-stats: readings: is compressed with ${program}, which is not installed\n`;
      expect(ended).toMatchObject({ status: 66, stdout: '', stderr: message });
    });
});

it('text that begins as bzip2 does is text', async () => {
  const stdin = 'BZh9 today,1\n';
  const { status, stderr } = await shell('get-stats -v', { stdin });
  expect([status, stderr]).toEqual([65, expect.stringContaining('"BZh9 today"')]);
});
