/** Three brokers, of which one is killed. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { ended, privateFolder, run, shell, start, until } from '../harness.ts';
import { it, kafkaCommand, kafkaServer } from './kafka-topics.ts';

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
    await until(() => taken().length >= all.length, 'all are taken');
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

it('a partition without a leader holds up no other: takers go on, and puts without key', async () => {
  const name = `away${Date.now()}`;
  const create = `--create --topic ${name} --replica-assignment 1,2,3`;
  await kafkaCommand('TopicCommand', `--bootstrap-server ${kafka.brokers()} ${create}`);
  const topic = `kafka://${kafka.brokers()}/${name}?session=3s`;
  for (const partition of [0, 1, 2])
    await shell(`echo m${partition} | kcat -P -b ${kafka.brokers()} -t ${name} -p ${partition}`);
  await kafka.tell('crash 3');
  const all = await run('queue-take', [topic, '--exit-when-empty', '--linger', '0', '--wait', '5s']);
  expect([all.status, all.stdout.split('\n').toSorted()]).toEqual([75, ['', 'm0', 'm1']]);
  expect(all.stderr).toContain('partition 2 has no leader');
  const taker = start('queue-take', [topic, '--group', 'g', '--linger', '0', '--wait', '1s']);
  const end = ended(taker);
  let taken = '';
  taker.stdout?.on('data', (chunk) => {
    taken += chunk;
  });
  const has = (...lines: string[]) => lines.every((line) => taken.split('\n').includes(line));
  await until(() => has('m0', 'm1'), 'the others are taken');
  for (const at of [1, 2, 3, 4])
    expect((await run('queue-put', [topic], { stdin: `later${at}\n` })).status).toBe(0);
  const keyed = Array.from({ length: 9 }, (_, at) => `k${at}:keyed\n`).join('');
  const put = await run('queue-put', [topic, '--key-separator', ':', '--wait', '1s'], { stdin: keyed });
  expect(put).toMatchObject({ status: 75, stderr: expect.stringContaining('partition 2 has no leader') });
  await until(() => has('later1', 'later2', 'later3', 'later4'), 'they are taken');
  await kafka.tell('start 3');
  await until(() => has('m2'), 'it goes on with the partition');
  taker.kill('SIGTERM');
  const { stderr } = await end;
  expect(stderr.match(/only partition 2 waits/g)).toHaveLength(1);
});
