/**
 * A server of events on loopback: sends each client as many events of 170 bytes as its argument says, as fast as they are
 * read. Prints its address, and ends with its stdin.
 */

import { createServer } from 'node:http';

const AT_ONCE = 500;
const PADDING = 'x'.repeat(126);
const count = Number(process.argv[2]);

const server = createServer((request, response) => {
  const last = request.headers['last-event-id'];
  let next = last === undefined ? 0 : Number(last) + 1;
  response.writeHead(next < count ? 200 : 204, { 'content-type': 'text/event-stream' });
  const send = () => {
    while (next < count) {
      let text = '';
      for (let end = Math.min(count, next + AT_ONCE); next < end; next++) text += event(next);
      if (response.write(text)) continue;
      response.once('drain', send);
      return;
    }
    response.end();
  };
  send();
});

/** @param {number} number */
function event(number) {
  return `id: ${number}\ndata: {"meta":{"id":"event-${number}"},"title":"${PADDING}"}\n\n`;
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(`http://127.0.0.1:${address?.port}/`);
});
process.stdin.resume().once('end', () => process.exit());
