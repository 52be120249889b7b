/**
 * The HTTP server: it listens, and it stops when it has finished what it accepted.
 *
 * No client holds it: a request must come, and its answer must be taken, in limited time.
 */

import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import { errorCode, errorText, Failure, type Status, status } from '../failure.ts';
import { Refusal, refuse } from './responses.ts';
import { safetyHeaders } from './security.ts';

const HEADERS_MS = 10_000;
const REQUEST_MS = 60_000;
/** Without a byte in either direction; events have a heartbeat. */
const SILENCE_MS = 45_000;
const MOST_CONNECTIONS = 4000;

export interface Listening {
  readonly url: string;
  /** The numeric address. */
  readonly address: string;
  /** Takes no more requests, and waits for the ones that are there, but no longer than this. */
  stop(patienceMs: number): Promise<void>;
}

type Fetch = Hono<{ Bindings: HttpBindings }>['fetch'];

export interface Place {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

/**
 * @param failed hears of connections that could not be accepted
 * @throws Failure (temporary) when the port is in use, (unavailable) when it cannot be had
 */
export async function listen(
  fetch: Fetch,
  place: Place,
  failed: (error: unknown) => void,
): Promise<Listening> {
  const listener = getRequestListener((request, env) => fetch(request, env as HttpBindings), {
    errorHandler: () => safely(new Refusal(400, 'not a request that can be answered')),
  });
  /** Connections on which an answer may be under way. */
  const answering = new WeakSet<Duplex>();
  const server = createServer(
    { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, connectionsCheckingInterval: 1000 },
    (incoming, outgoing) => {
      answering.add(incoming.socket);
      outgoing.once('close', () => answering.delete(incoming.socket));
      void listener(incoming, outgoing);
    },
  );
  server.setTimeout(SILENCE_MS);
  server.maxConnections = MOST_CONNECTIONS;
  server.on('clientError', (error, socket) => {
    // Its answer would be taken for that of the request before; but a body that does not come has none.
    if (answering.has(socket) && errorCode(error) !== TIMEOUT) socket.destroy();
    else refuseRubbish(error, socket);
  });
  await opened(server, place);
  server.on('error', (error) => failed(placeFailure(status.temporary, place, error)));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no address');
  const name = place.host.includes(':') ? `[${place.host}]` : place.host;
  return {
    url: `http://${name}:${bound.port}/`,
    address: bound.address,
    stop: (patienceMs) => stop(server, patienceMs),
  };
}

function opened(server: Server, place: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => {
      const code = errorCode(error) === 'EADDRINUSE' ? status.temporary : status.unavailable;
      reject(placeFailure(code, place, error));
    };
    server.once('error', refuse);
    server.listen(place.port, place.host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

function placeFailure(code: Status, { host, port }: Place, error: Error): Failure {
  return new Failure(code, `${host}:${port}: ${errorText(error)}`, { cause: error });
}

function safely(refusal: Refusal): Response {
  const response = refuse(refusal);
  for (const [name, value] of Object.entries(safetyHeaders)) response.headers.set(name, value);
  return response;
}

const TIMEOUT = 'ERR_HTTP_REQUEST_TIMEOUT';

const rubbish: Readonly<Record<string, readonly [status: string, reason: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the address or the headers are too long'],
  [TIMEOUT]: ['408 Request Timeout', 'the request took too long'],
};

/** What is no HTTP never gets as far as the routes. */
function refuseRubbish(error: Error, socket: Duplex): void {
  if (!socket.writable || errorCode(error) === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [line, reason] = rubbish[errorCode(error) ?? ''] ?? ['400 Bad Request', 'not HTTP'];
  const body = `${JSON.stringify({ error: reason })}\n`;
  const headers = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close`;
  socket.end(`HTTP/1.1 ${line}\r\n${headers}\r\n\r\n${body}`);
}

function stop(server: Server, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), 20);
    const end = setTimeout(() => server.closeAllConnections(), patienceMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(end);
      resolve();
    });
  });
}
