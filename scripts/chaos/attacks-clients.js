/** Attacks by clients: what is done to serve-stats, while a good client goes on posting and asking. */

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { compareSets, endFindings } from './findings.js';
import { HEADER, hours, statsOf, table } from './jobs-load.js';
import { textOf } from './read.js';
import { post, startServer, stopServer } from './serving.js';

/** @typedef {import('node:net').Socket} Socket */
/** @typedef {import('./lab.js').Attack} Attack */
/** @typedef {import('./lab.js').Lab} Lab */
/** @typedef {import('./findings.js').Finding} Finding */

const ATTACK_MS = 4000;
/** What /healthz takes longer for is no answer. */
const HEALTH_MS = 5000;
const MOST_MEMORY_KB = 800 << 10;

class Siege {
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

  /** A connection that writes this, and reads nothing. @param {string | Buffer} [text] */
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

  /** Posts a body, whatever the answer is. @param {string | Buffer} body @param {Record<string, string>} [headers] */
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
      // It is not the one that is asked whether it is well.
    }
  }

  end() {
    this.#ended = true;
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** @param {string} headers each with its line end */
const getting = (headers) => `GET /api/stats.csv HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}`;
const TOKEN = 'a-token';
/** Near the most that Node takes. */
const BLANKS = ' '.repeat(15_000);
const POSTING = 'POST /api/stats HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/csv\r\n';

/** Ten connections that send the same headers again and again. @param {string} headers */
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
const SIEGES = {
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

/**
 * @param {string} store
 * @param {(path: string) => string} stored
 * @returns {Attack}
 */
const besieged = (store, stored) => ({
  family: 'hostile client',
  subject: `serve-stats ${store}`,
  isAlone: true,
  plan: async () =>
    Object.entries(SIEGES).map(([name, attack]) => ({
      name,
      play: (lab) => play(lab, store, stored, attack),
    })),
});

/**
 * @param {Lab} lab
 * @param {string} store
 * @param {(path: string) => string} stored
 * @param {(siege: Siege) => unknown} attack
 * @returns {Promise<Finding[]>}
 */
async function play(lab, store, stored, attack) {
  const room = lab.newRoom();
  const served = await startServer(room, [store], { patienceMs: 120_000, token: TOKEN });
  if (served.url === undefined) throw new Error(`it did not start: ${(await served.end).stderr}`);
  /** @type {string[]} */
  const must = [];
  /** @type {string[]} */
  const may = [];
  /** @type {Finding[]} */
  const found = [];
  await keep(0);
  const siege = new Siege(served.url);
  const attacking = Promise.resolve(attack(siege)).catch(() => {});
  const until = performance.now() + ATTACK_MS;
  for (let at = 1; performance.now() < until && found.length === 0; at++) {
    await checkHealth();
    await keep(at);
    await sleep(100);
  }
  siege.end();
  await attacking;
  const kilobytes = memoryOf(served.child.pid);
  if (kilobytes > MOST_MEMORY_KB)
    found.push({ kind: 'other', text: `it took ${Math.round(kilobytes / 1024)} MB of memory` });
  const stopping = performance.now();
  const end = await stopServer(served);
  if (performance.now() - stopping > 20_000) found.push({ kind: 'hung', text: 'it did not end on SIGTERM' });
  found.push(...endFindings(end));
  if (end.signal !== 'SIGTERM')
    found.push({ kind: 'other', text: `it ended by itself: ${end.status ?? end.signal}` });
  const rows = stored(room.path(store))
    .split('\n')
    .filter((row) => row.startsWith('good'));
  found.push(...compareSets('store', rows.map((row) => `${row}\n`).join(''), { must, may }));
  lab.remove(room.folder);
  return found;

  /** @param {number} at */
  async function keep(at) {
    const rows = hours(at, 1, at, 'good');
    may.push(...rows.map((row) => `${row}\n`));
    if (await post(served, table(rows))) must.push(...rows.map((row) => `${row}\n`));
  }

  async function checkHealth() {
    const began = performance.now();
    try {
      const answer = await fetch(new URL('healthz', served.url), { signal: AbortSignal.timeout(20_000) });
      await answer.text();
    } catch (error) {
      found.push({ kind: 'hung', text: `/healthz: ${error instanceof Error ? error.message : error}` });
      return;
    }
    const tookMs = performance.now() - began;
    if (tookMs > HEALTH_MS)
      found.push({ kind: 'hung', text: `/healthz took ${Math.round(tookMs / 1000)} s` });
  }
}

/** In kilobytes, the most so far. @param {number | undefined} pid */
function memoryOf(pid) {
  try {
    return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Columns that were added come behind those of every row. @param {string} path */
const csvRows = (path) =>
  textOf(path)
    .split('\n')
    .map((row) => row.split(',').slice(0, 8).join(','))
    .join('\n');

export const clientAttacks = [besieged('st.db', statsOf), besieged('st.csv', csvRows)];
