/** Three brokers, of which one is killed. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { ended, privateFolder, run, start, until } from '../harness.ts';
import { it, kafkaServer } from './kafka-topics.ts';

const kafka = kafkaServer(3);

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

it.each([1, 2])(
  'broker %i is killed in the middle of a put and a take: all is there, once',
  async (broker) => {
    const cwd = await privateFolder();
    const topic = await kafka.newTopic(6, '?session=3s');
    const all = Array.from({ length: 6000 }, (_, at) => `m${at}`);
    const words = [
      topic,
      '--batch',
      '50',
      '--linger',
      '50ms',
      '--wait',
      '2m',
      '--',
      'sh',
      '-c',
      'cat >>taken',
    ];
    const taker = start('queue-take', words, { cwd });
    const taking = ended(taker);
    const child = start('queue-put', [
      topic,
      '--key-separator',
      ':',
      '--batch',
      '50',
      '--linger',
      '5ms',
      '--wait',
      '2m',
    ]);
    const put = ended(child);
    for (let at = 0; at < all.length; at += 100) {
      child.stdin?.write(
        all
          .slice(at, at + 100)
          .map((line) => `${line}:${line}\n`)
          .join(''),
      );
      if (at === 1500) await kafka.tell(`crash ${broker}`);
      await sleep(20);
    }
    child.stdin?.end();
    expect(await put).toMatchObject({ status: 0, stderr: '' });
    const taken = () => read(join(cwd, 'taken')).split('\n').filter(Boolean);
    await until(() => taken().length >= all.length, 'all are taken', 120_000);
    taker.kill('SIGTERM');
    expect(await taking).toMatchObject({ signal: 'SIGTERM' });
    expect(taken().toSorted()).toEqual(all.toSorted());
    const { stdout } = await run('queue-take', [
      topic,
      '--group',
      'other',
      '--exit-when-empty',
      '--wait',
      '1m',
    ]);
    expect(stdout.split('\n').filter(Boolean).toSorted()).toEqual(all.toSorted());
    await kafka.tell(`start ${broker}`);
  },
);
