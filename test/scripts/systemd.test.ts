/** The units of systemd: what they start is there, takes the words that it gets, and systemd finds nothing wrong. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { privateFolder, root, run } from '../harness.ts';

const folder = join(root, 'scripts/systemd');
const units = readdirSync(folder);
const ANALYZE = '/usr/bin/systemd-analyze';

/** A unit with the paths of this folder in place of those of an installation. */
const installed = (unit: string) =>
  readFileSync(join(folder, unit), 'utf8')
    .replaceAll('/usr/local/lib/node_modules/etlutils/', root)
    .replaceAll('/usr/local/bin/', join(root, 'bin/'));

describe('the units of systemd', () => {
  it('start what there is, with words that it takes', async () => {
    const started = units.flatMap((unit) => /^ExecStart=(.*)$/m.exec(installed(unit))?.[1]?.split(' ') ?? []);
    expect(started.filter((word) => word.startsWith(root)).filter((path) => !existsSync(path))).toEqual([]);
    for (const unit of ['etl-page.service', 'etl-schedule.service']) {
      const [path = '', ...words] = /^ExecStart=(.*)$/m.exec(installed(unit))?.[1]?.split(' ') ?? [];
      const { status, stderr } = await run(path.slice(join(root, 'bin/').length), [...words, '--help']);
      expect([unit, status, stderr]).toEqual([unit, 0, '']);
    }
  });

  it.skipIf(!existsSync(ANALYZE))('are as systemd wants them (skipped without systemd-analyze)', async () => {
    const cwd = await privateFolder();
    for (const unit of units) writeFileSync(join(cwd, unit), installed(unit));
    const paths = units.map((unit) => join(cwd, unit));
    const { status, stderr } = spawnSync(ANALYZE, ['verify', '--man=no', ...paths], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});
