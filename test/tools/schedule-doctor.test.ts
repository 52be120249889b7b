import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import schedule from '../../src/tools/schedule.ts';
import { runInProcess } from '../in-process.ts';

const now = Date.parse('2026-11-29T11:00:00Z');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'schedule-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(text: string, ...words: string[]) {
  writeFileSync(join(folder, 'crontab'), text);
  const options = ['--ledger', join(folder, 'runs.db'), ...words, join(folder, 'crontab')];
  return runInProcess(schedule, options, { now });
}

const GOOD = 'CRON_TZ=UTC\n#: name=attic\n*/30 * * * * true\n';
const DOUBTFUL = 'CRON_TZ=UTC\n0 0 31 4 * true\n';

describe('schedule --test', () => {
  it('shows due times, and ends with 0', async () => {
    const { stdout, stderr, status } = await run(GOOD, '--test', '-n', '2');
    expect(stdout).toContain(': attic: */30 * * * * (UTC)\n');
    expect(stdout).toContain('    2026-11-29T11:00:00Z  Sun\n    2026-11-29T11:30:00Z  Sun\n');
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('ends with 65 if there are warnings and --strict asks', async () => {
    const { stdout, status } = await run(DOUBTFUL, '--test');
    expect(stdout).toContain('    never\n    warning: it never runs');
    expect(status).toBe(0);
    expect(await run(DOUBTFUL, '--test', '--strict')).toMatchObject({ stdout, status: 65 });
    expect((await run(GOOD, '--test', '--strict')).status).toBe(0);
  });

  it('ends with 78, and shows every mistake, if the crontab has one', async () => {
    const { stdout, stderr, status } = await run('* * * * true\n61 * * * * true\n', '--test', '--strict');
    expect(stdout).toBe('');
    expect(stderr.match(/crontab:\d+:\d+: /g)).toHaveLength(2);
    expect(status).toBe(78);
  });

  it('gives all that is due in a span, and warnings on stderr', async () => {
    const span = ['--from', '2026-11-29T00:00Z', '--to', '2026-11-29T01:00Z'];
    const { stdout, stderr, status } = await run(`${GOOD}0 0 31 4 * true\n`, '--test', ...span);
    expect(stdout).toBe('2026-11-29T00:00:00Z,attic\n2026-11-29T00:30:00Z,attic\n');
    expect(stderr).toMatch(/crontab:4: warning: it never runs/);
    expect(status).toBe(0);
  });
});

it('schedule --explain shows the policies in force', async () => {
  const { stdout, status } = await run(GOOD, '--explain', '--retries', '3');
  expect(stdout).toMatch(/crontab:3: attic\n(?:.*\n)* {4}retries +3\n/);
  expect(status).toBe(0);
  const { stdout: json } = await run(GOOD, '--explain', '--json');
  expect(JSON.parse(json)).toMatchObject({ job: 'attic', policies: { retries: '0', overlap: 'skip' } });
});
