/** Kills runs of Temperature_ETL.sh, and checks what must hold after the next one. */

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { root, shell } from '../harness.ts';

export const SCRIPT = join(root, 'scripts', 'Temperature_ETL.sh');
/** Counts the script's own steps, and kills the whole process group before the chosen one. */
const KILL_AT_STEP = `trap '[[ $BASHPID != $$ ]] || (( ++step != KILL_AT )) || kill -9 -- -$$' DEBUG`;

/** Writes half an hour of readings at the end of October. */
export function writeOctober(home: string): void {
  const lines = Array.from({ length: 30 }, (_, at) => `2026-10-31T23:${30 + at}:00Z,sim,1${at}.5\n`);
  writeFileSync(join(home, 'readings-2026-10.log'), lines.join(''));
}

/** When to kill a run: before one of its steps, from 1, or after a time. */
type Moment = { readonly step: number } | { readonly afterMs: number };

/** Runs the script for a minute of November, and kills the whole process group. @returns whether it was killed */
export async function killed(home: string, minute: number, moment: Moment): Promise<boolean> {
  const env = { PATH: process.env.PATH, ...settings(home, minute) };
  const file = join(home, '.kill');
  if ('step' in moment) writeFileSync(file, KILL_AT_STEP);
  const child = spawn(SCRIPT, {
    env: 'step' in moment ? { ...env, BASH_ENV: file, KILL_AT: String(moment.step) } : env,
    detached: true,
    stdio: 'ignore',
  });
  const gone = new Promise<boolean>((resolve) => child.on('close', (_, signal) => resolve(signal !== null)));
  if ('afterMs' in moment) {
    await Promise.race([gone, sleep(moment.afterMs)]);
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // It has already ended.
    }
  }
  return gone;
}

/** Runs the script for a minute of November, and checks that every logged reading is in the buffer and counted. */
export async function expectRepaired(home: string, minute: number): Promise<void> {
  const clean = { status: 0, signal: null, stdout: '', stderr: '' };
  expect(await shell(SCRIPT, { env: settings(home, minute) })).toEqual(clean);
  const read = (name: string) => readFileSync(join(home, name), 'utf8');
  const logs = readdirSync(home).filter((name) => /^readings-.*\.log$/.test(name));
  const lines = logs.sort().flatMap((name) => read(name).split(/(?<=\n)/));
  const hour = lines.filter((line) => line.endsWith('\n')).slice(-60);
  expect(
    read('temperature.log')
      .split(/(?<=\n)/)
      .sort(),
  ).toEqual([...hour].sort());
  const [, , , , count] = read('temp_stats.csv').split('\n')[1]?.split(',') ?? [];
  expect(Number(count)).toBe(hour.length);
}

function settings(home: string, minute: number): Record<string, string> {
  return { ETL_HOME: home, ETL_AT: new Date(Date.UTC(2026, 10, 1, 0, minute)).toISOString() };
}
