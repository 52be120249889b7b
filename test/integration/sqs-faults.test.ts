/** A server of SQS that dies and comes back, that refuses, and that is not there. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ended, privateFolder, run, start, until } from '../harness.ts';
import { hasServer } from '../servers.ts';
import { sqsServer } from './sqs-server.ts';

const COUNT = 1200;
const all = Array.from({ length: COUNT }, (_, at) => `m${at}`);
const input = all.map((text) => `${text}\n`).join('');

describe.skipIf(!hasServer('elasticmq'))('a server of SQS that dies', () => {
  const server = sqsServer('elasticmq', 'durable');
  const restart = async () => {
    await server.tell('crash');
    await server.tell('start');
  };

  /** Puts all messages; `during` is called when some of them are there. */
  async function put(address: string, wait: string, during: () => Promise<unknown>) {
    const child = start('queue-put', [address, '--wait', wait], { env: server.env() });
    const end = ended(child);
    const half = input.indexOf(`m${COUNT / 2}\n`);
    child.stdin?.write(input.slice(0, half));
    await stored(address);
    await during();
    child.stdin?.end(input.slice(half));
    return end;
  }

  async function stored(address: string): Promise<void> {
    for (;;) {
      const { stdout } = await run('queue-stat', [address, '--json'], { env: server.env() });
      if (JSON.parse(stdout).ready > 100) return;
    }
  }

  async function drained(address: string): Promise<Set<string>> {
    const end = await run('queue-take', [address, '--exit-when-empty'], { env: server.env() });
    expect(end).toMatchObject({ status: 0, stderr: '' });
    return new Set(end.stdout.split('\n').filter(Boolean));
  }

  it('while messages are put: they are put when it comes back in time', async () => {
    const address = await server.newQueue();
    expect(await put(address, '60s', restart)).toMatchObject({ status: 0, stderr: '' });
    expect((await drained(address)).size).toBe(COUNT);
  });

  it('while messages are put: else the status is 75, and all are there that it says', async () => {
    const address = await server.newQueue();
    const end = await put(address, '1s', () => server.tell('crash'));
    const [, said, seen] = /(\d+) of (\d+) messages are stored\n$/.exec(end.stderr) ?? [];
    expect([end.status, end.stderr]).toEqual([75, expect.stringContaining(`sqs://`)]);
    expect(Number(said)).toBeGreaterThan(0);
    expect(Number(said)).toBeLessThan(Number(seen));
    await server.tell('start');
    const found = await drained(address);
    expect(all.slice(0, Number(said)).filter((text) => !found.has(text))).toEqual([]);
  });

  it('while messages are taken: 75 after the time that it is waited for, and none is lost', async () => {
    const cwd = await privateFolder();
    const address = await server.newQueue();
    expect((await run('queue-put', [address], { stdin: input, env: server.env() })).status).toBe(0);
    // So that there is time to stop the server before all are taken.
    const work = ['--batch', '50', '--', 'sh', '-c', 'cat >> out; sleep 0.15'];
    const words = [address, '--exit-when-empty', '--wait', '1s', ...work];
    const taking = ended(start('queue-take', words, { cwd, env: server.env() }));
    const out = () => {
      try {
        return readFileSync(join(cwd, 'out'), 'utf8').split('\n').filter(Boolean);
      } catch {
        return [];
      }
    };
    await until(() => out().length > 300, 'taken');
    await server.tell('crash');
    expect(await taking).toMatchObject({
      status: 75,
      stderr: expect.stringMatching(/: connection refused\n$/),
    });
    await server.tell('start');
    const again = ended(
      start('queue-take', [address, '--exit-when-empty', '--wait', '60s', ...work], {
        cwd,
        env: server.env(),
      }),
    );
    await until(() => out().length > 800, 'taken again');
    await restart();
    expect((await again).status).toBe(0);
    expect(new Set(out()).size).toBe(COUNT);
  });

  it('missing queues are no queues to be', async () => {
    for (const words of [['queue-put'], ['queue-take'], ['queue-take', '--', 'true'], ['queue-stat']]) {
      const [tool = '', ...rest] = words;
      const end = await run(tool, ['sqs://nowhere', ...rest], { stdin: 'a\n', env: server.env() });
      expect([end.status, end.stdout]).toEqual([69, tool === 'queue-stat' ? expect.any(String) : '']);
      expect(end.stderr).toContain(
        'sqs://nowhere: QueueDoesNotExist: The specified queue does not exist. (make it: queue-make sqs://nowhere)',
      );
    }
  });
});

describe.skipIf(!hasServer('moto'))('a server of SQS that refuses', () => {
  const server = sqsServer('moto', 'strict');

  it.each(['queue-put', 'queue-take', 'queue-stat', 'queue-make'])(
    'ends %s with 69, without a secret',
    async (tool) => {
      const env = { ...server.env(), AWS_SESSION_TOKEN: 'token-of-etl' };
      const end = await run(tool, ['sqs://q'], { stdin: 'a\n', env });
      expect(end).toMatchObject({ status: 69, stderr: `${tool}: sqs://q: HTTP 403 Forbidden\n` });
      expect(end.stdout + end.stderr).not.toMatch(/of-etl/);
    },
  );

  it('is not asked without credentials', async () => {
    const env = { AWS_ENDPOINT_URL: server.address(), AWS_EC2_METADATA_DISABLED: 'true' };
    expect(await run('queue-stat', ['sqs://q'], { env })).toMatchObject({
      status: 69,
      stderr: expect.stringContaining('(set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE)'),
    });
  });
});
