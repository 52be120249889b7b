/** A running schedule, and the server that shows its runs. */

import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { JobJson, JobsJson } from '../../src/dashboard/page/runs/runs-json.ts';
import { type Served, serving } from '../dashboard/serving.ts';
import { ended, until } from '../harness.ts';
import { type Row, scheduled } from '../scheduled.ts';

interface LiveRuns {
  readonly served: Served;
  readonly child: ChildProcess;
  /** The folder of the schedule. */
  readonly cwd: string;
  /** The URL of the page, with this fragment. */
  url(hash?: string): string;
  /** Creates an empty file that a job waits for. */
  touch(name: string): Promise<void>;
  /** The lines of a file in the folder; empty if it does not exist. */
  lines(name: string): string[];
  /** The runs in the ledger. */
  rows(): Row[];
  /** Removes a run from the ledger. */
  forget(run: number): void;
  /** A job in the server's JSON. */
  job(name: string): Promise<JobJson | undefined>;
  /** Stops the schedule. */
  stopSchedule(): Promise<void>;
}

/** Starts both, with task files beside the crontab, and environment variables for the server; stopped after the test. */
export async function liveRuns(
  crontab: string,
  files: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<LiveRuns> {
  const { cwd, begin, rows, lines } = await scheduled(crontab);
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  const child = begin(['crontab', ...Object.keys(files)]);
  const end = ended(child);
  const served = await serving(['--ledger', join(cwd, 'runs.db')], {
    ...{ store: join(cwd, 'stats.db'), cwd, env },
  });
  const jobs = async () => (await served.json('/api/jobs')) as JobsJson;
  await expect.poll(async () => (await jobs()).live).toBe(true);
  return {
    ...{ served, child, cwd, rows, lines },
    url: (hash = '') => `${served.url}runs.html${hash}`,
    forget(run) {
      const database = new DatabaseSync(join(cwd, 'runs.db'), { timeout: 5000 });
      database.prepare('DELETE FROM run WHERE run = ?').run(run);
      database.close();
    },
    touch: (name) => writeFile(join(cwd, name), ''),
    job: async (name) => (await jobs()).jobs.find((each) => each.name === name),
    async stopSchedule() {
      child.kill('SIGTERM');
      await end;
    },
  };
}

/** Waits until the last run of a job has this state. */
export function lastRunIs({ rows }: LiveRuns, job: string, state: string): Promise<void> {
  const last = () => rows().findLast((row) => row.job === job);
  return until(() => last()?.state === state, `the last run of ${job} is ${state}`);
}

/** Waits for a text in the first element that matches a selector. */
export function says(page: Page, selector: string, words: string | RegExp): Promise<void> {
  const text = () => page.locator(selector).first().textContent();
  const found = expect.poll(text);
  return typeof words === 'string' ? found.toContain(words) : found.toMatch(words);
}
