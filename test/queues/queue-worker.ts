/** The process of `queue-process.ts`. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { openQueue } from '../../src/queues/open.ts';
import type { TakenBatch } from '../../src/queues/queue.ts';
import type { Order } from './queue-process.ts';

const { signal } = new AbortController();
const settings = { waitMs: 20_000, signal, now: () => Date.now(), warn() {}, explain() {} };
const queue = await openQueue(process.argv[2] ?? '', settings);
let batch: TakenBatch | undefined;

async function follow(order: Order): Promise<unknown> {
  if ('put' in order) {
    const key = order.key === undefined ? {} : { key: order.key };
    const messages = order.put.map((text) => ({ body: Buffer.from(text), ...key }));
    return queue.put(messages, { delayMs: 0, remember: 0 });
  }
  if ('take' in order) {
    const { take: count, group = 'default', wait = false } = order;
    const limits = { count, bytes: 1e6, lingerMs: 0, endsWhenEmpty: !wait, signal };
    batch = await queue.take({ group, from: 'beginning', ...limits });
    return batch?.messages.map(({ body }) => body.toString()) ?? null;
  }
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

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(await follow(JSON.parse(line)))}\n`);
await queue.close();
