/** S3 as a lake, on a real server. */

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { status } from '../../src/failure.ts';
import type { Lake, LakeSettings } from '../../src/lakes/lake.ts';
import { openLake } from '../../src/lakes/open.ts';
import { privateFolder, run } from '../harness.ts';
import { lakeContract } from '../lakes/contract.ts';
import { type Fault, faultyS3 } from './s3-faults.ts';
import { hasS3, s3Server } from './s3-server.ts';

const MIB = 1 << 20;

/** Bytes of which no two parts are alike. */
function bytes(length: number, seed = 0): Buffer {
  const buffer = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4096) buffer.writeUInt32LE(at + seed, at);
  return buffer;
}

async function put(lake: Lake, name: string, content: Buffer, known = true): Promise<string> {
  const object = await lake.begin(known ? name : undefined);
  try {
    for (let at = 0; at < content.length; at += 65_536) await object.write(content.subarray(at, at + 65_536));
    return await object.commit(name);
  } finally {
    await object.discard();
  }
}

async function get(lake: Lake, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of lake.get(name)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const digest = (content: Buffer) => createHash('sha256').update(content).digest('hex');

describe.runIf(hasS3())('S3', () => {
  const server = s3Server();

  /** Its variables, which are known only when it runs. */
  const env: LakeSettings['env'] = new Proxy({}, { get: (_, name) => server.env()[String(name)] });

  lakeContract(async () => {
    const { name, names } = server.newBucket();
    return {
      address: `s3://${name}/a/`,
      names: () => names().map((path) => path.replace(/^a\//, '')),
    };
  }, env);

  /** A lake in a bucket, and what it told about retries. */
  async function newLake(settings: Partial<LakeSettings> = {}, bucket = server.newBucket()) {
    const told: string[] = [];
    const lake = await openLake(`s3://${bucket.name}/a/`, {
      ...{ clobber: true, waitMs: 10_000, env, explain: (message) => told.push(message) },
      ...{ signal: new AbortController().signal, ...settings },
    });
    return { lake, bucket, told, read: (name: string) => readFileSync(join(bucket.folder, 'a', name)) };
  }

  /** A lake behind a network that makes trouble. @param faultOf by method and query, and how often it was asked */
  async function withFaults(
    faultOf: (request: string, times: number) => Fault | undefined,
    settings: Partial<LakeSettings> = {},
  ) {
    const times = new Map<string, number>();
    const requests: string[] = [];
    const endpoint = await faultyS3(server.endpoint(), ({ method, url = '' }) => {
      const query = new URL(url, 'http://x').search.replace(/=[^&]*|\?x-id.*|&x-id.*/g, '');
      const request = `${method} ${query}`.trim();
      requests.push(request);
      times.set(request, (times.get(request) ?? 0) + 1);
      return faultOf(request, times.get(request) ?? 0);
    });
    return {
      ...(await newLake({ env: { ...server.env(), AWS_ENDPOINT_URL: endpoint }, ...settings })),
      requests,
    };
  }

  describe('a long object', () => {
    it.each([
      ['in parts while it is written', true],
      ['from a file when its name is known', false],
    ])('is stored %s, and seen when it is complete', async (_, known) => {
      const { lake, bucket, read } = await newLake();
      const content = bytes(20 * MIB + 5);
      expect(await put(lake, 'big', content, known)).toBe('stored');
      expect(digest(read('big'))).toBe(digest(content));
      expect(digest(await get(lake, 'big'))).toBe(digest(content));
      expect(await put(lake, 'big', content, known)).toBe('present');
      expect(await put(lake, 'big', bytes(20 * MIB + 5, 1), known)).toBe('stored');
      expect(digest(read('big'))).toBe(digest(bytes(20 * MIB + 5, 1)));
      expect(await put(lake, 'big', content.subarray(0, 9 * MIB), known)).toBe('stored');
      expect([bucket.names(), await bucket.uploads()]).toEqual([['a/big'], []]);
    });

    it('does not replace another one unless it may', async () => {
      const bucket = server.newBucket();
      const { lake } = await newLake({ clobber: false }, bucket);
      const content = bytes(9 * MIB);
      expect(await put(lake, 'big', content)).toBe('stored');
      expect(await put(lake, 'big', content)).toBe('present');
      await expect(put(lake, 'big', bytes(9 * MIB, 1))).rejects.toMatchObject({
        status: status.unavailable,
        message: `s3://${bucket.name}/a/big: already exists, with other content (--no-clobber)`,
      });
      expect([bucket.names(), await bucket.uploads()]).toEqual([['a/big'], []]);
    });

    it('is one request up to 8 MiB, and parts above', async () => {
      const { lake, requests } = await withFaults(() => undefined);
      await put(lake, 'a', bytes(8 * MIB));
      await put(lake, 'b', bytes(8 * MIB + 1));
      expect(requests.filter((request) => request.startsWith('P'))).toEqual([
        'PUT',
        'POST ?uploads',
        'PUT ?partNumber&uploadId',
        'PUT ?partNumber&uploadId',
        'POST ?uploadId',
      ]);
    });

    it('leaves nothing when it is given up, or its run is ended', async () => {
      const stop = new AbortController();
      const { lake, bucket } = await newLake({ signal: stop.signal });
      const content = bytes(18 * MIB);
      const given = await lake.begin('given');
      await given.write(content);
      expect(await bucket.uploads()).toEqual(['a/given']);
      await given.discard();
      const ended = await lake.begin('ended');
      await ended.write(content);
      stop.abort(new Error('SIGTERM'));
      await expect(ended.commit('ended')).rejects.toThrow('SIGTERM');
      expect([bucket.names(), await bucket.uploads()]).toEqual([[], []]);
    });

    it('is one of many that are written at once, in little memory', async () => {
      const { lake, bucket, read } = await newLake();
      const contents = Array.from({ length: 9 }, (_, at) => bytes(9 * MIB, at));
      const objects = await Promise.all(contents.map((_, at) => lake.begin(`${at}`)));
      for (let from = 0; from < 9 * MIB; from += MIB)
        for (const [at, object] of objects.entries())
          await object.write(contents[at]?.subarray(from, from + MIB) ?? Buffer.alloc(0));
      await Promise.all(objects.map((object, at) => object.commit(`${at}`)));
      for (const [at, content] of contents.entries()) expect(digest(read(`${at}`))).toBe(digest(content));
      expect(await bucket.uploads()).toEqual([]);
    });
  });

  describe('a fault', () => {
    const error = (code: string, message = '') =>
      Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`);

    it('within an answer 200 is a fault: the object is asked to be completed once more', async () => {
      const { lake, told, read, requests } = await withFaults((request, times) =>
        request === 'POST ?uploadId' && times === 1
          ? { answer: (response) => response.writeHead(200).end(error('InternalError', 'try again')) }
          : undefined,
      );
      expect(await put(lake, 'big', bytes(9 * MIB))).toBe('stored');
      expect(told).toEqual([expect.stringContaining('InternalError: try again: trying again')]);
      expect(requests.filter((request) => request === 'POST ?uploadId')).toHaveLength(2);
      expect(read('big').length).toBe(9 * MIB);
    });

    it('that stays is temporary, and leaves nothing', async () => {
      const always = (request: string) =>
        request === 'POST ?uploadId' ? { change: () => error('InternalError') } : undefined;
      const { lake, bucket } = await withFaults(always, { waitMs: 300 });
      const asked = put(lake, 'big', bytes(9 * MIB));
      await expect(asked).rejects.toMatchObject({ status: status.temporary });
      expect(await bucket.uploads()).toEqual([]);
    });

    it('after the object was completed is none', async () => {
      const { lake, read } = await withFaults((request, times) =>
        request === 'POST ?uploadId' && times === 1 ? { cutAt: 0 } : undefined,
      );
      expect(await put(lake, 'big', bytes(9 * MIB))).toMatch(/stored|present/);
      expect(read('big').length).toBe(9 * MIB);
    });

    it('after an upload was begun leaves no second one', async () => {
      const { lake, bucket } = await withFaults((request, times) =>
        request === 'POST ?uploads' && times === 1 ? { cutAt: 0 } : undefined,
      );
      expect(await put(lake, 'big', bytes(9 * MIB))).toBe('stored');
      expect([bucket.names(), await bucket.uploads()]).toEqual([['a/big'], []]);
    });

    it('after a short object was stored is none', async () => {
      const lost = (request: string, times: number) =>
        request === 'PUT' && times === 1 ? { cutAt: 0 } : undefined;
      for (const clobber of [true, false]) {
        const { lake } = await withFaults(lost, { clobber });
        expect(await put(lake, 'a', Buffer.from('x'))).toMatch(/stored|present/);
      }
    });

    it.each([
      ['SlowDown', 503],
      ['InternalError', 500],
      ['ConditionalRequestConflict', 409],
      ['RequestTimeout', 400],
      ['BadDigest', 400],
    ])('such as %s passes', async (code, httpStatus) => {
      const { lake, told } = await withFaults((request, times) =>
        /^PUT|uploads/.test(request) && times === 1
          ? { answer: (response) => response.writeHead(httpStatus).end(error(code)) }
          : undefined,
      );
      await put(lake, 'a', Buffer.from('x'));
      await put(lake, 'big', bytes(9 * MIB));
      expect(told.length).toBeGreaterThan(1);
      expect((await get(lake, 'big')).length).toBe(9 * MIB);
    });

    it('in the middle of an object that is read is repaired from there', async () => {
      const content = bytes(9 * MIB);
      const { lake, told } = await withFaults((request, times) =>
        request === 'GET' && times <= 3 ? { cutAt: 2 * MIB } : undefined,
      );
      await put(lake, 'big', content);
      expect(digest(await get(lake, 'big'))).toBe(digest(content));
      expect(told).toHaveLength(3);
    });

    it.each([
      ['at once', undefined],
      ['after a break', MIB],
    ])('of bytes is found, %s', async (_, cutAt) => {
      const spoil = (body: Buffer) => {
        body.writeUInt8(1, 3 * MIB + 5);
        return body;
      };
      const { lake } = await withFaults((request, times) =>
        request !== 'GET'
          ? undefined
          : times === 1
            ? { ...(cutAt === undefined ? { change: spoil } : { cutAt }) }
            : { change: spoil },
      );
      await put(lake, 'big', bytes(9 * MIB));
      await expect(get(lake, 'big')).rejects.toMatchObject({
        status: status.io,
        message: expect.stringContaining('its bytes do not match its checksum'),
      });
    });

    it('of a server that is down or silent is temporary', async () => {
      const down = await newLake({
        waitMs: 200,
        env: { ...server.env(), AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
      });
      const silent = await withFaults(() => ({ answer: () => {} }), { waitMs: 200 });
      for (const { lake } of [down, silent]) {
        const failure = { status: status.temporary };
        await expect(put(lake, 'a', Buffer.from('x'))).rejects.toMatchObject(failure);
        await expect(put(lake, 'a', bytes(9 * MIB))).rejects.toMatchObject(failure);
        await expect(get(lake, 'a')).rejects.toMatchObject(failure);
      }
    });

    it('of a server that knows no conditions is one only if nothing may be replaced', async () => {
      const faultOf = (request: string, times: number): Fault | undefined =>
        request === 'PUT' && times === 1
          ? { answer: (response) => response.writeHead(501).end(error('NotImplemented', 'If-None-Match')) }
          : undefined;
      const { lake } = await withFaults(faultOf);
      expect(await put(lake, 'a', Buffer.from('x'))).toBe('stored');
      const strict = await withFaults(faultOf, { clobber: false });
      await expect(put(strict.lake, 'a', Buffer.from('x'))).rejects.toMatchObject({
        status: status.unavailable,
      });
    });
  });

  describe('a server that refuses', () => {
    const refused = { status: status.unavailable };

    it('says which bucket is missing, and how it is made', async () => {
      const lake = await openLake('s3://no-such-bucket/', {
        ...{ clobber: true, waitMs: 10_000, env, explain() {}, signal: new AbortController().signal },
      });
      const message = expect.stringContaining('(make it: aws s3 mb s3://no-such-bucket)');
      await expect(put(lake, 'a', Buffer.from('x'))).rejects.toMatchObject({ ...refused, message });
      await expect(put(lake, 'a', bytes(9 * MIB))).rejects.toMatchObject({ ...refused, message });
      await expect(get(lake, 'a')).rejects.toMatchObject({ ...refused, message });
    });

    it.each([
      ['AWS_SECRET_ACCESS_KEY', 'SignatureDoesNotMatch'],
      // As this server calls what S3 calls InvalidAccessKeyId.
      ['AWS_ACCESS_KEY_ID', 'XAdminUserNo'],
    ])('a wrong %s is told, and no secret is', async (variable, code) => {
      const { lake } = await newLake({ env: { ...server.env(), [variable]: 'wrong-and-secret' } });
      for (const content of [Buffer.from('x'), bytes(3 * MIB), bytes(9 * MIB)]) {
        const failure = await put(lake, 'a', content).catch((error: unknown) => error);
        expect(failure).toMatchObject({ ...refused, message: expect.stringContaining(code) });
        expect(String(failure)).not.toContain('secret');
      }
    });
  });

  it('has an endpoint, a region and credentials also from a profile', async () => {
    const [home, bucket] = [await privateFolder(), server.newBucket()];
    const { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret } = server.env();
    const lines = ['[profile etl]', 'region = us-east-1', `endpoint_url = ${server.endpoint()}`];
    lines.push(`aws_access_key_id = ${key}`, `aws_secret_access_key = ${secret}`, '');
    mkdirSync(join(home, '.aws'));
    writeFileSync(join(home, '.aws', 'config'), lines.join('\n'));
    const env = { HOME: home, AWS_PROFILE: 'etl' };
    const address = `s3://${bucket.name}/a`;
    expect(await run('lake-put', [address], { env, stdin: 'x' })).toMatchObject({
      status: 0,
      stdout: `${address}\n`,
    });
    expect(await run('lake-get', [address], { env })).toMatchObject({ status: 0, stdout: 'x' });
  });
});
