/** Attacks by hostile clients: connections, headers and bodies that cost the server more than the client. */

import { connect } from 'node:net';
import { HEADER, hours, table } from './jobs-load.js';

/** @typedef {import('node:net').Socket} Socket */

/** The connections of an attack. */
export class Siege {
  /** @type {Set<Socket>} */
  #sockets = new Set();
  #ended = false;

  /** @param {string} url */
  constructor(url) {
    this.url = new URL(url);
  }

  get isOver() {
    return this.#ended;
  }

  /** A connection that writes this text, and reads nothing. @param {string | Buffer} [text] */
  open(text = '') {
    const socket = connect(Number(this.url.port), '127.0.0.1');
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    this.#sockets.add(socket);
    if (text !== '') socket.write(text);
    return socket;
  }

  /** @param {Socket} socket @param {() => string} next @param {number} everyMs */
  drip(socket, next, everyMs) {
    const timer = setInterval(() => socket.writable && socket.write(next()), everyMs);
    socket.once('close', () => clearInterval(timer));
  }

  /** Posts a body, and ignores the response. @param {string | Buffer} body @param {Record<string, string>} [headers] */
  async post(body, headers = {}) {
    try {
      const response = await fetch(new URL('api/stats', this.url), {
        method: 'POST',
        headers: { 'content-type': 'text/csv', authorization: `Bearer ${TOKEN}`, ...headers },
        body,
        signal: AbortSignal.timeout(15_000),
      });
      await response.text();
    } catch {
      // Only the well-behaved client's requests are checked.
    }
  }

  end() {
    this.#ended = true;
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** @param {string} headers each with its line break */
const getting = (headers) => `GET /api/stats.csv HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}`;
/** The server's token: even clients that know it must not be able to block it. */
export const TOKEN = 'a-token';
/** Close to Node's header limit. */
const BLANKS = ' '.repeat(15_000);
const POSTING = 'POST /api/stats HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/csv\r\n';

/** Ten connections that send the same headers over and over. @param {string} headers */
const repeating = (headers) => (/** @type {Siege} */ siege) => {
  const request = `${headers}Content-Length: 0\r\n\r\n`;
  times(10, () => siege.drip(siege.open(request), () => request, 300));
};

/** @param {number} from @param {number} count @param {(at: number) => string} name */
const names = (from, count, name) => Array.from({ length: count }, (_, at) => name(from + at));

/** @param {number} count @param {() => unknown} work */
function times(count, work) {
  for (let at = 0; at < count; at++) work();
}

/** @type {Readonly<Record<string, (siege: Siege) => unknown>>} */
export const SIEGES = {
  'idle connections': (siege) => times(600, () => siege.open()),
  'slow headers': (siege) =>
    times(300, () => siege.drip(siege.open('GET / HTTP/1.1\r\n'), () => `X-${Math.random()}: y\r\n`, 500)),
  'half bodies': (siege) =>
    times(200, () =>
      siege.open(`${POSTING}Authorization: Bearer ${TOKEN}\r\nContent-Length: 1000000\r\n\r\n${HEADER}\n`),
    ),
  'slow bodies': (siege) =>
    times(100, () =>
      siege.drip(
        siege.open(`${POSTING}Authorization: Bearer ${TOKEN}\r\nContent-Length: 1000000\r\n\r\n${HEADER}\n`),
        () => 'x',
        200,
      ),
    ),
  'large bodies at once': (siege) =>
    Promise.all(names(0, 12, String).map(() => siege.post(`${HEADER}\n${'x'.repeat(12 << 20)}`))),
  'huge headers': (siege) => times(50, () => siege.open(getting(`X: ${'y'.repeat(1 << 20)}\r\n\r\n`))),
  'many headers': (siege) =>
    times(50, () => siege.open(getting(`${names(0, 2000, (at) => `X-${at}: y\r\n`).join('')}\r\n`))),
  'blanks in Authorization': repeating(`${POSTING}Authorization: Bearer a${BLANKS}b\r\n`),
  'blanks in Content-Type': repeating(
    `${POSTING.replace('text/csv', `text/csv${BLANKS}x`)}Authorization: Bearer ${TOKEN}\r\n`,
  ),
  'blanks in If-None-Match': repeating(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-None-Match: a${BLANKS}b\r\n`),
  'blanks in Accept': repeating(getting(`Accept: a,${BLANKS}b\r\n`)),
  'event streams': (siege) =>
    times(300, () =>
      siege.open('GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n'),
    ),
  'answers that nobody reads': (siege) => {
    for (let at = 0; at < 50; at++) siege.open(getting('\r\n').repeat(40)).pause();
  },
  rubbish: (siege) => {
    for (let at = 0; at < 100; at++) siege.open(Buffer.from(names(0, 5000, String).join('\0')));
  },
  'a column for each row': (siege) => {
    const rows = names(0, 3000, (at) =>
      JSON.stringify({
        ...{ sensor: `c${at}`, window: '1h', start: '2026-11-01T00:00:00Z', end: '2026-11-01T01:00:00Z' },
        ...{ count: 1, min: 1, max: 1, avg: 1, [`column${at}`]: at },
      }),
    );
    return siege.post(rows.join('\n'), { 'content-type': 'application/x-ndjson' });
  },
  'a row of 1,900 columns': async (siege) => {
    for (let part = 0; part < 5 && !siege.isOver; part++) {
      const columns = names(part * 1900, 1900, (at) => `column${at}`);
      const row = `${hours(0, 1, 1, 'wide')[0]}${',1'.repeat(1900)}`;
      await siege.post(`${HEADER},${columns}\n${row}\n`);
    }
  },
  '10,001 sensors': (siege) =>
    siege.post(table(names(0, 10_001, (at) => hours(0, 1, 1, `sensor${at}`)[0] ?? ''))),
  'names that are none': (siege) =>
    siege.post(
      table(['\0', 'a\0b', '"a\nb"', '\ud800', 'rowid'].map((name) => hours(0, 1, 1, name)[0] ?? '')),
    ),
  'questions that are long': async (siege) => {
    for (let at = 0; at < 200 && !siege.isOver; at++)
      siege.open(
        `GET /api/stats?sensor=${'%61'.repeat(3000)}&${'sensor=a&'.repeat(500)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
      );
  },
};
