/** An endless event stream, for tests of all tools. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Bytes per event: enough for some thousand events to overflow the pipes. */
const LENGTH = 200;

/** Starts a server that lives as long as this process, without keeping it alive. @returns its address */
export async function eventSource(): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let number = 0;
    const next = () => {
      if (response.destroyed) return;
      let text = '';
      for (let event = 0; event < 100; event++)
        text += `data: {"n":${number++},"küche":"${'x'.repeat(LENGTH)}"}\n\n`;
      if (response.write(text)) setImmediate(next);
      else response.once('drain', next);
    };
    next();
  });
  server.on('connection', (socket) => socket.unref());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
