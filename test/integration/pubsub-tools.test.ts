/** queue-put and queue-take on Pub/Sub, with kills, broken connections, bad credentials, and Google's own client. */

import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ended, privateFolder, until } from '../harness.ts';
import { killAll } from '../processes.ts';
import { good } from '../tools/queue-tools.ts';
import { hasPubsub, PROJECT, pubsubServer, topicOf } from './pubsub-server.ts';
import { tcpProxy } from './tcp-proxy.ts';

const LOG = 'cat >> log';

function lines(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

function numbers(count: number): string {
  return Array.from({ length: count }, (_, at) => `${at}\n`).join('');
}

/** Each once, and in the order of numbers. */
function distinct(texts: readonly string[]): number[] {
  return [...new Set(texts)].map(Number).toSorted((a, b) => a - b);
}

describe.runIf(hasPubsub())('the tools on Pub/Sub', () => {
  const { newTopic, missing, client, tool, start, env, host } = pubsubServer();

  /** A topic with a subscription of a short lease, and a folder for what is taken from it. */
  async function opened(ackDeadlineSeconds = 3) {
    const address = await newTopic();
    const name = `${topicOf(address)}-quick`;
    const [topic] = await client().topic(topicOf(address)).get();
    await topic.createSubscription(name, { ackDeadlineSeconds, enableMessageOrdering: true });
    const cwd = await privateFolder();
    const take = [address, '--group', 'quick', '--dead', 'none'];
    return { address, cwd, log: join(cwd, 'log'), take };
  }

  /** Ends a taker as Ctrl-C does. */
  async function stopped(child: ReturnType<typeof start>) {
    child.kill('SIGTERM');
    return await ended(child);
  }

  it('loses nothing, and keeps keys in order, while takers and their commands are killed', async () => {
    const { address, cwd, log, take } = await opened();
    const mark = `PUBSUB_KILL_TEST=${cwd}`;
    onTestFinished(() => killAll(mark));
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const input = Array.from({ length: 40 }, (_, at) =>
      keys.map((key) => `${key}:${key} ${at}\n`).join(''),
    ).join('');
    const put = tool('queue-put', [address, '--key-separator', ':'], { stdin: input });
    const words = [...take, '--batch', '20', '--linger', '30ms', '--', 'sh', '-c', `${LOG}; sleep 0.02`];
    const begin = () => start('queue-take', words, { cwd, env: { PUBSUB_KILL_TEST: cwd } });
    expect(await put).toEqual(good());
    for (let kill = 0; kill < 6; kill++) {
      const takers = [begin(), begin()];
      const before = lines(log).length;
      await until(() => lines(log).length > before, 'a batch was written');
      await sleep(20 * kill);
      for (const taker of takers) taker.kill('SIGKILL');
      await Promise.all(takers.map(ended));
      await killAll(mark);
    }
    const last = begin();
    await until(() => new Set(lines(log)).size === 200, 'all were taken');
    expect(await stopped(last)).toMatchObject({ signal: 'SIGTERM' });
    for (const key of keys) {
      // First comes first, however often it comes.
      const own = lines(log).filter((line) => line.startsWith(key));
      expect([...new Set(own)]).toEqual(Array.from({ length: 40 }, (_, at) => `${key} ${at}`));
    }
  });

  it('runs a command once that takes longer than the lease, while another taker waits', async () => {
    const { address, cwd, log, take } = await opened();
    expect(await tool('queue-put', [address], { stdin: numbers(3) })).toEqual(good());
    const words = [...take, '--batch', '3', '--linger', '200ms', '--', 'sh', '-c', `sleep 7; ${LOG}`];
    const takers = [start('queue-take', words, { cwd }), start('queue-take', words, { cwd })];
    await until(() => lines(log).length > 0, 'the command has ended');
    await sleep(3000);
    expect(distinct(lines(log))).toEqual([0, 1, 2]);
    expect(lines(log)).toHaveLength(3);
    await Promise.all(takers.map(stopped));
  });

  it('tells of a taker that stood still for longer than its lease; the messages come to another', async () => {
    const { address, cwd, log, take } = await opened();
    expect(await tool('queue-put', [address], { stdin: 'a\n' })).toEqual(good());
    const taker = start(
      'queue-take',
      [...take, '--', 'sh', '-c', `touch begun; until [ -e go ]; do sleep 0.1; done; ${LOG}`],
      {
        cwd,
      },
    );
    await until(() => existsSync(join(cwd, 'begun')), 'the command runs');
    taker.kill('SIGSTOP');
    const other = start('queue-take', [...take, '--count', '1'], { cwd });
    expect(await ended(other)).toEqual(good('a\n'));
    taker.kill('SIGCONT');
    appendFileSync(join(cwd, 'go'), '');
    let said = '';
    taker.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    await until(() => said.includes('\n'), 'it says so');
    expect(said).toMatch(
      /^queue-take: pubsub:\S+: message \w+ may come again: not acknowledged within the lease\n$/,
    );
    await stopped(taker);
    expect(lines(log)).toEqual(['a']);
  });

  it('puts and takes over a connection that breaks; 75 when it is not back within --wait, and nothing is lost', async () => {
    const { address, cwd, log, take } = await opened();
    const proxy = await tcpProxy(host());
    const away = { PUBSUB_EMULATOR_HOST: proxy.address };
    const taker = start(
      'queue-take',
      [...take, '--wait', '30s', '--batch', '100', '--linger', '50ms', '--', 'sh', '-c', LOG],
      {
        cwd,
        env: away,
      },
    );
    const putter = start('queue-put', [address, '--wait', '30s'], { env: away });
    for (let at = 0; at < 300; at++) {
      putter.stdin?.write(`${at}\n`);
      if (at % 100 === 50) {
        await proxy.cut();
        await sleep(300);
        await proxy.mend();
      }
      await sleep(10);
    }
    putter.stdin?.end();
    expect(await ended(putter)).toEqual(good());
    await until(() => new Set(lines(log)).size === 300, 'all were taken');
    // One that was stored when the connection broke is put again.
    expect(lines(log).length).toBeLessThan(900);
    await proxy.cut();
    const put = await tool('queue-put', [address, '--wait', '300ms'], { stdin: 'x\ny\n', env: away });
    expect(put).toMatchObject({
      status: 75,
      stderr: expect.stringMatching(/^queue-put: pubsub:\S+ [^\n]*\n$/),
    });
    await stopped(taker);
    const taken = await tool('queue-take', [...take, '--wait', '300ms'], { env: away });
    expect(taken).toMatchObject({
      status: 75,
      stdout: '',
      stderr: expect.stringMatching(/^queue-take: [^\n]*\n$/),
    });
  });

  it('ends a taker with 75 when the service stays away, after its command has ended', async () => {
    const { address, cwd, log, take } = await opened(600);
    const proxy = await tcpProxy(host());
    const taker = start('queue-take', [...take, '--wait', '500ms', '--', 'sh', '-c', LOG], {
      cwd,
      env: { PUBSUB_EMULATOR_HOST: proxy.address },
    });
    expect(await tool('queue-put', [address], { stdin: 'a\n' })).toEqual(good());
    await until(() => lines(log).length === 1, 'the message was taken');
    await proxy.cut();
    expect(await ended(taker)).toMatchObject({
      status: 75,
      stderr: expect.stringMatching(/^queue-take: [^\n]*\n$/),
    });
  });

  it('keeps a batch that ended with 75, which counts as no failed delivery', async () => {
    const { address, cwd, log, take } = await opened();
    expect(await tool('queue-put', [address], { stdin: 'a\nb\n' })).toEqual(good());
    const command =
      'echo "$ETL_TRY $(wc -l)" >>tries; [ $(wc -l <tries) -gt 2 ] && echo done >>log && exit 0; exit 75';
    const taker = start(
      'queue-take',
      [...take, '--batch', '2', '--linger', '2s', '--', 'bash', '-c', command],
      { cwd },
    );
    await until(() => lines(log).length === 1, 'it has succeeded');
    await stopped(taker);
    expect(lines(join(cwd, 'tries'))).toEqual(['1 2', '1 2', '1 2']);
  });

  it('puts dead letters where the subscription says, or --dead; with neither it does not begin', async () => {
    const { address, cwd } = await opened();
    expect(await tool('queue-put', [address], { stdin: 'good\nbad\n' })).toEqual(good());
    const bad = ['--batch', '2', '--linger', '1s', '--', 'sh', '-c', '! grep bad >&2 || exit 65'];
    const taker = start('queue-take', [address, ...bad], { cwd });
    const dead = await ended(start('queue-take', [`${address}-dead`, '--count', '1', '--envelope'], { cwd }));
    expect(JSON.parse(dead.stdout)).toMatchObject({
      body: 'bad',
      headers: { 'dead-status': '65', 'dead-stderr': 'bad\n' },
    });
    await stopped(taker);
    const none = await tool('queue-take', [address, '--group', 'quick', '--', 'cat'], { cwd });
    expect(none).toMatchObject({
      status: 69,
      stderr: expect.stringContaining(
        '-quick" has no dead letter topic: where do dead letters go? (--dead QUEUE, or none)',
      ),
    });
    const elsewhere = start('queue-take', [address, '--group', 'quick', '--dead', 'dead.queue', ...bad], {
      cwd,
    });
    const letter = await ended(start('queue-take', ['dead.queue', '--count', '1'], { cwd }));
    expect(letter.stdout).toBe('bad\n');
    await stopped(elsewhere);
  });

  it('rejects a message that is too long for Pub/Sub, with its number', async () => {
    const { address } = await opened();
    const stdin = `a\n${'x'.repeat(10_000_001)}\nb\n`;
    const end = await tool('queue-put', [address, '--max-size', '20M', '--verbose'], { stdin });
    expect(end).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('stdin:2: message is longer than 10000000 bytes, the limit of Pub/Sub'),
    });
    const taken = await tool('queue-take', [address, '--count', '2']);
    expect(taken.stdout.split('\n').toSorted()).toEqual(['', 'a', 'b']);
  });

  it('says what it lacks before it begins, and what makes a topic', async () => {
    const address = missing();
    const hint = `pubsub://${PROJECT}/${topicOf(address)}`;
    expect(await tool('queue-put', [address], { stdin: 'a\n' })).toEqual({
      ...{ status: 69, signal: null, stdout: '' },
      stderr: `queue-put: ${address}: no such topic (make it: queue-make ${hint})\n`,
    });
    const words: [string, string[], string][] = [
      ['queue-put', ['--id', 'hash'], 'no memory of ids (--id)'],
      ['queue-put', ['--delay', '1m'], 'no delay (--delay)'],
      ['queue-take', ['--exit-when-empty'], 'no way to tell whether it is empty (--exit-when-empty)'],
      ['queue-take', ['--peek'], 'no way to look at messages (--peek)'],
      ['queue-take', ['--from', 'end'], 'no positions (--from, --seek)'],
      ['queue-stat', [], 'no counts'],
    ];
    for (const [name, options, lack] of words)
      expect(await tool(name, [address, ...options])).toEqual({
        ...{ status: 64, signal: null, stdout: '' },
        stderr: `${name}: ${address}: this kind of queue has ${lack}\n`,
      });
  });

  it('ends with 69 at once without credentials, or with bad ones, and shows nothing of them', async () => {
    const { address, cwd } = await opened();
    const key = '{"type":"service_account","client_email":"a@b","private_key":"geheim-geheim"}';
    writeFileSync(join(cwd, 'key.json'), key);
    writeFileSync(join(cwd, 'broken.json'), 'geheim-geheim');
    const cases: [string | undefined, RegExp][] = [
      [
        undefined,
        /not signed in: no credentials \(set GOOGLE_APPLICATION_CREDENTIALS, or: gcloud auth application-default login\)$/,
      ],
      ['missing.json', /not signed in: the credentials file: no such file or directory$/],
      ['broken.json', /not signed in: the credentials cannot be used$/],
      ['key.json', /not signed in: the credentials cannot be used$/],
    ];
    for (const [file, message] of cases) {
      const signedIn = file === undefined ? {} : { GOOGLE_APPLICATION_CREDENTIALS: join(cwd, file) };
      // If it waited, this test would not end.
      const end = await tool('queue-put', [address, '--wait', '1h'], {
        env: { PUBSUB_EMULATOR_HOST: '', HOME: cwd, ...signedIn },
      });
      expect(end.stderr.trimEnd()).toMatch(message);
      expect([end.status, end.stderr.split('\n').length, end.stderr.includes('geheim')]).toEqual([
        69,
        2,
        false,
      ]);
    }
  });

  it("takes what Google's own client has published, and the other way round", async () => {
    const { address, take } = await opened();
    const topic = client().topic(topicOf(address), { messageOrdering: true });
    await topic.publishMessage({ data: Buffer.from('one'), orderingKey: 'k', attributes: { a: 'b' } });
    await topic.publishMessage({ data: Buffer.from('two'), orderingKey: 'k' });
    const taken = await tool('queue-take', [...take.slice(0, 3), '--count', '2', '--envelope']);
    const messages = taken.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(messages).toMatchObject([
      { queue: address, key: 'k', headers: { a: 'b' }, body: 'one', tries: 0 },
      { key: 'k', headers: {}, body: 'two' },
    ]);
    expect(messages[0].id).not.toBe(messages[1].id);
    await topic.createSubscription(`${topicOf(address)}-google`, { enableMessageOrdering: true });
    expect(await tool('queue-put', [address, '--key-separator', ':'], { stdin: 'k:1\nk:2\nk:3\n' })).toEqual(
      good(),
    );
    const subscription = client().subscription(`${topicOf(address)}-google`);
    const seen: [string, string][] = [];
    subscription.on('message', (message) => {
      seen.push([message.orderingKey ?? '', message.data.toString()]);
      message.ack();
    });
    await until(() => seen.length === 3, 'the client has all');
    await subscription.close();
    expect(seen).toEqual(['1', '2', '3'].map((text) => ['k', text]));
  });

  it('names a batch by the names of its messages', async () => {
    const { address, cwd, log, take } = await opened();
    expect(await tool('queue-put', [address], { stdin: 'a\n' })).toEqual(good());
    const taker = start(
      'queue-take',
      [...take, '--', 'sh', '-c', 'echo "$ETL_BATCH $ETL_COUNT $ETL_FIRST" >>log'],
      { cwd },
    );
    await until(() => lines(log).length === 1, 'it was taken');
    await stopped(taker);
    expect(lines(log)[0]).toMatch(new RegExp(`^${topicOf(address)}-[0-9a-f]{16} 1 $`));
  });

  it('puts 20,000 messages and takes them in little memory', async () => {
    const { address, cwd, log, take } = await opened(60);
    mkdirSync(join(cwd, 'out'));
    expect(await tool('queue-put', [address], { stdin: numbers(20_000) })).toEqual(good());
    const taker = start(
      'queue-take',
      [...take, '--batch', '1000', '--linger', '100ms', '--', 'sh', '-c', LOG],
      { cwd, env: env() },
    );
    await until(() => lines(log).length >= 20_000, 'all were taken');
    const status = readFileSync(`/proc/${taker.pid}/status`, 'utf8');
    expect(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1])).toBeLessThan(200_000);
    await stopped(taker);
    expect(distinct(lines(log))).toHaveLength(20_000);
  });
});
