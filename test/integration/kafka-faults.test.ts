/** Brokers that are killed, members that come, go and sleep, and all that is refused. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { ended, privateFolder, run, shell, start, until } from '../harness.ts';
import { it, kafkaCommand, kafkaServer, topicOf } from './kafka-topics.ts';

const kafka = kafkaServer();

function lines(count: number, prefix = 'm'): string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}${at}`);
}

function joined(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}

async function stat(topic: string): Promise<unknown> {
  return JSON.parse((await run('queue-stat', [topic, '--json'])).stdout);
}

async function takeAll(topic: string): Promise<string[]> {
  const { stdout } = await run('queue-take', [topic, '--group', 'all', '--exit-when-empty']);
  return stdout.split('\n').filter(Boolean);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

it('a broker killed and started again in the middle of a put: each message is there once, in order', async () => {
  const topic = await kafka.newTopic(1);
  const child = start('queue-put', [topic, '--batch', '50', '--linger', '5ms', '--wait', '1m']);
  const end = ended(child);
  const all = lines(20_000);
  const feed = (async () => {
    for (let at = 0; at < all.length; at += 200) {
      child.stdin?.write(
        all
          .slice(at, at + 200)
          .map((line) => `${line}\n`)
          .join(''),
      );
      await sleep(10);
    }
    child.stdin?.end();
  })();
  await sleep(300);
  await kafka.tell('crash');
  await sleep(500);
  await kafka.tell('start');
  await feed;
  expect(await end).toMatchObject({ status: 0, stderr: '' });
  expect(await takeAll(topic)).toEqual(all);
});

it('a broker killed and started again in the middle of a take: none is lost, and none comes twice', async () => {
  const cwd = await privateFolder();
  const topic = await kafka.newTopic(2);
  const all = lines(3000);
  await run('queue-put', [topic], { stdin: joined(all) });
  const words = [
    topic,
    '--batch',
    '20',
    '--wait',
    '1m',
    '--exit-when-empty',
    '--',
    'sh',
    '-c',
    'cat >>taken; sleep 0.01',
  ];
  const end = ended(start('queue-take', words, { cwd }));
  await until(() => read(join(cwd, 'taken')).length > 1000, 'some are taken');
  await kafka.tell('crash');
  await sleep(500);
  await kafka.tell('start');
  expect(await end).toMatchObject({ status: 0 });
  expect(read(join(cwd, 'taken')).split('\n').filter(Boolean).toSorted()).toEqual(all.toSorted());
});

it('a broker that does not answer: 75 after the time to wait', async () => {
  const topic = await kafka.newTopic();
  await run('queue-put', [topic], { stdin: 'a\n' });
  await kafka.tell('stop');
  for (const [tool, ...words] of [['queue-put'], ['queue-take', '--exit-when-empty']] as const) {
    const found = await run(tool, [topic, '--wait', '1s', ...words], { stdin: 'x\n' });
    expect([tool, found.status, found.stdout]).toEqual([tool, 75, '']);
  }
  await kafka.tell('continue');
  expect((await takeAll(topic))[0]).toBe('a');
});

it('no broker: 75 after the time to wait, and nothing is put', async () => {
  for (const [tool, ...words] of [
    ['queue-put'],
    ['queue-stat'],
    ['queue-take', '--exit-when-empty'],
    ['queue-make'],
  ] as const) {
    const found = await run(tool, ['kafka://127.0.0.1:9/t', '--wait', '300ms', ...words], { stdin: 'x\n' });
    expect([tool, found.status]).toEqual([tool, 75]);
    expect(found.stderr).toMatch(/kafka:\/\/127\.0\.0\.1:9\/t: .*ECONNREFUSED/);
  }
});

it('a taker killed between write and acknowledgement: the very same batch comes again', async () => {
  const cwd = await privateFolder();
  const topic = await kafka.newTopic(1, '?session=1s');
  await run('queue-put', [topic], {
    stdin: lines(25)
      .map((line) => `${line}\n`)
      .join(''),
  });
  const write = 'cat >"$ETL_BATCH"; echo "$ETL_BATCH $ETL_COUNT" >>log';
  const killed = start('queue-take', [topic, '--batch', '10', '--', 'sh', '-c', `${write}; sleep 60`], {
    cwd,
  });
  await until(() => read(join(cwd, 'log')) !== '', 'a batch is written');
  killed.kill('SIGKILL');
  await ended(killed);
  // More messages, and another size: what began as a batch stays one.
  const words = [topic, '--batch', '7', '--exit-when-empty', '--', 'sh', '-c', write];
  expect(await run('queue-take', words, { cwd })).toMatchObject({ status: 0 });
  const log = read(join(cwd, 'log')).trim().split('\n');
  expect(log.map((line) => line.split(' ')[1])).toEqual(['10', '10', '7', '7', '1']);
  expect(log[0]).toBe(log[1]);
  const files = readdirSync(cwd).filter((name) => name !== 'log');
  expect(files.flatMap((name) => read(join(cwd, name)).trim().split('\n')).toSorted()).toEqual(
    lines(25).toSorted(),
  );
});

it('two takers while members come and go: nothing is lost, also of batches in work', async () => {
  const cwd = await privateFolder();
  const topic = await kafka.newTopic(4, '?session=1s');
  const all = lines(400);
  for (let at = 0; at < 4; at++)
    await run('queue-put', [topic], {
      stdin: all
        .slice(at * 100, at * 100 + 100)
        .map((line) => `${line}\n`)
        .join(''),
    });
  const words = [
    topic,
    '--batch',
    '10',
    '--exit-when-empty',
    '--',
    'sh',
    '-c',
    'cat >>"$ETL_BATCH"; sleep 0.1',
  ];
  const first = ended(start('queue-take', words, { cwd }));
  await sleep(700);
  const second = start('queue-take', words, { cwd });
  const third = ended(start('queue-take', words, { cwd }));
  await sleep(2500);
  second.kill('SIGTERM');
  const ends = await Promise.all([first, third]);
  expect(ends.map(({ status }) => status)).toEqual([0, 0]);
  const found = readdirSync(cwd).flatMap((name) => read(join(cwd, name)).trim().split('\n'));
  expect([...new Set(found)].toSorted()).toEqual(all.toSorted());
  expect(await stat(topic)).toMatchObject({ ready: 0, next: 400, end: 400 });
});

it('a command that takes longer than the session runs once', async () => {
  const cwd = await privateFolder();
  const topic = await kafka.newTopic(1, '?session=1s');
  await run('queue-put', [topic], { stdin: 'a\n' });
  const words = [topic, '--exit-when-empty', '--', 'sh', '-c', 'cat >>taken; sleep 5'];
  expect(await run('queue-take', words, { cwd })).toMatchObject({ status: 0, stderr: '' });
  expect(read(join(cwd, 'taken'))).toBe('a\n');
});

it('a taker that sleeps longer than its session: another one does its work, and it says so and goes on', async () => {
  const cwd = await privateFolder();
  const topic = await kafka.newTopic(1, '?session=1s');
  await run('queue-put', [topic], { stdin: 'a\n' });
  const words = [topic, '--', 'sh', '-c', 'cat >>taken; while [ ! -e go ]; do sleep 0.05; done'];
  const sleeping = start('queue-take', words, { cwd });
  let said = '';
  sleeping.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const end = ended(sleeping);
  await until(() => read(join(cwd, 'taken')) === 'a\n', 'it is taken');
  sleeping.kill('SIGSTOP');
  const other = [topic, '--exit-when-empty', '--', 'sh', '-c', 'cat >>taken'];
  expect(await run('queue-take', other, { cwd })).toMatchObject({ status: 0 });
  sleeping.kill('SIGCONT');
  await shell('touch go', { cwd });
  await run('queue-put', [topic], { stdin: 'b\n' });
  await until(() => read(join(cwd, 'taken')) === 'a\na\nb\n', 'it goes on');
  // It goes on while what it acknowledged is still on its way.
  await until(() => said.includes('partition 0 was given to another taker'), 'it says so');
  sleeping.kill('SIGTERM');
  expect(await end).toMatchObject({ signal: 'SIGTERM' });
});

it('a message that is longer than the topic takes is rejected with its number', async () => {
  const topic = await kafka.newTopic();
  const stdin = `a\n${'x'.repeat(2 << 20)}\nb\n`;
  const { status, stderr } = await run('queue-put', [topic, '--max-size', '4M'], { stdin });
  expect(stderr).toMatch(/stdin:2: .*longer than the topic allows/);
  expect(status).toBe(0);
  expect(await takeAll(topic)).toEqual(['a', 'b']);
});

it('a message that is as long as the topic takes is put aside as it came, when nobody can use it', async () => {
  const topic = await kafka.newTopic();
  const long = 'x'.repeat(1_048_450);
  await run('queue-put', [topic, '--max-size', '2M'], { stdin: `${long}\nb\n` });
  const words = [topic, '--exit-when-empty', '--', 'sh', '-c', 'cat >/dev/null; exit 65'];
  const { status, stderr } = await run('queue-take', words);
  expect([status, stderr]).toEqual([0, expect.stringContaining('message 0: too long for headers')]);
  expect((await takeAll(`${topic}.dead`)).sort()).toEqual(['b', long]);
});

it('a topic of small batches takes many messages', async () => {
  const name = `small${Date.now()}`;
  const create = `--create --topic ${name} --config max.message.bytes=2000`;
  await kafkaCommand('TopicCommand', `--bootstrap-server ${kafka.brokers()} ${create}`);
  const topic = `kafka://${kafka.brokers()}/${name}`;
  const all = lines(2000);
  expect(await run('queue-put', [topic], { stdin: joined(all) })).toMatchObject({ status: 0, stderr: '' });
  expect(await takeAll(topic)).toEqual(all);
});

it('credentials: those that are wrong are 69, and nothing secret is said', async () => {
  const topic = topicOf(await kafka.newTopic());
  const address = (user: string, parameters = '') =>
    `kafka://${user}@${kafka.guarded()}/${topic}${parameters}`;
  const put = (to: string, env: Record<string, string>) =>
    run('queue-put', [to, '--wait', '2s'], { stdin: 'a\n', env });
  expect(await put(address('etl'), { ETL_KAFKA_PASSWORD: 'secret' })).toMatchObject({
    status: 0,
    stderr: '',
  });
  const wrong = await put(address('etl'), { ETL_KAFKA_PASSWORD: 'hunter2hunter2' });
  expect(wrong.status).toBe(69);
  expect(wrong.stderr).not.toMatch(/hunter2/);
  expect(wrong.stderr).toMatch(/authentication failed: .*Invalid username or password/);
  expect((await put(address('etl'), {})).status).toBe(78);
  expect((await put(address('etl:hunter2'), {})).status).toBe(64);
  expect((await put(address('etl', '?sasl=scram-sha-256'), { ETL_KAFKA_PASSWORD: 'secret' })).status).toBe(
    69,
  );
});

it('a topic that is missing is 69 with a hint, and is not made', async () => {
  const missing = `kafka://${kafka.brokers()}/tpoic`;
  for (const [tool, ...words] of [
    ['queue-put'],
    ['queue-take'],
    ['queue-stat'],
    ['queue-take', '--peek'],
  ] as const) {
    const { status, stderr } = await run(tool, [missing, ...words], { stdin: 'x\n' });
    expect([tool, status]).toEqual([tool, 69]);
    expect(stderr).toContain(`no topic tpoic (make it: queue-make '${missing}')`);
  }
  expect(await run('queue-make', [missing, '--drop', '--yes'])).toMatchObject({ status: 0 });
});

it('a topic from which somebody takes is not deleted (75)', async () => {
  const topic = await kafka.newTopic();
  const drop = () => run('queue-make', [topic, '--drop', '--yes']);
  await run('queue-put', [topic], { stdin: 'a\n' });
  const taker = start('queue-take', [topic, '--group', 'g']);
  const end = ended(taker);
  await new Promise((resolve) => taker.stdout?.once('data', resolve));
  expect(await drop()).toMatchObject({
    status: 75,
    stderr: `queue-make: ${topic}: in use (by group g)\n`,
  });
  taker.kill('SIGTERM');
  await end;
  expect(await drop()).toMatchObject({ status: 0, stderr: '' });
  expect((await run('queue-stat', [topic])).status).toBe(69);
});

it('a command without a place for dead letters is 69 at the start', async () => {
  const name = `bare${Date.now()}`;
  await kafkaCommand(
    'TopicCommand',
    `--bootstrap-server ${kafka.brokers()} --create --topic ${name} --partitions 1`,
  );
  const topic = `kafka://${kafka.brokers()}/${name}`;
  await run('queue-put', [topic], { stdin: 'a\n' });
  const { status, stderr } = await run('queue-take', [topic, '--', 'cat']);
  expect([status, stderr]).toEqual([69, expect.stringContaining(`no topic ${name}.dead`)]);
  const words = [topic, '--dead', 'none', '--exit-when-empty', '--', 'cat'];
  expect(await run('queue-take', words)).toMatchObject({ status: 0, stdout: 'a\n' });
});

it('what Kafka cannot is 64, a topic of another shape 65', async () => {
  const topic = await kafka.newTopic();
  for (const words of [
    ['--id', 'hash'],
    ['--delay', '1s'],
  ])
    expect((await run('queue-put', [topic, ...words], { stdin: '' })).status).toBe(64);
  expect((await run('queue-make', [topic, '--max-bytes', '1G'])).status).toBe(64);
  expect((await run('queue-put', [`${topic}?acks=1`], { stdin: '' })).status).toBe(64);
  expect((await run('queue-make', [topic, '--partitions', '7'])).status).toBe(65);
  for (const keep of ['1d', '1G']) {
    expect((await run('queue-make', [topic, '--keep', keep])).status).toBe(65);
    const kept = `${topic}-${keep}`;
    for (const _ of ['made', 'there'])
      expect((await run('queue-make', [kept, '--keep', keep])).status).toBe(0);
  }
});

it('a topic that has more partitions than before is taken as a whole', async () => {
  const topic = await kafka.newTopic(1, '?session=1s');
  const cwd = await privateFolder();
  const taker = start('queue-take', [topic], { cwd });
  let taken = '';
  taker.stdout?.on('data', (chunk) => {
    taken += chunk;
  });
  await run('queue-put', [topic], { stdin: 'a\n' });
  await until(() => taken === 'a\n', 'it takes');
  await kafkaCommand(
    'TopicCommand',
    `--bootstrap-server ${kafka.brokers()} --alter --topic ${topicOf(topic)} --partitions 3`,
  );
  await run('queue-put', [topic, '--key-separator', ':'], {
    stdin: lines(20)
      .map((line) => `${line}:b\n`)
      .join(''),
  });
  await until(() => taken === `a\n${'b\n'.repeat(20)}`, 'it takes from all');
  taker.kill('SIGTERM');
});
