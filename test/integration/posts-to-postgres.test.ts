/** Notices in a queue, raw objects in a lake, and their rows in a Postgres server that is killed meanwhile. */

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ended, privateFolder, run, shell, start } from '../harness.ts';
import { hasPostgres, postgresServer, query, untilActivity } from './postgres-server.ts';

const OBJECTS = 15;
const ROWS = 500;
/** A row takes long enough for a server to be killed while a batch is loaded. */
const SLOW = [
  'CREATE TABLE posts ("id" BIGINT PRIMARY KEY, "text" TEXT)',
  "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.0005); RETURN NEW; END'",
  'CREATE TRIGGER slow BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION wait()',
];

describe.skipIf(!hasPostgres())('posts by way of a queue into Postgres', () => {
  const server = postgresServer();

  it('has each object whole or not at all, and at last all of them once, with no dead letter', async () => {
    const cwd = await privateFolder();
    const store = await server.newDatabase();
    for (const sql of SLOW) await query(store, sql);
    const rows = `seq $((${ROWS} * i + 1)) $((${ROWS} * (i + 1))) | sed 's/.*/{"id":&,"text":"post &"}/' | paste -sd, | sed 's/.*/[&]/'`;
    const put = `for ((i = 0; i < ${OBJECTS}; i++)); do ${rows} | lake-put raw/; done | queue-put posts.queue`;
    expect(await shell(put, { cwd })).toMatchObject({ status: 0, stderr: '' });
    const load = 'lake-get - | load-rows --table posts --key id --wait 500ms --retries 0';
    const words = ['posts.queue', '--exit-when-empty', '--', 'bash', '-o', 'pipefail', '-c', load];
    const taker = start('queue-take', words, { cwd, env: { ETL_STORE: store } });
    const end = ended(taker);
    for (let crash = 0; crash < 3; crash++) {
      await untilActivity(store, `query ILIKE '%posts%'`);
      await sleep(100 * crash);
      await server.crash();
      await sleep(300);
      await server.start();
      const counts = await query(store, `SELECT count(*) AS n FROM posts GROUP BY ("id" - 1) / ${ROWS}`);
      expect(counts.every(({ n }) => n === String(ROWS))).toBe(true);
    }
    expect((await end).status).toBe(0);
    const [sum] = await query(store, 'SELECT count(*) AS rows, sum("id") AS ids FROM posts');
    const all = OBJECTS * ROWS;
    expect(sum).toEqual({ rows: String(all), ids: String((all * (all + 1)) / 2) });
    const { stdout } = await run('queue-stat', ['posts.queue', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ ready: 0, leased: 0, delayed: 0, dead: 0, end: OBJECTS });
  });
});
