/**
 * Debian's cron still answers as test/schedule/oracle has recorded it. Its syntax is asked about always; what it runs, and when,
 * with CRON_ORACLE=yes, as root: that takes half an hour.
 */

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../harness.ts';
import { hasServer } from '../servers.ts';

const folder = join(root, 'test/schedule/oracle');
const recorded = (name: string): string =>
  readFileSync(join(folder, name), 'utf8').replace(/^(?:#.*\n)*/, '');

function asked(words: readonly string[], input: string): string {
  const script = join(root, 'scripts/servers/cron.sh');
  const { stdout, stderr, status } = spawnSync(script, words, { input, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

describe.skipIf(!hasServer('cron'))("Debian's cron", () => {
  it('takes and refuses the lines that it took and refused', () => {
    const verdicts = recorded('syntax.txt');
    expect(asked(['syntax'], verdicts.replace(/^../gm, ''))).toBe(verdicts);
  });

  it.runIf(process.env.CRON_ORACLE === 'yes')('gives commands what it gave them', () => {
    const crontab = readFileSync(join(folder, 'written.crontab'), 'utf8');
    expect(asked(['run'], crontab)).toBe(recorded('written.txt'));
  });

  const nights = readdirSync(folder).filter((name) => name.endsWith('.due'));
  it.runIf(process.env.CRON_ORACLE === 'yes').each(nights)('starts the jobs that it started: %s', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const [, words = '', from = '', minutes = ''] = /cron\.sh (due \S+ (\S+) (\d+))/.exec(text) ?? [];
    // How much of its last minutes it does depends on how busy the machine is.
    const end = Date.parse(`${from}Z`) + (Number(minutes) - 2) * 60_000;
    const steady = (lines: string): string[] =>
      lines.split('\n').filter((line) => Date.parse(line.slice(0, line.indexOf(' '))) < end);
    const crontab = readFileSync(join(folder, 'lines.crontab'), 'utf8');
    expect(steady(asked(words.split(' '), crontab))).toEqual(steady(recorded(name)));
  });
});
