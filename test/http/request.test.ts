import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Failure, status } from '../../src/failure.ts';
import type { Answer } from '../../src/http/answer.ts';
import {
  NotNow,
  parseEndpoint,
  parseRetryAfter,
  readBody,
  readFirstLine,
  refusal,
  request,
} from '../../src/http/request.ts';
import { privateFolder, run } from '../harness.ts';
import { csv, HEADER, hourly } from '../stores/rows.ts';
import { answer, closedPort, say, serve, serveTls } from './server.ts';

const PEM = fileURLToPath(new URL('self-signed.pem', import.meta.url));
const never = new AbortController().signal;

function get(
  address: string,
  options: Partial<Parameters<typeof request>[1]> = {},
  token = '',
): Promise<Answer> {
  return request(parseEndpoint(address, token), {
    headers: {},
    redirect: 'follow',
    signal: never,
    ...options,
  });
}

/** The whole body, of a request that follows redirects. */
async function textOf(address: string): Promise<string> {
  return readBody(parseEndpoint(address), await get(address), { maxBytes: 1 << 20, signal: never });
}

/** The failure of a request whose answer is refused. */
async function refused(address: string, explanation?: string, token = ''): Promise<Failure> {
  return refusal(
    parseEndpoint(address, token),
    await get(address, { redirect: 'manual' }, token),
    explanation,
  );
}

async function failureOf(outcome: Promise<unknown>): Promise<unknown> {
  return outcome.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  // What a weak reference has held in this turn of the event loop, it holds until the end of it.
  await new Promise(setImmediate);
  collect();
}

describe('an answer', () => {
  it.each([204, 300, 304, 400, 401, 403, 404, 410, 413, 422])('of HTTP %i is refused', async (code) => {
    expect(await refused(await answer('', code))).toMatchObject({ status: status.unavailable });
  });

  it.each([408, 425, 429, 500, 502, 503, 504, 599])('of HTTP %i is not now', async (code) => {
    const failure = await refused(await answer('', code));
    expect(failure).toBeInstanceOf(NotNow);
    expect(failure).toMatchObject({ status: status.temporary, retryAfterMs: undefined });
  });

  it('says when to try again', async () => {
    expect(await refused(await answer('', 503, { 'retry-after': '120' }))).toMatchObject({
      retryAfterMs: 120_000,
    });
  });

  it('is explained by its reason phrase, or by quoted words', async () => {
    const address = await answer('', 404);
    expect((await refused(address)).message).toBe(`${address}: HTTP 404 Not Found`);
    expect((await refused(address, 'no "such" row')).message).toBe(
      `${address}: HTTP 404: "no \\"such\\" row"`,
    );
    expect((await refused(address, '')).message).toBe(`${address}: HTTP 404`);
  });
});

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    ['Sat, 21 Nov 2026 10:04:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 10:03:00 GMT', 0],
    ['soon', undefined],
    ['-1', undefined],
    ['', undefined],
    [null, undefined],
  ])('takes %j for %j ms', (text, expected) => {
    expect(parseRetryAfter(text, Date.UTC(2026, 10, 21, 10, 4))).toBe(expected);
  });
});

