/** Kills get-events, its command, or both at random moments: each event is used, in the end once, and none is missed. */

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { numbered, sseServer, stream } from '../events/sse-server.ts';
import { type Ended, ended, privateFolder, start, until } from '../harness.ts';
import { killAll, killNow, processesWith } from '../processes.ts';
import { seeded } from '../random.ts';
import { sized } from '../thorough.ts';

const EVENTS = sized(1000, 10_000);
const KILLS = sized(10, 100);
/** From the first batch of a run to when some more are done. */
const LATEST_MS = 120;

/** Sends some events behind the last id, repeats a few before it, breaks off within one, and refuses now and then. */
function misbehaving(random: () => number) {
  return sseServer((visit) => {
    const next = Number(visit.lastId ?? 0) + 1;
    const first = random() < 0.5 ? next : Math.max(1, next - 4);
    const last = Math.min(EVENTS, next + Math.floor(random() * 150));
    if (next > EVENTS) visit.response.writeHead(204).end();
    else if (random() < 0.1) visit.response.writeHead(503, { 'retry-after': '0' }).end();
    else {
      const half = numbered(last + 1, last + 1).slice(0, -2);
      const whole = `retry: 10\n\n${numbered(first, last)}${half}`;
      stream(visit).write(whole, () => setImmediate(() => visit.response.destroy()));
    }
  });
}

it('uses every event though it is killed again and again, with its command or without', async () => {
  const cwd = await privateFolder();
  const random = seeded(15);
  const { url } = await misbehaving(random);
  const mark = `GET_EVENTS_KILL=${process.pid}`;
  const [name = '', value = ''] = mark.split('=');
  onTestFinished(() => killAll(mark));
  mkdirSync(join(cwd, 'done'));
  // A batch is stored whole under its name, or the command fails: any of its processes may be killed. Two commands at once
  // would find the lock taken, which bash alone holds; a killed flock says nothing about it.
  const command =
    'exec 8> lock; flock -n -E 9 8; case $? in 0) ;; 9) echo two at once >&2; exit 1 ;; *) exit 1 ;; esac; ' +
    'cat > part.$$ 8>&- && sleep 0.02 8>&- && mv part.$$ done/$ETL_BATCH 8>&-';
  const words = [url, '--state', 'state', '--batch', '37', '--linger', '20ms', '--retries', '1000'];
  const batches = () => readdirSync(join(cwd, 'done')).length;
  const ends: Ended[] = [];
  let isOver = false;
  const running = (async () => {
    while (!isOver) {
      const child = start('get-events', [...words, '--', 'bash', '-c', command], {
        cwd,
        env: { [name]: value },
      });
      const end = await ended(child);
      ends.push(end);
      isOver = end.status === 0;
    }
  })();
  for (let kills = 0; kills < KILLS && !isOver; kills++) {
    // Now and then before it has done anything.
    const done = batches();
    if (random() < 0.8) await until(() => isOver || batches() > done, 'a batch is done');
    await sleep(random() * LATEST_MS);
    const found = processesWith(mark);
    const tool = found.filter((process) => process.command.includes('get-events'));
    const victims = random() < 0.3 ? found : random() < 0.7 ? tool : found.slice(-1);
    for (const { pid } of victims) killNow(pid);
  }
  await running;
  const lines = readdirSync(join(cwd, 'done')).flatMap((batch) =>
    readFileSync(join(cwd, 'done', batch), 'utf8')
      .trimEnd()
      .split('\n'),
  );
  const numbers = lines.map((line) => Number(JSON.parse(line).n)).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: EVENTS }, (_, at) => at + 1));
  expect(ends.filter(({ stderr }) => stderr.includes('two at once'))).toEqual([]);
  expect(readdirSync(cwd).filter((file) => file.startsWith('.'))).toEqual([]);
  expect(JSON.parse(readFileSync(join(cwd, 'state'), 'utf8'))).toMatchObject({ events: EVENTS });
});
