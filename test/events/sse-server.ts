/** An event stream server that misbehaves as told by a test; stopped after it. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { serve } from '../http/server.ts';

/** A connection, seen from the server. */
export interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The Last-Event-ID header as UTF-8; undefined if it was not sent. */
  readonly lastId: string | undefined;
  /** Number of the connection, from 0. */
  readonly number: number;
}

/** Responds with an event stream of these bytes. The connection stays open until the test closes it. */
export function stream({ response }: Visit, bytes: string | Buffer = ''): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  if (bytes.length > 0) response.write(bytes);
  return response;
}

/** Starts a server. @returns its address, and the connections so far */
export async function sseServer(answer: (visit: Visit) => void) {
  const visits: Visit[] = [];
  const url = await serve((request, response) => {
    const header = request.headers['last-event-id'];
    const lastId = typeof header === 'string' ? Buffer.from(header, 'latin1').toString() : undefined;
    const visit = { request, response, lastId, number: visits.length };
    visits.push(visit);
    answer(visit);
  });
  return { url: `${url}/stream`, visits };
}

/** Events numbered from `first` to `last`, with their numbers as ids. */
export function numbered(first: number, last: number): string {
  let text = '';
  for (let at = first; at <= last; at++) text += `id: ${at}\ndata: {"n":${at}}\n\n`;
  return text;
}

/** The lines that get-events prints for them. */
export function numberedLines(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, at) => `{"n":${first + at}}\n`).join('');
}
