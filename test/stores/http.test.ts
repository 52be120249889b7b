import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import loadStats from '../../src/tools/load-stats.ts';
import { ended, privateFolder, run, start } from '../harness.ts';
import { closedPort, say } from '../http/server.ts';
import { runHere } from '../in-process.ts';
import { csv, HEADER, hourly } from './rows.ts';
import { startServer } from './server.ts';

const ROW = csv(HEADER, hourly('attic', 0));

function load(address: string, words: readonly string[] = [], env: Record<string, string> = {}) {
  return runHere(loadStats, ['--to', address, ...words], { stdin: ROW, env });
}

describe('an HTTP store', () => {
  it('says nothing on success, and --on-conflict in the query', async () => {
    const { url, requests } = await startServer();
    expect(await run('load-stats', ['--to', url], { stdin: ROW })).toMatchObject({
      status: 0,
      stdout: '',
      stderr: '',
    });
    await load(`${url}?site=1`, ['--on-conflict', 'skip']);
    expect(requests.map((request) => request.url)).toEqual([
      '/api/stats',
      '/api/stats?site=1&on-conflict=skip',
    ]);
  });

  it('sends $ETL_TOKEN, or the credentials of its URL', async () => {
    const { url, requests } = await startServer();
    await load(url);
    await load(url, [], { ETL_TOKEN: 's3cret' });
    await load(url.replace('//', '//me:p%40ss@'), [], { ETL_TOKEN: 's3cret' });
    expect(requests.map(({ authorization }) => authorization)).toEqual([
      undefined,
      'Bearer s3cret',
      `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    ]);
  });

  it.each([
    [400, 69],
    [401, 69],
    [404, 69],
    [410, 69],
    [415, 69],
    [422, 69],
    [408, 75],
    [425, 75],
    [429, 75],
    [500, 75],
    [503, 75],
  ])('takes HTTP %i for %i, and quotes what the server says', async (code, status) => {
    const server = await startServer();
    server.answer = (_, response) => response.writeHead(code).end('row 1: \u001b[31mno\r\nmore words\n');
    expect(await load(server.url)).toMatchObject({
      status,
      stdout: '',
      stderr: `load-stats: ${server.url}: HTTP ${code}: "row 1: \\u001b[31mno"\n`,
    });
  });

  it.each([400, 409, 422])('takes HTTP %i of its own kind for bad rows', async (code) => {
    const server = await startServer();
    server.answer = (_, response) =>
      response.writeHead(code, { 'content-type': 'application/json' }).end('{"error":"count is odd"}\n');
    expect(await load(server.url)).toMatchObject({
      status: 65,
      stdout: '',
      stderr:
        `load-stats: stdin:2: ${server.url}: HTTP ${code}: "count is odd"\n` +
        'load-stats: 1 of 1 line rejected: 1 refused by the store\n',
    });
    expect(server.requests).toHaveLength(1);
  });

  it('sends half as much after HTTP 413, until single rows are too large', async () => {
    const server = await startServer();
    server.answer = async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString();
      const tooLarge = body.includes('huge') || body.length > 250;
      if (!tooLarge) taken.push(...(body.match(/^s\d/gm) ?? []));
      response.writeHead(tooLarge ? 413 : 204).end();
    };
    const taken: string[] = [];
    const rows = ['s0', 's1', 'huge', 's3', 's4', 's5'].map((sensor) => hourly(sensor, 0));
    const end = await run('load-stats', ['--to', server.url], { stdin: csv(HEADER, ...rows) });
    expect(end.status).toBe(0);
    expect(end.stderr).toMatch(/^load-stats: stdin:4: .*: HTTP 413.*\nload-stats: 1 of 6 lines rejected/);
    expect(taken).toEqual(['s0', 's1', 's3', 's4', 's5']);
  });

  it('rejects the rows that the server says it has rejected, by their lines', async () => {
    const server = await startServer();
    const rejected = [
      { line: 3, error: 'no \u001b s3cret' },
      { line: 5, error: 'none' },
    ];
    server.answer = (_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ inserted: 1, replaced: 0, kept: 0, rejected }));
    const stdin = csv(HEADER, hourly('a', 0), hourly('"two\nlines"', 0), hourly('c', 0));
    const cwd = await privateFolder();
    const end = await run('load-stats', ['--to', server.url, '--rejects', 'bad'], {
      ...{ cwd, stdin },
      env: { ETL_TOKEN: 's3cret' },
    });
    expect(end.status).toBe(0);
    const bad = await readFile(join(cwd, 'bad'), 'utf8');
    expect(bad).toBe(csv(hourly('"two\nlines"', 0), hourly('c', 0)));
    expect(end.stderr).toMatch(`load-stats: stdin:3: ${server.url}: "no \\u001b ***"\n`);
  });

  it.each<[string, number, Record<string, string>, string]>([
    ['the page of a captive portal', 200, { 'content-type': 'text/html' }, '<html>Log in!</html>'],
    ['nothing', 200, {}, ''],
    ['JSON of something else', 200, { 'content-type': 'application/json' }, '{"ok":true}'],
    ['what is no JSON', 200, { 'content-type': 'application/json' }, 'ok'],
    [
      'rows that were not sent',
      200,
      { 'content-type': 'application/json' },
      '{"inserted":1,"replaced":0,"kept":0,"rejected":[{"line":9,"error":"no"}]}',
    ],
    ['202', 202, {}, ''],
  ])('takes no rows for stored (69) when it answers %s', async (_, code, headers, body) => {
    const server = await startServer();
    server.answer = (_, response) => response.writeHead(code, headers).end(body);
    const { status, stderr } = await load(server.url);
    expect(status).toBe(69);
    expect(stderr).toMatch(`load-stats: ${server.url}: `);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it('asks again after Retry-After, within --timeout', async () => {
    const server = await startServer();
    server.answer = (_, response) => {
      server.answer = undefined;
      response.writeHead(503, { 'retry-after': '1' }).end();
    };
    const begun = performance.now();
    expect(await load(server.url)).toMatchObject({ status: 0, stderr: '' });
    expect(performance.now() - begun).toBeGreaterThan(1000);
    expect(server.requests).toHaveLength(2);
    server.answer = (_, response) => response.writeHead(429, { 'retry-after': '20' }).end();
    expect(await load(server.url)).toMatchObject({ status: 75 });
    server.answer = (_, response) => response.writeHead(429, { 'retry-after': '0' }).end();
    expect(await load(server.url, ['--timeout', '1s'])).toMatchObject({ status: 75 });
    expect(server.requests.length).toBeLessThan(20);
  });

  it.each(['s3cret\nmore', 's3cret more', 's3cret\r', ' s3cret', 's\u00e9cret'])(
    'refuses (64) a token %j, and shows nothing of it',
    async (token) => {
      const server = await startServer();
      const { status, stderr } = await load(server.url, [], { ETL_TOKEN: token });
      expect({ status, stderr }).toEqual({
        status: 64,
        stderr: 'load-stats: $ETL_TOKEN: not a token: it must be one line of ASCII without blanks\n',
      });
      expect(server.requests).toEqual([]);
    },
  );

  it('takes one line end off a token', async () => {
    const { url, requests } = await startServer();
    await load(url, [], { ETL_TOKEN: 's3cret\n' });
    await load(url, [], { ETL_TOKEN: 's3cret\r\n' });
    expect(requests.map(({ authorization }) => authorization)).toEqual(Array(2).fill('Bearer s3cret'));
  });

  it('follows no redirect (69)', async () => {
    const [server, other] = [await startServer(), await startServer()];
    server.answer = (_, response) => response.writeHead(307, { location: other.url }).end();
    expect(await load(server.url)).toMatchObject({
      status: 69,
      stderr: `load-stats: ${server.url}: HTTP 307: "see ${other.url}"\n`,
    });
    expect(other.requests).toEqual([]);
  });

  it('is not set up (69) when the answer is not HTTP', async () => {
    const address = await say('220 mail.example ESMTP\r\n', (socket) => socket.end());
    const { status, stderr } = await load(address);
    expect(status).toBe(69);
    expect(stderr).toMatch('does not match the HTTP/1.1 protocol');
  });

  it.each<[string, Parameters<typeof load>[1], string]>([
    ['never answers', ['--timeout', '200ms'], 'no answer within 0.2 s'],
    ['takes for ever to say what is wrong', ['--timeout', '3s'], 'HTTP 500: "wait"'],
    ['breaks the connection', [], 'connection lost'],
  ])('is temporary (75) when the server %s', async (what, words, message) => {
    const server = await startServer();
    server.answer = (request, response) => {
      if (what.startsWith('breaks')) request.socket.destroy();
      if (what.startsWith('takes')) response.writeHead(500).write('wait');
    };
    expect(await load(server.url, words)).toMatchObject({
      status: 75,
      stderr: `load-stats: ${server.url}: ${message}\n`,
    });
  });

  it('is temporary (75) when nobody listens', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/`;
    expect(await load(url)).toMatchObject({ status: 75, stderr: `load-stats: ${url}: connection refused\n` });
  });

  it('never shows a secret', async () => {
    const server = await startServer();
    server.answer = (request, response) =>
      response.writeHead(403).end(`no: ${request.headers.authorization} hunter2 s3cret`);
    const env = { ETL_TOKEN: 's3cret' };
    const url = server.url.replace('//', '//me:hunter2@');
    for (const address of [`${server.url}?key=hunter2`, `${url}?key=hunter2`, `${url}#hunter2`]) {
      const { stderr, status } = await load(address, ['-v'], env);
      expect(status).toBe(69);
      expect(stderr).not.toMatch(/s3cret|aHVudGVy|bWU6aHVudGVy/);
      expect(stderr.replace(/: HTTP.*/s, '')).not.toMatch('hunter2');
    }
    const unknown = await load('ftp://me:hunter2@host/x?key=hunter2');
    expect(unknown).toMatchObject({ status: 64, stdout: '' });
    expect(unknown.stderr).toMatch('unknown store: "ftp://me:***@host/x?key=***"');
    expect((await load('http://me:hunter2@host:port/')).stderr).not.toMatch('hunter2');
  });

  it('ends by a signal while the server does not answer', async () => {
    const server = await startServer();
    const child = start('load-stats', ['--to', server.url, '--timeout', '50s']);
    server.answer = () => child.kill('SIGTERM');
    child.stdin?.end(ROW);
    expect(await ended(child)).toMatchObject({ status: null, signal: 'SIGTERM', stderr: '' });
  });

  it('does not wait for the rest of its input when it has failed', async () => {
    const server = await startServer();
    server.answer = (_, response) => response.writeHead(400).end();
    const child = start('load-stats', ['--to', server.url]);
    child.stdin?.write(csv(ROW, hourly('attic', 1)));
    expect(await ended(child)).toMatchObject({ status: 69 });
  });
});