describe('a broken request', () => {
  it.each<[string, () => Promise<string>]>([
    ['nobody listens', async () => `http://127.0.0.1:${await closedPort()}`],
    ['the connection is reset', () => say('', (socket) => socket.resetAndDestroy())],
    ['the headers break off', () => say('HTTP/1.1 200 OK\r\ncontent-le', (socket) => socket.end())],
    [
      'the body breaks off',
      () => say('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n2', (socket) => socket.end()),
    ],
    [
      'a compressed body ends early',
      () => answer(gzipSync('21.53').subarray(0, 14), 200, { 'content-encoding': 'gzip' }),
    ],
    ['no TLS is agreed on', async () => (await say('', (socket) => socket.end())).replace('http:', 'https:')],
  ])('is not now when %s', async (_, open) => {
    expect(await failureOf(textOf(await open()))).toBeInstanceOf(NotNow);
  });

  it.each<[string, () => Promise<string>]>([
    ['the certificate is not trusted', () => serveTls(readFileSync(PEM), (_, response) => response.end())],
    ['there is no TLS', async () => (await answer('')).replace('http:', 'https:')],
    ['the answer is not HTTP', () => say('220 mail.example ESMTP\r\n', (socket) => socket.end())],
    ['the body is not in its encoding', () => answer('21.5', 200, { 'content-encoding': 'gzip' })],
    ['redirects never end', () => serve((_, response) => response.writeHead(302, { location: '/' }).end())],
    ['it is redirected to no server', () => answer('', 302, { location: 'ftp://127.0.0.1/' })],
    ['the port is one of another protocol', async () => 'http://127.0.0.1:6667/'],
  ])('is not set up when %s', async (_, open) => {
    expect(await failureOf(textOf(await open()))).toMatchObject({ status: status.unavailable });
  });

  it('is not now after its time, before or in the body', async () => {
    const silent = await serve(() => {});
    expect(await failureOf(get(silent, { timeoutMs: 100 }))).toMatchObject({
      status: status.temporary,
      message: `${silent}: no answer within 0.1 s`,
    });
    const slow = await serve((_, response) => response.writeHead(200).write('2'));
    const response = await get(slow, { timeoutMs: 1500 });
    // Nobody but the answer knows its limit by now.
    await collectGarbage();
    const body = readBody(parseEndpoint(slow), response, { maxBytes: 9, signal: never });
    expect(await failureOf(body)).toBeInstanceOf(NotNow);
  });

  it('has the reason of a signal', async () => {
    const signal = AbortSignal.abort(new Error('SIGTERM'));
    await expect(get(await answer(''), { signal })).rejects.toThrow('SIGTERM');
    const stop = new AbortController();
    const silent = await serve(() => stop.abort(new Error('SIGTERM')));
    await expect(get(silent, { signal: stop.signal, timeoutMs: 50_000 })).rejects.toThrow('SIGTERM');
  });
});

describe('a body', () => {
  it('is text of at most so many bytes', async () => {
    expect(await textOf(await answer('\ufeff21.5 °C'))).toBe('21.5 °C');
    expect(await textOf(await answer(''))).toBe('');
    expect(await textOf(await answer('x'.repeat(1 << 20)))).toHaveLength(1 << 20);
    expect(await failureOf(textOf(await answer('x'.repeat((1 << 20) + 1))))).toMatchObject({
      status: status.unavailable,
      message: expect.stringContaining(': the body is larger than 1 MiB'),
    });
  });

  it('without end is left as soon as it is too large', async () => {
    const address = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('1'.repeat(65_536)));
      };
      response.on('drain', more).on('error', () => {});
      more();
    });
    expect(await failureOf(textOf(address))).toMatchObject({ status: status.unavailable });
    expect(await readFirstLine(await get(address))).toMatch(/^1{4096}/);
  });

  it('has a first line, as far as it comes', async () => {
    expect(await readFirstLine(await get(await answer('\n  no \r\nmore')))).toBe('no');
    expect(await readFirstLine(await get(await answer('')))).toBe('');
    const slow = await serve((_, response) => response.writeHead(500).write('wait'));
    expect(await readFirstLine(await get(slow, { timeoutMs: 1500 }))).toBe('wait');
  });
});

