/** The pipelines over queues, each on the small source of its own; the one that needs jq is an integration test. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { privateFolder, root, run, shell } from '../harness.ts';

const clean = { status: 0, signal: null, stdout: '', stderr: '' };

async function runScript(name: string, home: string, env: Record<string, string> = {}) {
  return await shell(join(root, 'scripts', name), { env: { ETL_HOME: home, ...env } });
}

async function queueTotals(home: string, queue: string): Promise<unknown> {
  return JSON.parse((await run('queue-stat', [queue, '--json'], { cwd: home })).stdout);
}

it('recentchange_to_lake.sh puts every change into the lake once, also when it runs again', async () => {
  const home = await privateFolder();
  const lake = join(home, 'lake/recentchange');
  for (let time = 0; time < 2; time++) {
    expect(await runScript('recentchange_to_lake.sh', home)).toEqual(clean);
    const rows = readdirSync(lake).flatMap((name): Record<string, string>[] =>
      parse(readFileSync(join(lake, name), 'utf8'), { columns: true }),
    );
    const ids = rows.map(({ id }) => Number(id) - 2_000_000_000);
    expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, number) => number));
    expect(Object.keys(rows[0] ?? {}).join()).toBe('id,type,namespace,title,comment,timestamp,user,bot');
    expect(await queueTotals(home, 'rc.queue')).toMatchObject({ ready: 0, dead: 0, next: 1000, end: 1000 });
  }
});

it('posts_to_database.sh has the posts raw and in a table, and running it again changes nothing', async () => {
  const home = await privateFolder();
  for (let time = 0; time < 2; time++) {
    expect(await runScript('posts_to_database.sh', home)).toEqual(clean);
    expect(readdirSync(join(home, 'raw/posts'))).toHaveLength(1);
    const database = new DatabaseSync(join(home, 'blog.db'), { readOnly: true });
    expect(database.prepare('SELECT count(*) AS count, sum(likes) AS likes FROM posts').get()).toEqual({
      count: 100,
      likes: Array.from({ length: 100 }, (_, at) => ((at + 1) * 7919) % 1000).reduce((a, b) => a + b),
    });
    database.close();
    expect(await queueTotals(home, 'posts.queue')).toMatchObject({ ready: 0, dead: 0, end: time + 1 });
  }
});

it('posts_to_database.sh: of an API that fails nothing is kept, and no notice is given', async () => {
  const home = await privateFolder();
  const { status, stderr } = await runScript('posts_to_database.sh', home, {
    POSTS: 'http://127.0.0.1:9/posts',
  });
  expect([status, stderr]).toEqual([7, expect.stringMatching(/^curl: \(7\)/)]);
  expect(readdirSync(home).filter((name) => !name.startsWith('raw'))).toEqual([]);
});
