/** The graphs that ship: they run, in a folder of their own, with the tools on PATH. */

import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect, it } from 'vitest';
import { privateFolder, root, run } from '../harness.ts';

/** A folder with a graph, and what a run of it by `run-tasks` says. */
async function graph(name: string) {
  const cwd = await privateFolder();
  cpSync(join(root, 'scripts', name), join(cwd, name));
  return { cwd, runTasks: (...words: string[]) => run('run-tasks', [...words, name], { cwd }) };
}

function rows(cwd: string, file: string, sql: string): unknown[] {
  const database = new DatabaseSync(join(cwd, file), { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

const quiet = { stdout: '', stderr: '', status: 0 };

it('the diamond', async () => {
  const { cwd, runTasks } = await graph('diamond.yaml');
  expect(await runTasks()).toMatchObject(quiet);
  const tasks = ['runme_0', 'runme_1', 'runme_2', 'run_after_loop', 'also_run_this', 'run_this_last'];
  expect(rows(cwd, 'runs.db', 'SELECT task, state FROM task ORDER BY position')).toEqual(
    tasks.map((task) => ({ task, state: 'success' })),
  );
});

it('the temperature ETL, twice for a time that has passed', async () => {
  const { cwd, runTasks } = await graph('temperature.yaml');
  for (let times = 0; times < 2; times += 1)
    expect(await runTasks('-e', 'STATION=roof', '--at', '2026-11-21T10:04:00Z')).toMatchObject(quiet);
  expect(readFileSync(join(cwd, 'temperature.log'), 'utf8')).toMatch(
    /^2026-11-21T10:04:00Z,roof,-?[\d.]+\n$/,
  );
  expect(rows(cwd, 'stats.db', 'SELECT sensor, "window", count FROM stats ORDER BY "window"')).toEqual([
    { sensor: 'roof', window: '1h', count: 1 },
    { sensor: 'roof', window: 'all', count: 1 },
  ]);
});

it('web logs by partition', async () => {
  const { cwd, runTasks } = await graph('weblog.yaml');
  expect(await runTasks('-e', 'LINES=20')).toMatchObject(quiet);
  const sql = 'SELECT server, sum(requests) AS requests FROM requests GROUP BY server ORDER BY server';
  const servers = ['web1', 'web2', 'web3', 'web4'];
  expect(rows(cwd, 'weblog.db', sql)).toEqual(servers.map((server) => ({ server, requests: 20 })));
});

it('are all that there are', () => {
  const graphs = readdirSync(join(root, 'scripts')).filter((name) => name.endsWith('.yaml'));
  expect(graphs.sort()).toEqual(['diamond.yaml', 'temperature.yaml', 'weblog.yaml']);
});
