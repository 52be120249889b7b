/** Attacks by servers: what get-temp and load-stats ask answers slowly, wrongly, or without end. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { compareSets, endFindings, excerpt } from './findings.js';
import { hours, table } from './jobs-load.js';
import { leftBehind } from './lab.js';
import { ended } from './run.js';
import { shelfOf, statsUrl } from './stats-server.js';

/** @typedef {import('node:net').Socket} Socket */
/** @typedef {import('./lab.js').Attack} Attack */
/** @typedef {import('./findings.js').Finding} Finding */
/** @typedef {import('./run.js').Room} Room */

const MOST_MEMORY_KB = 400 << 10;
const BLOCK = 'x'.repeat(1 << 16);

/** @param {string} status @param {string} body @param {string} [headers] */
const answer = (status, body, headers = '') =>
  `HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n${headers}\r\n${body}`;

/** @param {Socket} socket @param {() => string | Buffer} next @param {number} everyMs */
function drip(socket, next, everyMs) {
  const timer = setInterval(() => socket.write(next()), everyMs);
  socket.once('close', () => clearInterval(timer));
}

/** @param {Socket} socket @param {string | Buffer} block as fast as it is taken, without end */
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
 * What a server does on a connection once a request has come.
 *
 * @type {Readonly<Record<string, (socket: Socket) => unknown>>}
 */
const BEHAVIOURS = {
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

const TOO_LARGE = 'answers 413 Payload Too Large';

/** @param {(socket: Socket) => unknown} behave */
async function hostile(behave) {
  /** @type {Set<Socket>} */
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    // A request of these tools comes with its first bytes.
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

/** Runs a command, and says how much memory it took at most. @param {Room} room @param {readonly string[]} words @param {string} stdin */
async function measured(room, words, stdin) {
  const child = room.start(words);
  let kilobytes = 0;
  const watch = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      kilobytes = Math.max(kilobytes, Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0));
    } catch {
      // It has ended.
    }
  }, 50);
  child.stdin?.end(stdin);
  const end = await ended(child);
  clearInterval(watch);
  const found = endFindings(end);
  if (kilobytes > MOST_MEMORY_KB)
    found.push({ kind: 'other', text: `it took ${Math.round(kilobytes / 1024)} MB of memory` });
  return { end, found };
}

/** @type {Attack} */
const sensors = {
  family: 'hostile server',
  subject: 'get-temp http:',
  plan: async () =>
    Object.entries(BEHAVIOURS).map(([name, behave]) => ({
      name,
      async play(lab) {
        const server = await hostile(behave);
        const room = lab.newRoom();
        const words = ['get-temp', '--timeout', '3s', `${server.url}#/temp`];
        const { end, found } = await measured(room, words, '');
        server.close();
        if (end.status === 0 || end.stdout !== '')
          found.push({ kind: 'other', text: `a reading of nothing: ${end.status} ${excerpt(end.stdout)}` });
        lab.remove(room.folder);
        return found;
      },
    })),
};

const ROWS = hours(0, 50, 10);
const NEXT = hours(500, 1, 20);

/** Rows go to the spool, and after the repair to a server that takes them. @type {Attack} */
const stores = {
  family: 'hostile server',
  subject: 'load-stats --spool',
  plan: async () =>
    Object.entries(BEHAVIOURS).map(([name, behave]) => ({
      name,
      async play(lab) {
        const server = await hostile(behave);
        const room = lab.newRoom();
        const load = (/** @type {string} */ to) => [
          'load-stats',
          '--to',
          to,
          '--spool',
          'spool',
          '--timeout',
          '3s',
        ];
        const { end, found } = await measured(room, load(`${server.url}api/stats`), table(ROWS));
        server.close();
        if (end.status === 0) found.push({ kind: 'other', text: 'it says that all was stored' });
        const repair = await room.run(load(await statsUrl(room)), { stdin: table(NEXT) });
        found.push(...endFindings(repair));
        // Rows of which a single one is too large are put aside, in view of all.
        const aside =
          name === TOO_LARGE ? await room.shell('cat spool/*.refused | grep -v ^sensor,') : undefined;
        const rows = [...shelfOf(room).rows].map((row) => `${row}\n`).join('') + (aside?.stdout ?? '');
        const all = [...ROWS, ...NEXT].map((row) => `${row}\n`);
        found.push(...compareSets('server', rows, { must: all, may: all }));
        const known = [
          'spool',
          'spool/.lock',
          ...(aside === undefined ? [] : ['spool/2*', 'spool/.refused']),
        ];
        for (const left of leftBehind(room.folder, known))
          found.push({ kind: 'other', text: `left behind: ${left.replace(/.*\.csv/, '*.csv')}` });
        lab.remove(room.folder);
        return found;
      },
    })),
};

export const serverAttacks = [sensors, stores];
