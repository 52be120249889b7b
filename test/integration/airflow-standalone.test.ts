/**
 * With AIRFLOW_MINUTES=10: Airflow's own scheduler runs an exported graph for so many minutes, and each minute has its row.
 * `airflow standalone` is all of Airflow in one process group; 3 does its work by a LocalExecutor, 2 takes that for SQLite no more.
 */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readDatabase } from '../database.ts';
import { bin, root, run, until } from '../harness.ts';
import { hasServer } from '../servers.ts';
import { airflow, VERSIONS } from './airflow-folder.ts';

const MINUTE_MS = 60_000;
const minutes = Number(process.env.AIRFLOW_MINUTES ?? 0);
if (minutes === 0)
  process.stderr.write(
    'not tested: a schedule of Airflow itself (AIRFLOW_MINUTES=10, the minutes it takes)\n',
  );

function freePorts(count: number): string[] {
  const program = join(root, 'scripts/servers/free-ports.js');
  return execFileSync('node', [program, String(count)], { encoding: 'utf8' })
    .trim()
    .split(' ');
}

/** The column of a query; nothing while the database is not made. */
function columnOf(path: string, query: string): string[] {
  if (!existsSync(path)) return [];
  try {
    return readDatabase(path, (database) =>
      database
        .prepare(`SELECT (${query}) AS text`)
        .all()
        .flatMap(({ text }) => JSON.parse(text)),
    );
  } catch {
    return [];
  }
}

/** Of each reading the time; statistics of all that there are then end there. */
const ENDS = `SELECT json_group_array("end") FROM stats WHERE window = 'all'`;
/** The ends of the minutes that have been done. */
const DONE = `SELECT json_group_array(strftime('%s', data_interval_end) / 60) FROM dag_run WHERE state = 'success'`;

describe.runIf(minutes > 0).each(VERSIONS)('%s', (version) => {
  describe.skipIf(!hasServer(version))('by itself', () => {
    const folder = airflow(version);

    it('runs an exported graph each minute', async () => {
      const home = folder.file('graph');
      await mkdir(home);
      await copyFile(join(root, 'scripts/temperature.yaml'), join(home, 'temperature.yaml'));
      const { stdout } = await run('run-tasks', ['--airflow', join(home, 'temperature.yaml')]);
      await writeFile(folder.file('dags', 'temperature.py'), stdout);
      const [port = '', workerPort = '', triggerPort = ''] = freePorts(3);
      const child = spawn(folder.file('with'), ['airflow', 'standalone'], {
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          PATH: `${bin}:${process.env.PATH}`,
          HOME: folder.file(),
          AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: 'False',
          AIRFLOW__API__HOST: '127.0.0.1',
          AIRFLOW__API__PORT: port,
          AIRFLOW__WEBSERVER__WEB_SERVER_HOST: '127.0.0.1',
          AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `http://127.0.0.1:${port}/execution/`,
          AIRFLOW__WEBSERVER__WEB_SERVER_PORT: port,
          AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT: workerPort,
          AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT: triggerPort,
        },
      });
      const closed = once(child, 'close');
      onTestFinished(async () => {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        await closed;
      });
      const log = createWriteStream(folder.file('standalone.log'));
      child.stdout.pipe(log);
      child.stderr.pipe(log);

      const done = () => columnOf(folder.file('airflow.db'), DONE).map(Number).sort();
      await until(() => done().length >= minutes, `${minutes} minutes`, (minutes + 10) * MINUTE_MS);
      const [first = 0] = done();
      expect(done()).toEqual(done().map((_, at) => first + at));
      expect(columnOf(join(home, 'stats.db'), ENDS).length).toBeGreaterThanOrEqual(minutes);
    });
  });
});
