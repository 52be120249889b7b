/**
 * The HTTP server, with a graceful stop.
 *
 * No client can hold it up (slowloris): requests must arrive, and answers be read, in limited time.
 */

import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import { errorCode, errorText, Failure, type Status, status } from '../failure.ts';
import { errorResponse, HttpError } from './responses.ts';
import { securityHeaders } from './security.ts';
import { clientOf, Shares } from './shares.ts';

const HEADERS_MS = 10_000;
const REQUEST_MS = 60_000;
/** Maximum time without a byte in either direction; streams of events have a heartbeat. */
const SILENCE_MS = 45_000;
const CONNECTIONS = { all: 4000, each: 1000 };

interface Listening {
  readonly url: string;
  /** The numeric address. */
  readonly address: string;
  /** Accepts no more requests, and waits for the open ones, at most this long. */
  stop(graceMs: number): Promise<void>;
}

type Fetch = Hono<{ Bindings: HttpBindings }>['fetch'];

/** Where to listen. */
export interface Endpoint {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Whether all connections come from a proxy, so that there is no limit per address. */
  readonly behindProxy: boolean;
}

/**
 * Listens, and answers with `fetch`.
 *
 * @param failed called if a connection cannot be accepted
 * @throws Failure (temporary) if the port is in use, (unavailable) if it cannot be bound
 */
export async function listen(
  fetch: Fetch,
  endpoint: Endpoint,
  failed: (error: unknown) => void,
): Promise<Listening> {
  const listener = getRequestListener((request, env) => fetch(request, env as HttpBindings), {
    errorHandler: () => withSecurityHeaders(new HttpError(400, 'malformed request')),
  });
  /** Connections on which an answer may be in progress. */
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
  server.maxConnections = CONNECTIONS.all;
  if (!endpoint.behindProxy) limitConnections(server);
  server.on('clientError', (error, socket) => {
    // The error must not land inside an answer in progress; on a timeout the body never came, so there is none.
    if (answering.has(socket) && errorCode(error) !== TIMEOUT) socket.destroy();
    else answerBadRequest(error, socket);
  });
  await opened(server, endpoint);
  server.on('error', (error) => failed(endpointFailure(status.temporary, endpoint, error)));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no address');
  const name = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  return {
    url: `http://${name}:${bound.port}/`,
    address: bound.address,
    stop: (graceMs) => stop(server, graceMs),
  };
}

/** Closes at once connections beyond a client's share. */
function limitConnections(server: Server): void {
  const connections = new Shares(CONNECTIONS);
  server.on('connection', (socket) => {
    const client = clientOf(socket.remoteAddress ?? '');
    if (connections.take(client) === undefined) socket.once('close', () => connections.give(client));
    else socket.destroy();
  });
}

function opened(server: Server, endpoint: Endpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => {
      const code = errorCode(error) === 'EADDRINUSE' ? status.temporary : status.unavailable;
      reject(endpointFailure(code, endpoint, error));
    };
    server.once('error', refuse);
    server.listen(endpoint.port, endpoint.host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

function endpointFailure(code: Status, { host, port }: Endpoint, error: Error): Failure {
  return new Failure(code, `${host}:${port}: ${errorText(error)}`, { cause: error });
}

function withSecurityHeaders(error: HttpError): Response {
  const response = errorResponse(error);
  for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value);
  return response;
}

const TIMEOUT = 'ERR_HTTP_REQUEST_TIMEOUT';

const badRequests: Readonly<Record<string, readonly [status: string, reason: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the address or the headers are too long'],
  [TIMEOUT]: ['408 Request Timeout', 'the request took too long'],
};

/** Answers bytes that are not HTTP, which never reach the routes. */
function answerBadRequest(error: Error, socket: Duplex): void {
  if (!socket.writable || errorCode(error) === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [line, reason] = badRequests[errorCode(error) ?? ''] ?? ['400 Bad Request', 'not HTTP'];
  const body = `${JSON.stringify({ error: reason })}\n`;
  const headers = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close`;
  socket.end(`HTTP/1.1 ${line}\r\n${headers}\r\n\r\n${body}`);
}

function stop(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), 20);
    const end = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(end);
      resolve();
    });
  });
}
