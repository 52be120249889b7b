/** The process of `queue-process.ts`. */

import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { openQueue } from '../../src/queues/open.ts';
import type { TakenBatch } from '../../src/queues/queue.ts';
import type { Order } from './queue-process.ts';

const { signal } = new AbortController();
const settings = { waitMs: 20_000, signal, now: () => Date.now(), env: {}, warn() {}, explain() {} };
const queue = await openQueue(process.argv[2] ?? '', settings);
let batch: TakenBatch | undefined;

async function follow(order: Order): Promise<unknown> {
  if ('put' in order) {
    const key = order.key === undefined ? {} : { key: order.key };
    const messages = order.put.map((text) => ({ body: Buffer.from(text), ...key }));
    return queue.put(messages, { delayMs: 0, remember: 0 }).catch(({ status, stored, message }) => ({
      ...{ status, stored, message },
    }));
  }
  if ('take' in order) {
    const { take: count, group = 'default', wait = false } = order;
    const limits = { count, bytes: 1e6, lingerMs: 0, endsWhenEmpty: !wait, signal };
    batch = await queue.take({ group, from: 'beginning', ...limits });
    return batch?.messages.map(({ body }) => body.toString()) ?? null;
  }
  if ('work' in order) return work(order.work);
  if (batch === undefined) throw new Error('no batch');
  if ('run' in order) {
    const stdio = [...Array<'ignore'>(7).fill('ignore'), batch.lease ?? 'ignore'] as const;
    const child = spawn('sh', ['-c', order.run], { detached: true, stdio: [...stdio] });
    child.unref();
    return child.pid;
  }
  if (order.do === 'acknowledge') await batch.acknowledge();
  if (order.do === 'giveBack') await batch.giveBack({ delayMs: 0, tries: 1, delays: 0 });
  if (order.do === 'halve') await batch.halve(1);
  if (order.do === 'bury') await batch.bury({ tries: 1, status: 65, stderr: 'bad' });
  return 'done';
}

async function work(log: string): Promise<unknown> {
  for (;;) {
    const limits = { count: 1 + Math.floor(Math.random() * 6), bytes: 1e6, lingerMs: 0, endsWhenEmpty: true };
    const taken = await queue.take({ group: 'default', from: 'beginning', ...limits, signal });
    if (taken === undefined) return 'empty';
    const texts = taken.messages.map(({ body }) => body.toString());
    const say = (what: string) =>
      appendFileSync(log, texts.map((text) => `${what} ${text} ${process.pid}\n`).join(''));
    say('take');
    if (Math.random() < 0.3) await sleep(Math.random() * 5);
    const chance = Math.random();
    if (chance < 0.15) {
      say('end');
      await taken.giveBack({ delayMs: Math.random() * 5, tries: 0, delays: 0 });
    } else if (chance < 0.3 && texts.length > 1) {
      say('end');
      await taken.halve(0);
    } else {
      say('done');
      if (chance < 0.4 && texts.length === 1) await taken.bury({ tries: 0, status: 65, stderr: '' });
      else await taken.acknowledge();
    }
  }
}

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(await follow(JSON.parse(line)))}\n`);
await queue.close();
