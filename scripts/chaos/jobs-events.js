/** get-events: passes the events of a stream to a command, and resumes after those that were used. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import { compareSets } from './findings.js';
import { textOf } from './read.js';

/** @typedef {import('./jobs.js').Job} Job */
/** @typedef {import('./jobs.js').Room} Room */

const COUNT = 12;
const EVENTS = Array.from({ length: COUNT }, (_, at) => `{"n":${at + 1},"text":"${'x'.repeat(100)}"}`);
const LINES = EVENTS.map((event) => `${event}\n`);
const COMMAND = ['--', 'buffer-tail', '-n', 'all', 'done'];

/** @type {Promise<string> | undefined} */
let url;

/** A server that sends all events after the last one used, then waits. */
async function listen() {
  const server = createServer((request, response) => {
    const last = Number(request.headers['last-event-id'] ?? 0);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let id = last + 1; id <= COUNT; id++) response.write(`id: ${id}\ndata: ${EVENTS[id - 1]}\n\n`);
    response.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return `http://127.0.0.1:${address.port}/`;
}

/** @param {Room} room @param {readonly string[]} end */
async function getEvents(room, ...end) {
  url ??= listen();
  const words = ['get-events', '--state', 'state', '--batch', '4', '--linger', '50ms', ...end, await url];
  return room.run([...words, ...COMMAND]);
}

/** Each event is used at least once. @type {Job} */
const events = {
  name: 'get-events',
  makesStore: true,
  isGroup: true,
  files: ['state', 'done'],
  async prepare() {},
  act: (room) => getEvents(room, '--count', String(COUNT)),
  // The number of remaining events is unknown.
  repair: (room) => getEvents(room, '--for', '2s'),
  look(room, { acknowledged, repaired }) {
    const must = acknowledged || repaired ? LINES : [];
    return compareSets('done', textOf(room.path('done')), { must, may: LINES });
  },
};

export const eventJobs = [events];
