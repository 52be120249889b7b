/** Behaviours of hostile servers: slow, wrong, or endless responses. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';

/** @typedef {import('node:net').Socket} Socket */

const BLOCK = 'x'.repeat(1 << 16);

/** @param {string} status @param {string} body @param {string} [headers] */
const answer = (status, body, headers = '') =>
  `HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n${headers}\r\n${body}`;

/** @param {Socket} socket @param {() => string | Buffer} next @param {number} everyMs */
function drip(socket, next, everyMs) {
  const timer = setInterval(() => socket.write(next()), everyMs);
  socket.once('close', () => clearInterval(timer));
}

/** @param {Socket} socket @param {string | Buffer} block sent as fast as possible, without end */
function flood(socket, block) {
  const pour = () => {
    while (socket.writable && socket.write(block));
  };
  socket.on('drain', pour);
  pour();
}

const CAPTIVE = '<html><head><title>Welcome</title></head><body>Please log in</body></html>';
/** A gigabyte of zeros. */
const bomb = () => gzipSync(Buffer.alloc(1 << 30), { level: 9 });
/** @type {Buffer | undefined} */
let packed;

/**
 * What a server does on a connection after a request.
 *
 * @type {Readonly<Record<string, (socket: Socket) => unknown>>}
 */
export const BEHAVIOURS = {
  'never answers': () => {},
  'hangs up': (socket) => socket.destroy(),
  'hangs up politely': (socket) => socket.end(),
  'headers without end': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    drip(socket, () => `X-${Math.random()}: ${'y'.repeat(20)}\r\n`, 20);
  },
  'a flood of headers': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    flood(socket, `X-Flood: ${'y'.repeat(8000)}\r\n`);
  },
  'half an answer': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"inserted":'),
  'half an answer, then silence': (socket) =>
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"inserted":'),
  'one byte at a time': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
    drip(socket, () => '1', 50);
  },
  'a body without end': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n');
    flood(socket, BLOCK);
  },
  'chunks that are none': (socket) =>
    socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n12\r\n'),
  rubbish: (socket) => socket.end(Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7919) % 256))),
  'a mail server': (socket) => socket.end('220 mail.example.org ESMTP\r\n'),
  'a gzip bomb': (socket) => {
    packed ??= bomb();
    socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n`);
    socket.end(packed);
  },
  'a captive portal': (socket) => socket.end(answer('200 OK', CAPTIVE, 'Content-Type: text/html\r\n')),
  'a captive portal that redirects': (socket) =>
    socket.end(answer('302 Found', '', 'Location: http://login.example.invalid/\r\n')),
  'redirects to itself': (socket) => socket.end(answer('307 Temporary Redirect', '', 'Location: /\r\n')),
  'an empty 200': (socket) => socket.end(answer('200 OK', '')),
  'JSON of somebody else': (socket) =>
    socket.end(answer('200 OK', '{"status":"ok"}', 'Content-Type: application/json\r\n')),
  ...Object.fromEntries(
    [
      ...['400 Bad Request', '401 Unauthorized', '403 Forbidden', '404 Not Found', '405 Method Not Allowed'],
      ...['409 Conflict', '410 Gone', '413 Payload Too Large', '415 Unsupported Media Type'],
      ...[
        '422 Unprocessable Content',
        '429 Too Many Requests',
        '500 Internal Server Error',
        '503 Unavailable',
      ],
    ].map((status) => [
      `answers ${status}`,
      (/** @type {Socket} */ socket) =>
        socket.end(answer(status, CAPTIVE, 'Retry-After: 100000\r\nContent-Type: text/html\r\n')),
    ]),
  ),
};

/** A server on loopback. @param {(socket: Socket) => unknown} behave */
export async function hostile(behave) {
  /** @type {Set<Socket>} */
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    // Requests of these tools fit into the first chunk.
    socket.once('data', () => behave(socket));
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
