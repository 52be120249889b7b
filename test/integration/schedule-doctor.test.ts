/** What `schedule --test` says about a machine that is not as it should be: real mounts, in a namespace of their own. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../harness.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'schedule-'));
  mkdirSync(join(folder, 'disk'));
  writeFileSync(join(folder, 'crontab'), '* * * * * true\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the doctor says after this script has changed the machine, in which `$1` is the folder of the ledger. */
function testAfter(script: string, zone = 'UTC', flags: readonly string[] = ['--mount']) {
  const own = process.getuid?.() === 0 ? flags : [...flags, '--map-root-user'];
  const paths = [join(folder, 'disk'), join(root, 'bin/schedule'), join(folder, 'crontab')];
  const test = `exec "$2" --test -n 1 --strict --ledger "$1/runs.db" "$3"`;
  const { stdout, stderr, status } = spawnSync(
    'unshare',
    [...own, 'sh', '-ec', `${script}\n${test}`, 'sh', ...paths],
    {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, TZ: zone },
    },
  );
  expect(stderr).not.toMatch(/unshare:|mount:/);
  return { status, warnings: stdout.split('\n').filter((line) => line.includes('warning: ')) };
}

it.each([
  ['nothing', ':', []],
  ['a read-only file system', 'mount -t tmpfs -o ro none "$1"', ['the file system is read-only']],
  ['a full disk', 'mount -t tmpfs -o size=64k none "$1"', ['the disk is full']],
  [
    'a disk without room for another file',
    'mount -t tmpfs -o nr_inodes=1 none "$1"',
    ['the disk can take no more files'],
  ],
])('%s', (_, script, reasons) => {
  const warnings = reasons.map(
    (reason) => `${folder}/crontab: warning: the ledger at ${folder}/disk/runs.db: ${reason}`,
  );
  expect(testAfter(script)).toEqual({ status: reasons.length > 0 ? 65 : 0, warnings });
});

it('no tzdata', () => {
  const hidden = 'mount -t tmpfs none /usr/share/zoneinfo';
  expect(testAfter(hidden, 'Europe/Berlin').warnings).toEqual([
    expect.stringContaining('warning: Europe/Berlin is not in /usr/share/zoneinfo: date and'),
  ]);
  expect(testAfter(hidden, 'UTC').warnings).toEqual([]);
});

it('PID 1', () => {
  expect(testAfter(':', 'UTC', ['--pid', '--fork']).warnings).toEqual([
    expect.stringContaining('warning: schedule is PID 1 here'),
  ]);
});
