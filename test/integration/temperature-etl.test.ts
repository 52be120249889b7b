/** An hour and a half of the main job, minute by minute on a given clock, with crashes and without. */

import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect, it } from 'vitest';
import { privateFolder, run, shell } from '../harness.ts';
import { seeded } from '../random.ts';
import { expectRepaired, killed, SCRIPT, writeOctober } from '../scripts/killed-etl.ts';
import { rounds } from '../thorough.ts';

const MINUTES = 90;
/** That the script asks for, beside the usual ones. */
const COLUMNS = ['--stats', 'last,last_time', '--label-unit', '°C'];
/** Across the end of a month. */
const FIRST = Date.parse('2026-10-31T23:15:00Z');

function settings(home: string, minute: number): Record<string, string> {
  const at = new Date(FIRST + minute * 60_000).toISOString();
  return { ETL_HOME: home, ETL_AT: at, GET_TEMP_SENSOR: 'sim:attic' };
}

async function runMinute(home: string, minute: number): Promise<void> {
  expect(await shell(SCRIPT, { env: settings(home, minute) })).toEqual({
    status: 0,
    signal: null,
    stdout: '',
    stderr: '',
  });
}

/** Starts the run of a minute and kills all of it a moment later. */
async function crash(home: string, minute: number, afterMs: number): Promise<void> {
  const child = spawn(SCRIPT, {
    env: { PATH: process.env.PATH, ...settings(home, minute) },
    detached: true,
    stdio: 'ignore',
  });
  const gone = new Promise((resolve) => child.on('close', resolve));
  await sleep(afterMs);
  try {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  } catch {
    // It was faster.
  }
  await gone;
}

async function kept(home: string): Promise<unknown> {
  const files = (await readdir(home)).filter((name) => name.endsWith('.log') || name.endsWith('.csv')).sort();
  const database = new DatabaseSync(join(home, 'stats.db'), { readOnly: true });
  const rows = database.prepare('SELECT * FROM stats ORDER BY "sensor", "window", "end"').all();
  database.close();
  return {
    rows,
    files: await Promise.all(files.map(async (name) => [name, await readFile(join(home, name), 'utf8')])),
  };
}

it('every fifth run killed and repeated gives the same store and logs as a clean run', async () => {
  const [clean, crashed] = [await privateFolder(), await privateFolder()];
  const random = seeded(2026);
  const runClean = async () => {
    for (let minute = 0; minute < MINUTES; minute++) await runMinute(clean, minute);
  };
  const runCrashed = async () => {
    for (let minute = 0; minute < MINUTES; minute++) {
      if (minute % 5 === 4) await crash(crashed, minute, random() * 1200);
      await runMinute(crashed, minute);
    }
  };
  await Promise.all([runClean(), runCrashed()]);

  expect(await kept(crashed)).toEqual(await kept(clean));
  // Nothing else stays behind but what a crash may leave for the next run.
  const names = await readdir(clean);
  expect(names.filter((name) => !name.startsWith('.') && !/^stats\.db-(wal|shm)$/.test(name)).sort()).toEqual(
    ['readings-2026-10.log', 'readings-2026-11.log', 'stats.db', 'temp_stats.csv', 'temperature.log'],
  );

  // The store holds the clock hours that the whole log has, and a rolling hour for each minute.
  const whole = await run(
    'get-stats',
    ['-w', '1h', ...COLUMNS, '--json', 'readings-2026-10.log', 'readings-2026-11.log'],
    { cwd: clean },
  );
  const hours = whole.stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  const { rows } = (await kept(clean)) as { rows: { window: string; count: number }[] };
  expect(rows.filter(({ window }) => window === '1h').map((row) => ({ ...row }))).toEqual(hours);
  expect(hours).toMatchObject([{ count: 45 }, { count: 45 }]);
  expect(rows.filter(({ window }) => window === 'all').map(({ count }) => count)).toEqual(
    Array.from({ length: MINUTES }, (_, minute) => Math.min(minute + 1, 60)),
  );
});

it('killed again and again and not repeated, is repaired by its next run', async () => {
  const home = await privateFolder();
  writeOctober(home);
  const random = seeded(12);
  for (let round = 0; round < rounds(10); round++) {
    await killed(home, 2 * round, { afterMs: random() * 1000 });
    await expectRepaired(home, 2 * round + 1);
  }
});
