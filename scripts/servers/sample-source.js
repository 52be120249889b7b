/**
 * A small data source for the sample pipelines, on loopback: synthetic wiki changes as server-sent events, and posts as JSON.
 *
 *     node sample-source.js [EVENTS]
 *
 * Prints its address once it listens, and ends when stdin does: with the script that started it, however that ends.
 *
 *   /recentchange   EVENTS of them (1000), after Last-Event-ID; then 204, which ends a reader for good
 *   /posts          a JSON array of 100 objects
 */

import { createServer } from 'node:http';

const total = Number(process.argv[2] ?? 1000);
const PORTION = 250;

/** @param {number} number */
const change = (number) => ({
  $schema: '/mediawiki/recentchange/1.0.0',
  meta: {
    id: `sample-${number}`,
    domain: number % 50 === 0 ? 'canary' : 'wiki.example',
    dt: new Date(Date.UTC(2026, 10, 21) + number * 250).toISOString(),
  },
  id: 2_000_000_000 + number,
  type: ['edit', 'new', 'log', 'categorize'][number % 4],
  namespace: number % 16,
  title: `Page "${number % 97}", revised`,
  comment: number % 5 === 0 ? 'typo,\nand a line break' : `change ${number}`,
  timestamp: Math.floor((Date.UTC(2026, 10, 21) + number * 250) / 1000),
  user: `User ${number % 31}`,
  bot: number % 3 === 0,
});

/** @param {number} number */
const post = (number) => ({
  id: number,
  title: `Post ${number}`,
  author: `author ${number % 7}`,
  published: new Date(Date.UTC(2026, 0, 1) + number * 3_600_000).toISOString(),
  likes: (number * 7919) % 1000,
  text: `The text of "post" ${number}, in one line.`,
});

const server = createServer((request, response) => {
  if (request.url?.startsWith('/posts') === true) {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(Array.from({ length: 100 }, (_, at) => post(at + 1))));
  } else if (request.url?.startsWith('/recentchange') === true) {
    const last = /"offset":(\d+)/.exec(String(request.headers['last-event-id'] ?? ''))?.[1];
    sendChanges(response, last === undefined ? 0 : Number(last) + 1);
  } else {
    response.writeHead(404).end();
  }
});

/**
 * A portion of the changes; then the connection ends, as Wikimedia's do after some minutes.
 *
 * @param {import('node:http').ServerResponse} response @param {number} first
 */
function sendChanges(response, first) {
  if (first >= total) {
    response.writeHead(204).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.write('retry: 100\n\n');
  for (let number = first; number < Math.min(first + PORTION, total); number++) {
    const id = JSON.stringify([{ topic: 'sample.recentchange', partition: 0, offset: number }]);
    response.write(`event: message\nid: ${id}\ndata: ${JSON.stringify(change(number))}\n\n`);
  }
  response.end();
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}`);
});
process.stdin.on('end', () => process.exit()).resume();