describe('credentials', () => {
  it.each([
    ['http://host/', '', undefined],
    ['http://host/', 's3cret', 'Bearer s3cret'],
    ['http://me:p%40ss@host/', 's3cret', `Basic ${btoa('me:p@ss')}`],
    ['http://token@host/', '', `Basic ${btoa('token:')}`],
    ['http://me:100%25%@host/', '', `Basic ${btoa('me:100%25%')}`],
  ])('of %j and the token %j are %j', (address, token, expected) => {
    const { url, authorization } = parseEndpoint(address, token);
    expect({ url: url.href, authorization }).toEqual({ url: 'http://host/', authorization: expected });
  });

  it('are sent, not to another host', async () => {
    const seen: IncomingHttpHeaders['authorization'][] = [];
    const elsewhere = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    const here = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: elsewhere }).end();
    });
    await get(here.replace('//', '//me:secret@'));
    expect(seen).toEqual([`Basic ${btoa('me:secret')}`, undefined]);
  });

  it('are in no message, though the server repeats them', async () => {
    const address = (await answer('', 403)).replace('//', '//me:hunter2@');
    const said = `no: ${btoa('me:hunter2')} hunter2 s3cret`;
    expect((await refused(address, said, 's3cret')).message).toMatch(
      /: HTTP 403: "no: \*\*\* \*\*\* \*\*\*"$/,
    );
    const token = (await answer('', 403)).replace('//', '//t0ken@');
    expect((await refused(token, 'no t0ken')).message).not.toMatch('t0ken');
  });

  it('are in no message about a token that is no header', async () => {
    const failure = await failureOf(get(await answer(''), {}, 's3cret\nmore'));
    expect(failure).toMatchObject({ status: status.unavailable });
    expect(String(failure)).not.toMatch(/s3cret|more/);
  });
});

/** A TLS server whose certificate nobody vouches for, and the bodies that it was sent. */
async function untrusted() {
  const bodies: string[] = [];
  const address = await serveTls(readFileSync(PEM), async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    bodies.push(Buffer.concat(chunks).toString());
    response.writeHead(204).end();
  });
  return { address, bodies };
}

async function spooled() {
  const cwd = await privateFolder();
  const load = (address: string, stdin: string, env: Record<string, string> = {}) =>
    run('load-stats', ['--to', address, '--spool', 'spool'], { cwd, stdin, env });
  const spool = async () => (await readdir(join(cwd, 'spool'))).filter((name) => !name.startsWith('.'));
  return { load, spool };
}

describe('an untrusted certificate', () => {
  it('ends get-temp with 69', async () => {
    const { address } = await untrusted();
    const { stdout, stderr, status } = await run('get-temp', [address]);
    expect({ stdout, status }).toEqual({ stdout: '', status: 69 });
    expect(stderr).toMatch(`get-temp: ${address}: self-signed certificate`);
  });

  it('ends load-stats with 69', async () => {
    const { address } = await untrusted();
    const { stderr, status } = await run('load-stats', ['--to', address], {
      stdin: csv(HEADER, hourly('a', 0)),
    });
    expect(status).toBe(69);
    expect(stderr).toMatch(`load-stats: ${address}: self-signed certificate`);
  });

  it('lets rows wait in the spool (69), and puts none aside', async () => {
    const { address, bodies } = await untrusted();
    const { load, spool } = await spooled();
    for (const stdin of [csv(HEADER, hourly('a', 0)), csv(HEADER, hourly('b', 0)), '']) {
      const { stderr, status } = await load(address, stdin);
      expect(status).toBe(69);
      expect(stderr).toMatch(/self-signed certificate.*: rows (?:are kept|wait) in spool\n$/);
    }
    expect(await spool()).toEqual(Array(2).fill(expect.stringMatching(/\.csv$/)));
    expect(bodies).toEqual([]);

    const trusted = await load(address, csv(HEADER, hourly('c', 0)), { NODE_EXTRA_CA_CERTS: PEM });
    expect(trusted).toMatchObject({ status: 0, stderr: '' });
    expect(bodies).toEqual(['a', 'b', 'c'].map((sensor) => csv(HEADER, hourly(sensor, 0))));
    expect(await spool()).toEqual([]);
  });
});

describe('an address that leads to no TLS', () => {
  it('is the same: 69, and rows wait', async () => {
    const address = (await answer('21.5')).replace('http:', 'https:');
    expect(await run('get-temp', [address])).toMatchObject({ stdout: '', status: 69 });
    const { load, spool } = await spooled();
    expect(await load(address, csv(HEADER, hourly('a', 0)))).toMatchObject({ status: 69 });
    expect(await spool()).toEqual([expect.stringMatching(/\.csv$/)]);
  });
});
