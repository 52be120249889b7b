/** A task file in its own folder, with ways to run it and to query its ledger. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import tool from '../src/tools/run-tasks.ts';
import { readDatabase } from './database.ts';
import { privateFolder, start } from './harness.ts';
import { runInProcess } from './in-process.ts';
import { killAll } from './processes.ts';

export async function tasksIn(text: string) {
  const cwd = await privateFolder();
  const mark = `TASKS_TEST=${cwd}`;
  onTestFinished(() => killAll(mark));
  const file = (name: string) => join(cwd, name);
  const write = (changed: string) => writeFile(file('some.yaml'), changed);
  await write(text);
  const env = { PATH: process.env.PATH ?? '', HOME: cwd, TASKS_TEST: cwd };
  const own = ['--ledger', file('runs.db'), file('some.yaml')];
  const query = (sql: string): Record<string, string | number | null>[] =>
    readDatabase(file('runs.db'), (database) => database.prepare(sql).all());
  return {
    ...{ cwd, file, write, query, mark },
    /** Runs it to completion, in this process. */
    go: (
      words: readonly string[] = [],
      options: { now?: number; columns?: number; env?: Record<string, string> } = {},
    ) =>
      runInProcess(tool, [...words, ...own], {
        ...{ now: Date.now(), ...options, env: { ...env, ...options.env } },
      }),
    begin: (words: readonly string[] = []) => start('run-tasks', [...words, ...own], { cwd, env }),
    lines: (name: string): string[] =>
      existsSync(file(name)) ? readFileSync(file(name), 'utf8').split('\n').slice(0, -1) : [],
    /** `extract success 1, load failed: timeout 2`: tasks and items with their tries. */
    states: (run = 1): string =>
      query(
        `SELECT task, state, reason, tries FROM task WHERE run = ${run} ORDER BY split IS NOT NULL, position`,
      )
        .map(({ task, state, reason, tries }) => `${task} ${state}${reason ? `: ${reason}` : ''} ${tries}`)
        .join(', '),
    /** `manual failed: stopped 143` */
    runs: (): string[] =>
      query('SELECT "trigger", state, reason, status FROM run ORDER BY run').map(
        ({ trigger, state, reason, status }) => `${trigger} ${state}${reason ? `: ${reason}` : ''} ${status}`,
      ),
    /** All logs of a task, concatenated. */
    log: (task: string): string =>
      readdirSync(file(`logs/some/${task}`), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.log'))
        .sort()
        .map((name) => readFileSync(file(`logs/some/${task}/${name}`), 'utf8'))
        .join(''),
  };
}
