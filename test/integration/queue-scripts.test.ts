/** The pipelines over queues that need curl and jq, each on a small source of its own. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import { privateFolder, root, run, shell } from '../harness.ts';
import { hasServer } from '../servers.ts';
import { kafkaServer } from './kafka-topics.ts';

const clean = { status: 0, signal: null, stdout: '', stderr: '' };

async function runScript(name: string, home: string, env: Record<string, string> = {}) {
  return await shell(join(root, 'scripts', name), { env: { ETL_HOME: home, ...env } });
}

async function queueTotals(home: string, queue: string): Promise<unknown> {
  return JSON.parse((await run('queue-stat', [queue, '--json'], { cwd: home })).stdout);
}

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

/** @param queues variables with addresses, where they are not files */
async function expectWeather(weather: string, queues: Record<string, string> = {}): Promise<void> {
  const home = await privateFolder();
  const env = { ETL_HOME: home, FROM: '2026-11-20T00:00:00Z', TO: '2026-11-22T00:00:00Z', ...queues };
  const { status, stdout, stderr } = await shell(join(root, 'scripts/weather_over_queue.sh'), { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const readings = await shell(
    'for s in attic cellar; do get-temp sim:$s --from $FROM --to $TO --every 10m --json; done | jq -c "select(.value > 14)" | sort',
    { env },
  );
  expect(
    `${stdout
      .split(/(?<=\n)/)
      .sort()
      .join('')}`,
  ).toBe(readings.stdout);
  const database = new DatabaseSync(join(home, 'stats.db'), { readOnly: true });
  expect(database.prepare('SELECT count(*) AS rows, sum("count") AS readings FROM stats').get()).toEqual({
    rows: 2 * 48,
    readings: 2 * 48 * 6,
  });
  database.close();
  const stat = await run('queue-stat', [weather, '--json', '--group', 'chart'], { cwd: home });
  expect(JSON.parse(stat.stdout)).toMatchObject({ ready: 0, leased: 0, dead: 0, end: 2 * 48 * 6 });
}

it('weather_over_queue.sh filters, charts and reports every reading once', () =>
  expectWeather('weather.queue'));

describe.skipIf(!hasServer('kafka'))('on Kafka', () => {
  const kafka = kafkaServer();

  it('weather_over_queue.sh does the same with the very same lines', async () => {
    const QUEUE = `kafka://${kafka.brokers()}/weather`;
    await expectWeather(QUEUE, { QUEUE, EXTREME: `kafka://${kafka.brokers()}/extreme` });
  });
});
