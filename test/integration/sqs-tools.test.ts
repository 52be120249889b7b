/** The queue tools over SQS: what is promised whatever happens to takers and their batches. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ended, privateFolder, type RunOptions, run, start, until } from '../harness.ts';
import { hasServer } from '../servers.ts';
import { nameOf, setAttributes, sqsServer } from './sqs-server.ts';

const clean = { status: 0, stderr: '' };
const numbers = (count: number) => Array.from({ length: count }, (_, at) => `m${at}`);
const lines = (texts: readonly string[]) => texts.map((text) => `${text}\n`).join('');

describe.skipIf(!hasServer('elasticmq'))('the queue tools over SQS', () => {
  const server = sqsServer();

  /** A folder, and the tools in it. */
  async function prepared(end = '', attributes: Record<string, string> = {}) {
    const cwd = await privateFolder();
    const address = await server.newQueue(end);
    if (Object.keys(attributes).length > 0) await setAttributes(server.sqs(), address, attributes);
    const options = (more: RunOptions = {}) => ({ cwd, env: server.env(), ...more });
    return {
      address,
      put: (stdin: string, ...words: string[]) => run('queue-put', [address, ...words], options({ stdin })),
      take: (...words: string[]) => run('queue-take', [address, '--exit-when-empty', ...words], options()),
      begin: (...words: string[]) => start('queue-take', [address, ...words], options()),
      tool: (name: string, ...words: string[]) => run(name, words, options()),
      linesOf: (name: string) =>
        existsSync(join(cwd, name)) ? readFileSync(join(cwd, name), 'utf8').split('\n').filter(Boolean) : [],
    };
  }

  it('lose no message of a taker that is killed between the work and its acknowledgement', async () => {
    const { put, take, linesOf } = await prepared('', { VisibilityTimeout: '2' });
    expect(await put(lines(numbers(40)))).toMatchObject(clean);
    const work = 'cat >> out; [ -e "k$ETL_TRY$(wc -l < out)" ] || [ $(wc -l < out) -gt 60 ] || kill -9 $PPID';
    for (let killed = 0; killed < 3; killed++)
      expect((await take('--batch', '9', '--', 'sh', '-c', work)).signal).toBe('SIGKILL');
    expect(await take('--batch', '9', '--', 'sh', '-c', 'cat >> out')).toMatchObject(clean);
    expect([...new Set(linesOf('out'))].toSorted()).toEqual(numbers(40).toSorted());
  });

  it('run a command once that takes longer than messages are out', async () => {
    const { put, take, linesOf } = await prepared('', { VisibilityTimeout: '2' });
    await put('a\n');
    const work = ['--', 'sh', '-c', 'echo begun >> runs; sleep 6; echo done >> runs'];
    const [first, second] = await Promise.all([take(...work), take(...work)]);
    expect([first, second]).toMatchObject([clean, clean]);
    expect(linesOf('runs')).toEqual(['begun', 'done']);
  });

  it('keep messages out while they wait for others', async () => {
    const { put, take, linesOf } = await prepared('', { VisibilityTimeout: '2' });
    await put('a\n');
    const words = ['--batch', '2', '--linger', '5s', '--', 'sh', '-c', 'cat >> out'];
    expect(await Promise.all([take(...words), take(...words)])).toMatchObject([clean, clean]);
    expect(linesOf('out')).toEqual(['a']);
  });

  it('report a receipt that has expired, and go on', async () => {
    const { put, begin, linesOf } = await prepared('', { VisibilityTimeout: '2' });
    await put('a\n');
    const first = begin('--count', '1', '--', 'sh', '-c', 'echo first >> runs; sleep 5');
    const end = ended(first);
    let said = '';
    first.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    await until(() => linesOf('runs').length > 0, 'begun');
    first.kill('SIGSTOP');
    const second = begin('--count', '1', '--', 'sh', '-c', 'echo second >> runs; sleep 8');
    const secondEnd = ended(second);
    await until(() => linesOf('runs').length > 1, 'taken by the other');
    first.kill('SIGCONT');
    await until(() => said !== '', 'it says so');
    expect(linesOf('runs')).toEqual(['first', 'second']);
    first.kill('SIGTERM');
    expect((await end).stderr).toMatch(/^queue-take: sqs:.*: message [\w-]+ may come again: ReceiptHandle/);
    expect(await secondEnd).toMatchObject(clean);
  });

  it('keep the order of each key when a batch comes again', async () => {
    const { put, take, linesOf } = await prepared('.fifo', { VisibilityTimeout: '3' });
    const all = numbers(60).map((text, at) => `k${at % 3},${text}`);
    expect(await put(lines(all), '--key', '1', '-d,')).toMatchObject(clean);
    const work = 'cat > now$$; if [ $ETL_TRY = 1 ] && grep -q k1, now$$; then exit 1; fi; cat now$$ >> out';
    const killing = `${work}; kill -9 $PPID`;
    await take('--batch', '7', '--linger', '0', '--', 'sh', '-c', killing);
    expect((await take('--batch', '7', '--linger', '0', '-j', '2', '--', 'sh', '-c', work)).status).toBe(0);
    const seen = [...new Set(linesOf('out'))];
    expect(seen.length).toBe(60);
    for (const key of ['k0', 'k1', 'k2']) {
      const own = (texts: readonly string[]) => texts.filter((text) => text.startsWith(key));
      expect(own(seen)).toEqual(own(all));
    }
  });

  it('do not put twice what has the same id, and keep what differs', async () => {
    const { put, take } = await prepared('.fifo');
    for (let time = 0; time < 2; time++)
      expect(await put('a\nb\n', '--group-id', 'all', '--id', 'hash')).toMatchObject(clean);
    await put('same\nsame\n', '--group-id', 'all');
    expect((await take()).stdout).toBe('a\nb\nsame\nsame\n');
  });

  it('bury what the command refuses in the queue of the redrive policy', async () => {
    const { address, put, take, tool } = await prepared();
    await put(lines([...numbers(5), 'bad']));
    const end = await take('--batch', '6', '--', 'sh', '-c', 'if grep bad >&2; then exit 65; fi');
    expect(end).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/message [\w-]+: sh: .*: dead: bad/),
    });
    const stat = async () => JSON.parse((await tool('queue-stat', '--json', address)).stdout);
    expect(await stat()).toMatchObject({ ready: 0, leased: 0, dead: 1, oldest: null, next: null, end: null });
    const dead = await tool('queue-take', `${address}-dead`, '--exit-when-empty', '--envelope');
    expect(JSON.parse(dead.stdout)).toMatchObject({
      body: 'bad',
      headers: { 'dead-status': '65', 'dead-tries': '0', 'dead-stderr': 'bad\n' },
    });
  });

  it('keep a batch for which it is not the time, though the queue counts how often it is received', async () => {
    const { address, put, take, linesOf } = await prepared('', { VisibilityTimeout: '1' });
    const { QueueUrl } = await server.sqs().getQueueUrl({ QueueName: `${nameOf(address)}-dead` });
    const { Attributes } = await server.sqs().getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] });
    const policy = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 1 };
    await setAttributes(server.sqs(), address, { RedrivePolicy: JSON.stringify(policy) });
    await put('a\n');
    const work = 'echo run >> runs; [ $(wc -l < runs) -ge 3 ] || exit 75; cat >> out';
    expect((await take('--', 'sh', '-c', work)).status).toBe(0);
    expect([linesOf('runs').length, linesOf('out')]).toEqual([3, ['a']]);
  });

  it('need a place for dead letters before a message is taken', async () => {
    const { address, tool } = await prepared();
    const bare = `${address}-bare`;
    const { QueueUrl } = await server.sqs().createQueue({ QueueName: nameOf(bare) });
    await server.sqs().sendMessage({ QueueUrl, MessageBody: 'a' });
    const take = (...words: string[]) => tool('queue-take', bare, '--exit-when-empty', ...words);
    expect(await take('--', 'true')).toMatchObject({
      status: 69,
      stderr: expect.stringContaining('has no queue for dead letters: write --dead QUEUE or --dead none'),
    });
    expect(await take('--dead', 'none', '--', 'sh', '-c', 'exit 65')).toMatchObject({ status: 0 });
    const stat = JSON.parse((await tool('queue-stat', '--json', bare)).stdout);
    expect(stat).toMatchObject({ ready: 0, leased: 0, dead: 0 });
  });

  it('reject what SQS does not take, with its number', async () => {
    const { put, take } = await prepared();
    const long = 'x'.repeat((1 << 20) + 1);
    const end = await put(`a\n\n\u0000\n${long}\n\ufffe\nb\n`, '--max-size', '2M');
    expect(end.status).toBe(0);
    expect(end.stderr).toMatch(/stdin:2: SQS takes no empty message\n/);
    expect(end.stderr).toMatch(/stdin:3: SQS takes no character U\+0000: /);
    expect(end.stderr).toMatch(/stdin:4: message and headers are longer than 1048576 bytes/);
    expect(end.stderr).toMatch(/4 of 6 lines rejected: /);
    expect((await take()).stdout.split('\n').toSorted()).toEqual(['', 'a', 'b']);
  });

  it('make queues, leave them as they are, and drop them', async () => {
    const { address, tool } = await prepared();
    const other = `${address}-other`;
    expect(await tool('queue-make', other, '--keep', '2d')).toMatchObject(clean);
    expect(await tool('queue-make', other)).toMatchObject(clean);
    // ElasticMQ does not tell how long it keeps messages, so that it may be what is asked for.
    expect(await tool('queue-make', other, '--keep', '3d')).toMatchObject(clean);
    expect(await tool('queue-make', other, '--partitions', '3')).toMatchObject({ status: 64 });
    expect(await tool('queue-stat', `${other}-dead`)).toMatchObject(clean);
    expect(await tool('queue-stat', other, '--max-age', '5m')).toMatchObject({ status: 64, stdout: '' });
    expect(await tool('queue-make', other, '--drop', '--yes')).toMatchObject(clean);
    for (const name of [other, `${other}-dead`])
      expect(await tool('queue-stat', name)).toMatchObject({
        status: 69,
        stderr: expect.stringContaining(`(make it: queue-make ${name})`),
      });
  });
});
