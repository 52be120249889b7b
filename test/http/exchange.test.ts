import { getEventListeners, once } from 'node:events';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/http/answer.ts';
import { connectionText, exchange, type Message } from '../../src/http/exchange.ts';
import { answer, say, serve, serveTcp } from './server.ts';

const LONG = 'attic,21.5\n'.repeat(50_000);

function ask(
  address: string,
  message: Partial<Message> = {},
  signal = new AbortController().signal,
): Promise<Answer> {
  return exchange({ method: 'GET', url: new URL(address), headers: {}, ...message }, signal);
}

/** A server that says by which connection a request came: the first, the second... */
async function counting() {
  const sockets: Socket[] = [];
  const address = await serve(({ socket, url }, response) => {
    if (!sockets.includes(socket)) sockets.push(socket);
    const number = String(sockets.indexOf(socket) + 1);
    response.writeHead(url === '/204' ? 204 : 200, { 'x-connection': number }).end(number);
  });
  return { address, sockets };
}

describe('a connection', () => {
  it('is used again after a body that was read, discarded, or that there is none of', async () => {
    const { address, sockets } = await counting();
    expect(await text((await ask(address)).body)).toBe('1');
    const discarded = await ask(address);
    discarded.discard();
    await finished(discarded.body);
    const empty = await ask(`${address}/204`);
    await finished(empty.body);
    expect(await text((await ask(address)).body)).toBe('1');
    expect(sockets).toHaveLength(1);
  });

  it('that the server has closed since is not', async () => {
    const { address, sockets } = await counting();
    expect(await text((await ask(address)).body)).toBe('1');
    const [socket] = sockets;
    const closed = socket && once(socket, 'close');
    socket?.end();
    await closed;
    expect(await text((await ask(address)).body)).toBe('2');
  });

  it('that breaks under a request fails it, and nothing is sent twice', async () => {
    const bodies: string[] = [];
    const address = await serve(async (request, response) => {
      bodies.push(await text(request));
      if (bodies.length === 1) response.end();
      else request.socket.destroy();
    });
    await text((await ask(address, { method: 'POST', body: 'a' })).body);
    const broken = ask(address, { method: 'POST', body: 'b' });
    await expect(broken.catch((error) => Promise.reject(connectionText(error)))).rejects.toBe(
      'connection lost',
    );
    expect(bodies).toEqual(['a', 'b']);
  });

  it('is one of many at the same time, without a warning', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    const { signal } = new AbortController();
    const { address, sockets } = await counting();
    await Promise.all(Array.from({ length: 20 }, async () => text((await ask(address, {}, signal)).body)));
    await new Promise(setImmediate);
    process.off('warning', listen);
    expect(warnings).toEqual([]);
    expect(sockets).toHaveLength(20);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a message', () => {
  it('says how long its body is', async () => {
    const lengths: (string | undefined)[] = [];
    const address = await serve(({ headers }, response) => {
      lengths.push(headers['content-length'], headers['transfer-encoding']);
      response.end();
    });
    for (const body of ['é', '', new Uint8Array(70_000)]) await ask(address, { method: 'POST', body });
    await ask(address);
    expect(lengths).toEqual(['2', undefined, '0', undefined, '70000', undefined, undefined, undefined]);
  });

  it.each([
    ['ftp://127.0.0.1/', {}, 'neither http nor https'],
    ['http://127.0.0.1:6000/', {}, 'bad port'],
    ['https://127.0.0.1:22/', {}, 'bad port'],
    ['http://127.0.0.1/', { 'x-room': 'attic\nx: y' }, 'Invalid character in header content ["x-room"]'],
    ['http://127.0.0.1/', { 'x room': 'attic' }, 'Header name must be a valid HTTP token ["x room"]'],
  ])('to %j with %j cannot be sent', async (address, headers, message) => {
    const error: unknown = await ask(address, { headers }).catch((error) => error);
    expect(error).toMatchObject({ message });
    expect(error).not.toHaveProperty('code');
  });
});

describe('an answer', () => {
  it('has the values of a header together', async () => {
    const { headers, statusText } = await ask(
      await say('HTTP/1.1 200 J\u00f6\r\nA: 1\r\na: 2\r\ncontent-length: 0\r\n\r\n', (socket) =>
        socket.end(),
      ),
    );
    expect([headers.get('a'), headers.get('B'), statusText]).toEqual(['1, 2', null, 'J\u00f6']);
  });

  it('may come before all is sent', async () => {
    const address = await serve((_, response) =>
      response.writeHead(413, { connection: 'close' }).end('large'),
    );
    const { status, body } = await ask(address, { method: 'POST', body: new Uint8Array(1 << 22) });
    expect([status, await text(body)]).toEqual([413, 'large']);
  });

  it.each([
    ['a length', 'content-length: 4\r\n\r\n21.5junk', '21.5'],
    ['chunks', 'transfer-encoding: chunked\r\n\r\n4\r\n21.5\r\n0\r\n\r\njunk', '21.5'],
    ['no length', '\r\n21.5', '21.5'],
  ])('of %s ends where it should', async (_, rest, expected) => {
    const address = await say(`HTTP/1.1 200 OK\r\n${rest}`, (socket) => socket.end());
    expect(await text((await ask(address)).body)).toBe(expected);
  });

  it('without a length may end by a reset', async () => {
    let socket: Socket | undefined;
    const port = await serveTcp((connection) => {
      socket = connection;
      connection.once('data', () => connection.write('HTTP/1.1 200 OK\r\n\r\n21.5'));
    });
    const { body } = await ask(`http://127.0.0.1:${port}/`);
    const chunks = body[Symbol.asyncIterator]();
    expect(String((await chunks.next()).value)).toBe('21.5');
    socket?.resetAndDestroy();
    expect(await chunks.next()).toMatchObject({ done: true });
  });

  it.each<[string, string, string]>([
    ['breaks off', 'content-length: 9\r\n\r\n2', 'connection lost'],
    ['breaks off in a chunk', 'transfer-encoding: chunked\r\n\r\n5\r\n21', 'connection lost'],
    [
      'is in no chunks',
      'transfer-encoding: chunked\r\n\r\nzz\r\n',
      'the answer does not match the HTTP/1.1 protocol: Invalid character in chunk size',
    ],
  ])('whose body %s throws to its reader', async (_, rest, message) => {
    const address = await say(`HTTP/1.1 200 OK\r\n${rest}`, (socket) => socket.end());
    const { body } = await ask(address);
    expect(await text(body).catch(connectionText)).toBe(message);
  });

  it.each([
    ['identity', Buffer.from('')],
    ['gzip', gzipSync(LONG).subarray(0, 9)],
    ['deflate', Buffer.from('')],
    ['deflate', deflateSync('21.5').subarray(0, 5)],
    ['deflate, gzip', gzipSync(deflateSync(LONG)).subarray(0, 50)],
  ])('that is sent as %s and discarded before its end closes the connection', async (encoding, bytes) => {
    let closed: Promise<unknown> | undefined;
    const address = await serve(({ socket }, response) => {
      closed = once(socket, 'close');
      response.writeHead(200, { 'content-encoding': encoding }).flushHeaders();
      response.write(bytes);
    });
    (await ask(address)).discard();
    await closed;
  });

  it('that changes the protocol is an error', async () => {
    const head = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n';
    await expect(ask(await say(head, () => {}))).rejects.toThrow('the server switches to another protocol');
  });
});

describe('a signal', () => {
  it.each([
    ['identity', Buffer.from(LONG)],
    ['gzip', gzipSync(LONG)],
    ['deflate', deflateSync(LONG)],
  ])('ends the body that is sent as %s, and its connection', async (encoding, bytes) => {
    let closed: Promise<unknown> | undefined;
    const address = await serve(({ socket }, response) => {
      closed = new Promise((resolve) => socket.once('close', resolve));
      response.writeHead(200, { 'content-encoding': encoding }).write(bytes.subarray(0, bytes.length / 2));
    });
    const stop = new AbortController();
    const { body } = await ask(address, {}, stop.signal);
    const chunks = body[Symbol.asyncIterator]();
    expect((await chunks.next()).done).toBe(false);
    stop.abort(new Error('SIGTERM'));
    await expect(text({ [Symbol.asyncIterator]: () => chunks })).rejects.toThrow('SIGTERM');
    await closed;
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });

  it('ends a request before, while and after it connects', async () => {
    const address = await answer('21.5');
    await expect(ask(address, {}, AbortSignal.abort(new Error('SIGTERM')))).rejects.toThrow('SIGTERM');
    const stop = new AbortController();
    const connecting = ask(address, {}, stop.signal);
    stop.abort(new Error('SIGTERM'));
    await expect(connecting).rejects.toThrow('SIGTERM');
    const later = new AbortController();
    const silent = await serve(() => later.abort(new Error('SIGTERM')));
    await expect(ask(silent, {}, later.signal)).rejects.toThrow('SIGTERM');
    expect([stop, later].flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([]);
  });

  it.each(['identity', 'gzip'])('ends a body of %s that nobody reads yet', async (encoding) => {
    const stop = new AbortController();
    const address = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).flushHeaders();
    });
    const { body } = await ask(address, {}, stop.signal);
    const closed = new Promise((resolve) => body.once('close', resolve));
    stop.abort(new Error('SIGTERM'));
    await closed;
    await expect(text(body)).rejects.toThrow('SIGTERM');
  });
});
