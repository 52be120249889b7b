/** A schedule in its own folder: its crontab, its ledger, and the output of its jobs. */

import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readDatabase } from './database.ts';
import { ended, privateFolder, type RunOptions, start } from './harness.ts';
import { killAll } from './processes.ts';

/** A row of the table `run`. */
export interface Row {
  readonly run: number;
  readonly job: string;
  readonly trigger: string;
  readonly scheduled: number;
  readonly count: number;
  readonly state: string;
  readonly reason: string | null;
  readonly tries: number;
  readonly status: number | null;
  readonly rows_in: number | null;
  readonly rows_out: number | null;
  readonly rejected: number | null;
  readonly retry_at: number | null;
  readonly start: number | null;
}

/** A folder with a crontab, and ways to run it and inspect the results. */
export async function scheduled(crontab: string) {
  const cwd = await privateFolder();
  const mark = `SCHEDULE_TEST=${cwd}`;
  const env = { SCHEDULE_TEST: cwd };
  onTestFinished(() => killAll(mark));
  await writeFile(join(cwd, 'crontab'), crontab);
  const file = (name: string) => join(cwd, name);
  return {
    ...{ cwd, mark, file },
    begin: (words: readonly string[] = [], options: RunOptions = {}): ChildProcess =>
      start('schedule', words, { cwd, env, ...options }),
    write: (text: string) => writeFile(file('crontab'), text),
    lines: (name: string): string[] =>
      existsSync(file(name)) ? readFileSync(file(name), 'utf8').split('\n').slice(0, -1) : [],
    rows: (): Row[] => rowsOf(file('runs.db')),
    /** All logs, concatenated. */
    logs: () =>
      readdirSync(file('logs'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.log'))
        .sort()
        .map((name) => readFileSync(file(`logs/${name}`), 'utf8'))
        .join(''),
  };
}

/** All runs of a ledger; empty if it does not exist yet. */
export function rowsOf(path: string): Row[] {
  if (!existsSync(path)) return [];
  return readDatabase(path, (database) => {
    const isMade = database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'run'`).get() !== undefined;
    return isMade ? database.prepare('SELECT * FROM run ORDER BY run').all() : [];
  });
}

/** The states of the runs of a job, each with its reason. */
export const states = (rows: readonly Row[], job: string) =>
  rows.filter((row) => row.job === job).map(({ state, reason }) => (reason ? `${state}: ${reason}` : state));

/** Stops a schedule as a service manager does. */
export function stop(child: ChildProcess) {
  const end = ended(child);
  child.kill('SIGTERM');
  return end;
}
