/** An event stream from a server that misbehaves, and tools that are restarted whenever they are killed. */

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { type Ended, ended, start } from '../harness.ts';

/** A numbered event, whose comment needs quotes and has line breaks. */
function eventText(number: number): string {
  const body = {
    meta: { id: `event-${number}` },
    id: number,
    comment: `"${number}",\nand more`,
    user: `user ${number % 7}`,
  };
  const id = JSON.stringify([{ topic: 'changes', partition: 0, offset: number }]);
  return `event: message\nid: ${id}\ndata: ${JSON.stringify(body)}\n\n`;
}

/** A server that drops connections in the middle of events, repeats some after a reconnect, and sometimes refuses. */
export async function misbehavingServer(events: number, random: () => number): Promise<string> {
  const server = createServer(async (request, response) => {
    const last = /"offset":(\d+)/.exec(String(request.headers['last-event-id'] ?? ''))?.[1];
    const next = last === undefined ? 0 : Number(last) + 1;
    if (next >= events) response.writeHead(204).end();
    else if (random() < 0.1) response.writeHead(503, { 'retry-after': '0' }).end();
    else
      await serve(response, Math.max(0, next - Math.floor(random() * 5)), 100 + Math.floor(random() * 400));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  async function serve(response: ServerResponse, first: number, count: number): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 10\n\n');
    for (let number = first; number < Math.min(first + count, events); number++) {
      response.write(eventText(number));
      if (number % 50 === 0) await sleep(5);
    }
    if (first + count >= events) response.end();
    else response.write(eventText(first + count).slice(0, 30), () => response.destroy());
  }
}

/** Restarts a command until it succeeds. @returns how it ended */
export async function untilDone(
  tool: string,
  words: string[],
  options: { cwd: string; env: Record<string, string> },
): Promise<Ended> {
  for (;;) {
    const child = start(tool, words, options);
    child.stdin?.end();
    const end = await ended(child);
    if (end.signal === null && ![75].includes(end.status ?? 0)) return end;
  }
}
