import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { exchange, type Message } from '../../src/http/exchange.ts';
import { follow } from '../../src/http/redirect.ts';
import { answer, serve } from './server.ts';

const never = new AbortController().signal;
const HEADERS = {
  ...{ 'content-type': 'text/csv', 'content-language': 'de', 'x-room': 'attic' },
  ...{ authorization: 'Bearer s3cret', cookie: 'id=1', 'proxy-authorization': 'Basic s3cret' },
};

interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** A server that answers requests to `/end` and leads others there, or where it is told. */
async function leading(code: number, location = '/end') {
  const seen: Seen[] = [];
  const address = await serve(async (request, response) => {
    const { method, url: path, headers } = request;
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ method, path, body, headers });
    if (path === '/end') response.end('21.5');
    else response.writeHead(code, { location }).end('moved');
  });
  return { address, seen };
}

function ask(address: string, message: Partial<Message> = {}) {
  return follow({ method: 'GET', url: new URL(address), headers: HEADERS, ...message }, never);
}

describe('a redirect', () => {
  it.each([
    [301, 'GET', 'GET'],
    [302, 'GET', 'GET'],
    [303, 'GET', 'GET'],
    [307, 'GET', 'GET'],
    [308, 'GET', 'GET'],
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
    [301, 'DELETE', 'DELETE'],
    [303, 'DELETE', 'GET'],
  ])('by %i of %s is followed by %s', async (code, method, expected) => {
    const { address, seen } = await leading(code);
    const { status } = await ask(address, { method, ...(method === 'POST' && { body: 'rows' }) });
    const { headers, ...last } = seen[1] ?? {};
    expect(status).toBe(200);
    expect(last).toEqual({ method: expected, path: '/end', body: expected === 'POST' ? 'rows' : '' });
    const keepsBody = method === expected;
    expect(headers).toMatchObject({ 'x-room': 'attic', authorization: 'Bearer s3cret', cookie: 'id=1' });
    expect(headers?.['content-type']).toBe(keepsBody ? 'text/csv' : undefined);
    expect(headers?.['content-language']).toBe(keepsBody ? 'de' : undefined);
  });

  it.each([
    [300, { location: '/end' }],
    [304, { location: '/end' }],
    [302, {}],
  ])('is not seen in an answer of %i with %j', async (code, headers) => {
    const { status } = await ask(await answer('', code, headers));
    expect(status).toBe(code);
  });

  it.each([
    ['/a/b?c#d', '/a/b?c'],
    ['?c', '/from?c'],
    ['to', '/to'],
    [Buffer.from('/dé').toString('latin1'), '/d%C3%A9'],
  ])('to %j is one to %j', async (location, expected) => {
    const paths: (string | undefined)[] = [];
    const address = await serve(({ url }, response) => {
      paths.push(url);
      response.writeHead(url === '/from' ? 302 : 200, { location }).end();
    });
    await ask(`${address}/from`);
    expect(paths).toEqual(['/from', expected]);
  });

  it('to another origin takes no credentials along, nor does one back', async () => {
    const home = await leading(302);
    const away = await leading(302, `${home.address}/end`);
    const start = await leading(302, away.address);
    await ask(start.address, { headers: { ...HEADERS, host: 'attic.example' } });
    await ask(home.address);
    const names = ['authorization', 'proxy-authorization', 'cookie'];
    const [elsewhere, last, first] = [away.seen[0], home.seen[0], home.seen[1]];
    for (const { headers } of [elsewhere, last].filter((seen) => seen !== undefined)) {
      expect(Object.keys(headers).filter((name) => names.includes(name))).toEqual([]);
      expect(headers).toMatchObject({ host: expect.stringMatching(/^127/), 'x-room': 'attic' });
    }
    expect(first?.headers).toMatchObject({ authorization: 'Bearer s3cret', cookie: 'id=1' });
  });

  it('is the twentieth at most', async () => {
    const address = await serve(({ url = '' }, response) => {
      const left = Number(url.slice(1));
      response.writeHead(left === 0 ? 200 : 302, { location: `/${left - 1}` }).end();
    });
    expect((await ask(`${address}/20`)).status).toBe(200);
    await expect(ask(`${address}/21`)).rejects.toThrow('too many redirects');
  });

  it.each([
    ['ftp://127.0.0.1/', 'a redirect leads to "ftp://127.0.0.1/"'],
    ['data:,21.5', 'a redirect leads to "data:,21.5"'],
    ['http://me:hunter2@127.0.0.1/', 'a redirect leads to "http://me:***@127.0.0.1/", with credentials'],
    ['http://127.0.0.1:25/', 'bad port'],
    ['http://[::1', 'HTTP 302 leads nowhere: "http://[::1"'],
    ['', 'HTTP 302 leads nowhere: ""'],
  ])('to %j is refused', async (location, message) => {
    await expect(ask(await answer('', 302, { location }))).rejects.toThrow(new Error(message));
  });

  it('is an answer to who does not follow it', async () => {
    const { address } = await leading(302);
    const { status, headers } = await exchange({ method: 'GET', url: new URL(address), headers: {} }, never);
    expect([status, headers.get('Location'), headers.get('age')]).toEqual([302, '/end', null]);
  });
});
