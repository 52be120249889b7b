/** A stream of events through a queue to a lake, while every process of it is killed, against a server that misbehaves. */

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it, onTestFinished } from 'vitest';
import { privateFolder, run } from '../harness.ts';
import { killAgainAndAgain, killAll } from '../processes.ts';
import { seeded } from '../random.ts';
import { rounds } from '../thorough.ts';
import { misbehavingServer, untilDone } from './event-source.ts';

const EVENTS = rounds(5000);
const KILLS = rounds(50);

/** The rows of all objects; each must be whole, whatever goes on. */
function lakeRows(folder: string): string[][] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.csv'),
  );
  return names
    .filter((name) => !name.split('/').some((part) => part.startsWith('.')))
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      expect(text.endsWith('\n')).toBe(true);
      const [header, ...rows]: string[][] = parse(text);
      expect(header).toEqual(['id', 'meta.id', 'comment', 'user']);
      return rows;
    });
}

it('has every event in the lake exactly once, though each process is killed again and again', async () => {
  const cwd = await privateFolder();
  const lake = join(cwd, 'lake');
  mkdirSync(lake);
  const random = seeded(15);
  const url = await misbehavingServer(EVENTS, random);
  const mark = `EVENTS_TO_LAKE=${process.pid}`;
  const options = { cwd, env: { EVENTS_TO_LAKE: String(process.pid) } };
  onTestFinished(() => killAll(mark));
  const take = ['rc.queue', '--batch', '100', '--linger', '100ms', '--retries', '1000'];
  const put = ['--', 'lake-put', 'lake/', '--csv', '--fields', 'id,meta.id,comment,user'];
  let isOver = false;
  const events = untilDone(
    'get-events',
    [
      url,
      '--state',
      'rc.state',
      '--batch',
      '37',
      '--linger',
      '20ms',
      '--retries',
      '1000',
      '--',
      'queue-put',
      'rc.queue',
      '--id',
      'meta.id',
    ],
    options,
  );
  const toLake = (async () => {
    while (!isOver) await untilDone('queue-take', [...take, '--exit-when-empty', ...put], options);
  })();
  await killAgainAndAgain(mark, { kills: KILLS, pauseMs: 150, random, check: () => void lakeRows(lake) });
  expect((await events).status).toBe(0);
  isOver = true;
  await toLake;
  expect(await run('queue-take', [...take, '--exit-when-empty', ...put], options)).toMatchObject({
    status: 0,
  });
  const numbers = lakeRows(lake).map(([id]) => Number(id));
  expect(numbers.length).toBe(EVENTS);
  expect(new Set(numbers).size).toBe(EVENTS);
  const { stdout } = await run('queue-stat', ['rc.queue', '--json'], options);
  expect(JSON.parse(stdout)).toMatchObject({ ready: 0, leased: 0, delayed: 0, dead: 0 });
  expect(readdirSync(cwd).filter((name) => /^\.|-wal$|-shm$/.test(name))).toEqual([]);
});
