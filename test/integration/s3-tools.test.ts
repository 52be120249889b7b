/** The programs with S3: kills, a server that goes away, whole pipelines, and other people's clients. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ended, privateFolder, root, run, shell, start } from '../harness.ts';
import { killAgainAndAgain, killAll } from '../processes.ts';
import { seeded } from '../random.ts';
import { hasServer, printed } from '../servers.ts';
import { hasS3, s3Server } from './s3-server.ts';

const MIB = 1 << 20;
const MESSAGES = 4000;
const KILLS = 40;

describe.runIf(hasS3())('lake-put and lake-get with S3', () => {
  const server = s3Server();
  const newBucket = () => {
    const bucket = server.newBucket();
    const read = (name: string) => readFileSync(join(bucket.folder, name), 'utf8');
    return { ...bucket, read, address: `s3://${bucket.name}/a/` };
  };

  it('print the addresses of objects in their order, each when it is there', async () => {
    const { address, names, read } = newBucket();
    const lines = Array.from({ length: 200 }, (_, at) => `{"id":${at}}\n`);
    const child = start('lake-put', [address, '--ndjson', '--batch', '2', '--name', '{id}'], {
      env: server.env(),
    });
    const first = new Promise<Buffer>((resolve) => child.stdout?.once('data', resolve));
    const end = ended(child);
    child.stdin?.write(lines.slice(0, 2).join(''));
    expect(String(await first)).toBe(`${address}0\n`);
    child.stdin?.end(lines.slice(2).join(''));
    const { stdout, ...rest } = await end;
    expect(rest).toEqual({ status: 0, signal: null, stderr: '' });
    const ids = Array.from({ length: 100 }, (_, at) => 2 * at);
    expect(stdout).toBe(ids.map((id) => `${address}${id}\n`).join(''));
    expect(names().length).toBe(100);
    expect(read('a/198')).toBe('{"id":198}\n{"id":199}\n');
    const got = await run('lake-get', ['-'], { env: server.env(), stdin: stdout });
    expect(got).toEqual({ status: 0, signal: null, stdout: lines.join(''), stderr: '' });
  });

  it('divide records by day as into a folder', async () => {
    const cwd = await privateFolder();
    const { address, names, read } = newBucket();
    const stdin = Array.from(
      { length: 50 },
      (_, at) => `{"t":"2026-11-2${at % 3}T00:00:00Z","n":${at}}\n`,
    ).join('');
    const words = ['--csv', '--fields', 'n', '--by', 'date', '--time', 't', '--gzip'];
    const here = await run('lake-put', ['b/a/', ...words], { cwd, stdin });
    const there = await run('lake-put', [address, ...words], { env: server.env(), stdin });
    expect(there).toEqual({ ...here, stdout: here.stdout.replaceAll('b/a/', address) });
    for (const name of names()) expect(read(name)).toBe(readFileSync(join(cwd, 'b', name), 'utf8'));
    expect(names().length).toBe(3);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'leave nothing of a long object at %s once the next one is there',
    async (signal) => {
      const { address, names, uploads } = newBucket();
      const child = start('lake-put', [`${address}big`], { env: server.env() });
      const end = ended(child);
      child.stdin?.write(Buffer.alloc(20 * MIB));
      for (let tries = 0; (await uploads()).length === 0; tries++) {
        if (tries > 1000) throw new Error('no upload has begun');
        await sleep(10);
      }
      child.kill(signal);
      expect(await end).toMatchObject({ signal, stdout: '' });
      expect(names()).not.toContain('a/big');
      if (signal === 'SIGTERM') expect([names(), await uploads()]).toEqual([[], []]);
      expect(
        await run('lake-put', [`${address}big`], { env: server.env(), stdin: Buffer.alloc(20 * MIB) }),
      ).toMatchObject({ status: 0 });
      expect([names(), await uploads()]).toEqual([['a/big'], []]);
    },
  );

  it('wait for a server that comes back, and lose nothing', async () => {
    const { address, names, uploads } = newBucket();
    const lines = Array.from({ length: 3000 }, (_, at) => `{"id":${at}}\n`);
    const child = start('lake-put', [address, '--ndjson', '--batch', '3', '--name', '{id}'], {
      env: server.env(),
    });
    const end = ended(child);
    for (let at = 0; at < lines.length; at += 1000) {
      child.stdin?.write(lines.slice(at, at + 1000).join(''));
      await sleep(150);
      await server.crash();
      await sleep(300);
      await server.start();
    }
    child.stdin?.end();
    const { stdout, ...rest } = await end;
    expect(rest).toEqual({ status: 0, signal: null, stderr: '' });
    expect(stdout.split('\n').length).toBe(1001);
    const got = await run('lake-get', ['-'], { env: server.env(), stdin: stdout });
    expect(got.stdout).toBe(lines.join(''));
    expect([names().filter((name) => name.startsWith('a/')).length, await uploads()]).toEqual([1000, []]);
  });

  it('end with 75 when it stays away for longer than --wait', async () => {
    const { address } = newBucket();
    await server.crash();
    const env = server.env();
    for (const stdin of [Buffer.from('x'), Buffer.alloc(9 * MIB)]) {
      const { status, stdout, stderr } = await run('lake-put', [`${address}a`, '--wait', '300ms'], {
        env,
        stdin,
      });
      expect([status, stdout]).toEqual([75, '']);
      expect(stderr).toMatch(
        /^lake-put: s3:\/\/\S+\/a\/a: http:\/\/127\.0\.0\.1:\d+\S*: connection refused\n$/,
      );
    }
    expect((await run('lake-get', [`${address}a`, '--wait', '300ms'], { env })).status).toBe(75);
    await server.start();
  });

  it('tell why a server refuses, and no secret', async () => {
    const { address } = newBucket();
    const env = { ...server.env(), AWS_SECRET_ACCESS_KEY: 'another-secret' };
    const { status, stdout, stderr } = await run('lake-put', [address], { env, stdin: 'x' });
    expect([status, stdout]).toEqual([69, '']);
    expect(stderr).toMatch(/^lake-put: s3:\/\/[^\n]*SignatureDoesNotMatch[^\n]*\n$/);
    expect(stderr).not.toContain('another-secret');
    const none = { AWS_ENDPOINT_URL: server.endpoint(), AWS_EC2_METADATA_DISABLED: 'true' };
    expect(await run('lake-get', [`${address}a`], { env: none })).toMatchObject({
      status: 69,
      stderr: expect.stringContaining('(set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE)'),
    });
    const malformed = { ...server.env(), AWS_ENDPOINT_URL_S3: 'nowhere' };
    expect(await run('lake-put', [address], { env: malformed, stdin: 'x' })).toMatchObject({ status: 78 });
  });

  it('have each message of a queue in one object, though takers are killed again and again', async () => {
    const cwd = await privateFolder();
    const { address, names, read, uploads } = newBucket();
    const lines = Array.from({ length: MESSAGES }, (_, at) => `{"id":${at},"text":"message ${at}"}\n`).join(
      '',
    );
    expect(await run('queue-put', ['rc.queue'], { cwd, stdin: lines })).toMatchObject({ status: 0 });
    const mark = `QUEUE_TO_S3=${process.pid}`;
    onTestFinished(() => killAll(mark));
    const options = { cwd, env: { ...server.env(), QUEUE_TO_S3: String(process.pid) } };
    const put = ['--', 'lake-put', address, '--csv', '--fields', 'id,text'];
    const words = [
      'rc.queue',
      '--batch',
      '50',
      '--linger',
      '0',
      '--retries',
      '1000',
      '--exit-when-empty',
      ...put,
    ];
    const random = seeded(16);
    let isOver = false;
    const taking = (async () => {
      for (;;) {
        const end = await run('queue-take', words, options);
        if (end.status !== null && end.status !== 75) return end;
      }
    })().finally(() => {
      isOver = true;
    });
    await killAgainAndAgain(mark, { kills: KILLS, pauseMs: 150, random, isOver: () => isOver });
    expect(await taking).toMatchObject({ status: 0 });
    const objects = names().filter((name) => name.startsWith('a/'));
    const ids = objects.flatMap((name) => parse(read(name), { from: 2 }).map(([id]: string[]) => Number(id)));
    expect([ids.length, new Set(ids).size]).toEqual([MESSAGES, MESSAGES]);
    expect(await uploads()).toEqual([]);
  });

  describe('the scripts', () => {
    const runScript = (name: string, env: Record<string, string>) =>
      shell(join(root, 'scripts', name), { env: { ...server.env(), ...env } });

    it('posts_to_database.sh', async () => {
      const [home, bucket] = [await privateFolder(), newBucket()];
      const first = await runScript('posts_to_database.sh', { ETL_HOME: home, LAKE: bucket.address });
      expect(first).toMatchObject({ status: 0, stderr: '' });
      expect(bucket.names().length).toBe(1);
      const there = await run('lake-get', [`s3://${bucket.name}/${bucket.names()[0]}`], {
        env: server.env(),
      });
      expect(JSON.parse(there.stdout)).toHaveLength(100);
    });

    it('recentchange_to_lake.sh', async () => {
      const [home, bucket] = [await privateFolder(), newBucket()];
      const end = await runScript('recentchange_to_lake.sh', { ETL_HOME: home, LAKE: bucket.address });
      expect(end).toMatchObject({ status: 0, stderr: '' });
      const rows = bucket.names().flatMap((name) => parse(bucket.read(name), { from: 2 }));
      expect(rows).toHaveLength(1000);
    });
  });

  describe.runIf(hasServer('clients'))("other people's clients", () => {
    const folder = () => printed('clients');
    const client = (command: string, env: Record<string, string> = {}) =>
      shell(command, {
        env: { ...server.env(), AWS_REGION: 'us-east-1', PATH: `${folder()}:${process.env.PATH}`, ...env },
      });
    const big = 'seq 3000000';

    it('aws-cli lists and reads what is written here, and the other way round', async () => {
      const bucket = newBucket();
      const put = `${big} | lake-put s3://$B/a/big --wait 5s && echo '{"id":1}' | lake-put s3://$B/a/ --csv --fields id`;
      expect(await client(put, { B: bucket.name, PATH: `${root}/bin:${process.env.PATH}` })).toMatchObject({
        status: 0,
      });
      const listed = await client(`aws s3 ls --recursive s3://$B/`, { B: bucket.name });
      expect(listed.stdout).toMatch(/ 22888896 a\/big\n$/);
      expect(
        await client(`aws s3 cp --quiet s3://$B/a/big - | cmp - <(${big})`, { B: bucket.name }),
      ).toMatchObject({ status: 0 });
      const theirs = `${big} | aws s3 cp - s3://$B/theirs/big && echo x | aws s3 cp - s3://$B/theirs/ü`;
      expect(await client(theirs, { B: bucket.name })).toMatchObject({ status: 0 });
      const got = await shell(`lake-get s3://$B/theirs/big | cmp - <(${big}) && lake-get s3://$B/theirs/ü`, {
        env: { ...server.env(), B: bucket.name },
      });
      expect(got).toMatchObject({ status: 0, stdout: 'x\n' });
    });

    it('boto3 reads and writes objects with each kind of checksum', async () => {
      const bucket = newBucket();
      const put = await run('lake-put', [`${bucket.address}ours`], { env: server.env(), stdin: 'ours\n' });
      expect(put).toMatchObject({ status: 0 });
      const kinds = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'];
      const script = `
import boto3, sys
s3 = boto3.client('s3')
sys.stdout.write(s3.get_object(Bucket='${bucket.name}', Key='a/ours', ChecksumMode='ENABLED')['Body'].read().decode())
for kind in ${JSON.stringify(kinds)}:
  s3.put_object(Bucket='${bucket.name}', Key=kind, Body=kind.encode(), ChecksumAlgorithm=kind)
`;
      const end = await client(`python3 - <<'END'\n${script}\nEND`);
      expect(end).toMatchObject({ status: 0, stdout: 'ours\n', stderr: '' });
      for (const kind of kinds) {
        const got = await run('lake-get', [`s3://${bucket.name}/${kind}`], { env: server.env() });
        expect(got).toEqual({ status: 0, signal: null, stdout: kind, stderr: '' });
      }
    });
  });
});
