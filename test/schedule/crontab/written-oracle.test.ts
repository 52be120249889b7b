import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCrontab } from '../../../src/schedule/crontab/read-crontab.ts';
import { root } from '../../harness.ts';

const folder = join(root, 'test/schedule/oracle');

it('commands get the environment and the input that they get from cron', () => {
  const { jobs, problems } = readCrontab(
    readFileSync(join(folder, 'written.crontab'), 'utf8'),
    'written.crontab',
  );
  expect(problems).toEqual([]);
  const out = mkdtempSync(join(tmpdir(), 'written-'));
  try {
    for (const { command, input, env } of jobs) {
      spawnSync(env.SHELL ?? '/bin/sh', ['-c', command], {
        input,
        env: { PATH: '/usr/bin:/bin', ...env, OUT: out },
      });
    }
    const written = readdirSync(out)
      .sort()
      .map((name) => `${name} ${JSON.stringify(readFileSync(join(out, name), 'utf8'))}`);
    const recorded = readFileSync(join(folder, 'written.txt'), 'utf8').split('\n');
    expect(written).toEqual(recorded.filter((line) => line !== '' && !line.startsWith('#')));
    expect(jobs.length).toBeGreaterThan(20);
  } finally {
    rmSync(out, { recursive: true });
  }
});
