/** An Airflow folder for tests, and the DAGs run in it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect } from 'vitest';
import { bin, root } from '../harness.ts';
import { server } from '../servers.ts';

/** The Airflow versions that exports support, by the names of their scripts. */
export const VERSIONS = ['airflow-2', 'airflow-3'];

/** The output of airflow-runs.py. */
export interface AirflowRuns {
  readonly errors: Readonly<Record<string, string>>;
  readonly runs: Readonly<Record<string, AirflowRun>>;
}

interface AirflowRun {
  readonly state: string;
  readonly tasks: States;
  readonly seconds: number;
}

/** By task name, or item, such as `count[3]`. */
export type States = Readonly<Record<string, string>>;

/** A folder of this version, for the duration of the calling file or block. */
export function airflow(version: string) {
  const folder = server(version);
  return {
    /** The path of a file in the folder. */
    file: (...names: string[]): string => join(folder.address(), ...names),
    /** Runs each DAG for which there is a time. */
    async runs(times: Readonly<Record<string, string>>, env: Readonly<Record<string, string>>) {
      const at = folder.address();
      const output = join(at, 'runs.json');
      const words = Object.entries(times).map(([dag, time]) => `${dag}=${time}`);
      const program = join(root, 'test/integration/airflow-runs.py');
      const child = spawn(join(at, 'with'), ['python', program, output, ...words], {
        env: {
          ...process.env,
          PATH: `${bin}:${process.env.PATH}`,
          HOME: at,
          ETL_HOME: join(at, 'etl'),
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let log = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk));
      const [status] = await once(child, 'close');
      expect(existsSync(output) && status === 0, log).toBe(true);
      return { ...(JSON.parse(readFileSync(output, 'utf8')) as AirflowRuns), log };
    },
  };
}

/** The states of the tasks of the last run in a ledger, without tasks that are split into items. */
export function statesIn(ledger: string): States {
  const database = new DatabaseSync(ledger, { readOnly: true });
  try {
    const rows: { task: string; state: string }[] = database
      .prepare(`SELECT task, state FROM task AS one WHERE run = (SELECT max(run) FROM run)
        AND NOT EXISTS (SELECT 1 FROM task AS item WHERE item.run = one.run AND item.split = one.task)`)
      .all();
    return Object.fromEntries(rows.map(({ task, state }) => [task, state]));
  } finally {
    database.close();
  }
}
