/** A stream of events through a topic to a lake, while every process of it is killed. */

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, onTestFinished } from 'vitest';
import { privateFolder, root, run, shell } from '../harness.ts';
import { killAgainAndAgain, killAll } from '../processes.ts';
import { seeded } from '../random.ts';
import { rounds } from '../thorough.ts';
import { misbehavingServer, untilDone } from './event-source.ts';
import { it, kafkaServer } from './kafka-topics.ts';

const EVENTS = rounds(5000);
const KILLS = rounds(30);

const kafka = kafkaServer();

/** The rows of all objects; each must be whole, whatever goes on. */
function lakeRows(folder: string): string[][] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^[^.].*\.csv$/.test(name),
  );
  return names.flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(text.endsWith('\n')).toBe(true);
    return parse(text, { from: 2 });
  });
}

it('has every event in the lake, and each message of the topic once, though each process is killed again and again', async () => {
  const cwd = await privateFolder();
  const lake = join(cwd, 'lake');
  mkdirSync(lake);
  const random = seeded(16);
  const topic = await kafka.newTopic(3, '?session=1s');
  const url = await misbehavingServer(EVENTS, random);
  const mark = `KAFKA_TO_LAKE=${process.pid}`;
  const options = { cwd, env: { KAFKA_TO_LAKE: String(process.pid) } };
  onTestFinished(() => killAll(mark));
  const retries = ['--retries', '1000'];
  const put = [...['--batch', '97', '--linger', '20ms', ...retries], '--', 'queue-put', topic];
  const events = untilDone('get-events', [url, '--state', 'rc.state', ...put], options);
  const batches = ['--batch', '100', '--linger', '100ms', '--envelope', '--jobs', '2', ...retries];
  const into = ['--', 'lake-put', 'lake/', '--csv', '--fields', 'partition,seq,body'];
  let isOver = false;
  const takers = [0, 1].map(async () => {
    while (!isOver) await untilDone('queue-take', [topic, ...batches, '--exit-when-empty', ...into], options);
  });
  await killAgainAndAgain(mark, { kills: KILLS, pauseMs: 400, random, check: () => void lakeRows(lake) });
  expect((await events).status).toBe(0);
  isOver = true;
  await Promise.all(takers);
  expect(await run('queue-take', [topic, ...batches, '--exit-when-empty', ...into], options)).toMatchObject({
    status: 0,
  });
  const rows = lakeRows(lake);
  const places = rows.map(([partition, seq]) => `${partition} ${seq}`);
  expect(new Set(places).size).toBe(places.length);
  const { stdout } = await run('queue-stat', [topic, '--json']);
  const { end, ...stat } = JSON.parse(stdout);
  expect(stat).toMatchObject({ ready: 0, leased: 0, dead: 0, next: end });
  expect(places.length).toBe(end);
  const ids = new Set(rows.map(([, , body = '']) => JSON.parse(body).id));
  expect(ids.size).toBe(EVENTS);
});

it('recentchange_to_lake.sh runs with the very same lines on a topic', async () => {
  const home = await privateFolder();
  const env = { ETL_HOME: home, QUEUE: await kafka.newTopic(2) };
  const end = await shell(join(root, 'scripts/recentchange_to_lake.sh'), { env });
  expect(end).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
  const ids = lakeRows(join(home, 'lake/recentchange')).map(([id]) => id);
  expect([ids.length, new Set(ids).size]).toEqual([1000, 1000]);
});
