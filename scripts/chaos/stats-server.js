/** A server like serve-stats that remembers each acknowledged row, separately for each room. */

import { once } from 'node:events';
import { createServer } from 'node:http';

/** @typedef {import('./run.js').Room} Room */

/**
 * @typedef {object} Shelf
 * @property {Set<string>} rows lines of CSV
 * @property {boolean} isDown
 */

/** @type {Map<string, Shelf>} */
const shelves = new Map();
/** @type {Promise<number> | undefined} */
let port;

/** The server's data for a room. @param {Room} room @returns {Shelf} */
export function shelfOf({ id }) {
  const shelf = shelves.get(id) ?? { rows: new Set(), isDown: false };
  shelves.set(id, shelf);
  return shelf;
}

/** The URL to post the rows of a room to. @param {Room} room @returns {Promise<string>} */
export async function statsUrl(room) {
  shelfOf(room);
  port ??= listen();
  return `http://127.0.0.1:${await port}/api/stats?room=${encodeURIComponent(room.id)}`;
}

async function listen() {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return address.port;
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(request, response) {
  try {
    const id = new URL(request.url ?? '', 'http://host').searchParams.get('room') ?? '';
    const shelf = shelves.get(id);
    let body = '';
    for await (const chunk of request) body += chunk;
    if (shelf === undefined || shelf.isDown) {
      response.writeHead(503).end('down\n');
      return;
    }
    const rows = body.split('\n').slice(1, -1);
    for (const row of rows) shelf.rows.add(row);
    const text = JSON.stringify({ inserted: rows.length, replaced: 0, kept: 0, rejected: [] });
    response.writeHead(200, { 'content-type': 'application/json' }).end(`${text}\n`);
  } catch {
    // The client was killed.
    response.destroy();
  }
}
