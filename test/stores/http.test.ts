import { describe, expect, it } from 'vitest';
import { ended, run, start } from '../harness.ts';
import { closedPort, say } from '../http/server.ts';
import { csv, HEADER, hourly } from './rows.ts';
import { startServer } from './server.ts';

const ROW = csv(HEADER, hourly('attic', 0));

function load(address: string, words: readonly string[] = [], env: Record<string, string> = {}) {
  return run('load-stats', ['--to', address, ...words], { stdin: ROW, env });
}

describe('an HTTP store', () => {
  it('says nothing on success, and --on-conflict in the query', async () => {
    const { url, requests } = await startServer();
    expect(await load(url)).toMatchObject({ status: 0, stdout: '', stderr: '' });
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
    [413, 69],
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
    ['breaks the connection', [], 'connection broke off'],
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
