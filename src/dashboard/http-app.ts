/**
 * The middleware around every route: checks, limits, metrics, log and errors.
 *
 * Whatever goes wrong is answered with a status and one line of JSON, and the server keeps running.
 */

import type { Socket } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { elapsedMs } from '../async/clock.ts';
import { Failure, status } from '../failure.ts';
import { wantsEvents } from './header-values.ts';
import type { Metrics } from './metrics.ts';
import { busy, errorResponse, HttpError } from './responses.ts';
import type { Methods } from './route.ts';
import {
  type Access,
  addressOf,
  checkHost,
  checkOrigin,
  checkPost,
  checkRead,
  securityHeaders,
} from './security.ts';
import { clientOf, Shares } from './shares.ts';

/** Open to all, so that health checks need neither a token nor an allowed host name. */
const HEALTH = '/healthz';
/** Concurrent requests. */
const REQUESTS = { all: 4000, each: 128 };

interface AppSettings {
  readonly routes: ReadonlyMap<string, Methods>;
  readonly metrics: Metrics;
  readonly access: Access;
  /** The address that the server listens on. */
  address(): string;
  /** One line for each request. */
  log(line: string): void;
  /** Called with a failure of the store, or a bug. */
  failed(error: unknown): void;
}

/** What Hono keeps for each request. */
interface AppEnv {
  Bindings: HttpBindings;
  /** The path pattern of a route, for the metrics. */
  Variables: { route: string };
}

type AppContext = Context<AppEnv>;

/** The routes behind the checks, the metrics and the log that all requests go through. */
export function createApp(settings: AppSettings): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const requests = new Shares(REQUESTS);
  app.use(async (context, next) => {
    const start = elapsedMs();
    context.set('route', 'other');
    await next();
    // The answer to a HEAD has no body.
    if (context.req.method === 'HEAD') await context.res.body?.cancel();
    for (const [name, value] of Object.entries(securityHeaders)) context.res.headers.set(name, value);
    account(settings, context, elapsedMs() - start);
  });
  app.use(async (context, next) => {
    const { access, address } = settings;
    const { raw, method, path } = context.req;
    if (path !== HEALTH) {
      checkHost(raw, access, address());
      if (method !== 'POST') checkRead(raw, access);
      if (!isStream(raw, path)) holdRequest(requests, context, clientOf(peerOf(settings, context)));
    }
    await next();
  });
  for (const [path, methods] of settings.routes)
    app.all(path.replaceAll(/\{(\w+)\}/g, ':$1'), (context) => {
      context.set('route', path);
      return answer(settings, context, methods);
    });
  app.notFound(() => errorResponse(new HttpError(404, 'there is nothing here')));
  app.onError((error) => errorResponse(toHttpError(error, settings.failed)));
  return app;
}

/** Counts a request until its answer is sent. @throws HttpError (429, 503) */
function holdRequest(requests: Shares, { env }: AppContext, client: string): void {
  requests.mustTake(client, 'requests');
  whenAnswered(env, () => requests.give(client));
}

const unanswered = new WeakMap<Socket, Set<() => void>>();

/** Calls back once the answer is sent or its connection closed, which a pipelined answer that has not begun is not told. */
function whenAnswered({ incoming: { socket }, outgoing }: HttpBindings, done: () => void): void {
  const waiting = unanswered.get(socket) ?? new Set();
  if (!unanswered.has(socket)) {
    unanswered.set(socket, waiting);
    socket.once('close', () => {
      for (const each of waiting) each();
    });
  }
  const end = () => {
    if (waiting.delete(end)) done();
  };
  waiting.add(end);
  outgoing.once('close', end);
}

function answer(settings: AppSettings, context: AppContext, methods: Methods) {
  const { access, address } = settings;
  const { method, raw } = context.req;
  const route =
    method === 'HEAD' ? methods.GET : method === 'GET' || method === 'POST' ? methods[method] : undefined;
  if (route === undefined) {
    const allow = Object.keys(methods).map((name) => (name === 'GET' ? 'GET, HEAD' : name));
    throw new HttpError(405, `${method} is not allowed on this path`, { allow: allow.join(', ') });
  }
  if (method === 'POST') {
    checkOrigin(raw, access);
    checkPost(raw, access, address());
  }
  const url = new URL(raw.url);
  if (!isWellEncoded(url.search)) throw new HttpError(400, 'the query is not percent-encoded UTF-8');
  if (!isWellEncoded(url.pathname)) throw new HttpError(400, 'the path is not percent-encoded UTF-8');
  const from = peerOf(settings, context);
  return route({
    ...{ request: raw, parameters: url.searchParams, parts: context.req.param() },
    ...{ address: from, client: clientOf(from) },
    drop: () => void context.env.outgoing.destroy(),
  });
}

/** The address that a request comes from. */
function peerOf({ access }: AppSettings, { req, env }: AppContext): string {
  return addressOf(req.raw, access, env.incoming.socket.remoteAddress ?? 'nobody');
}

/** Whether the answer is an endless stream, for which there are other limits. */
function isStream({ headers }: Request, path: string): boolean {
  return (
    path === '/api/events' ||
    path === '/api/runs/events' ||
    (/^\/api\/runs\/\d+\/log$/.test(path) && wantsEvents(headers))
  );
}

/** URLSearchParams would accept a stray percent sign or a truncated character. */
function isWellEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function account(settings: AppSettings, context: AppContext, milliseconds: number): void {
  const { method, url } = context.req;
  const { pathname, search } = new URL(url);
  const known = ['GET', 'HEAD', 'POST'].includes(method) ? method : 'other';
  settings.metrics.request(known, context.get('route'), context.res.status, milliseconds / 1000);
  const from = peerOf(settings, context);
  settings.log(`${from} ${method} ${pathname}${search} ${context.res.status} ${Math.ceil(milliseconds)} ms`);
}

/** Answers reveal neither the store's address nor its errors: those go to the log. */
function toHttpError(error: Error, failed: (error: unknown) => void): HttpError {
  if (error instanceof HttpError) return error;
  // Such as a CSV header that lacks a column.
  if (error instanceof Failure && error.status === status.data) return new HttpError(400, error.message);
  failed(error);
  if (error instanceof Failure && error.status === status.temporary) return busy('the store is busy');
  return new HttpError(500, error instanceof Failure ? 'the store failed' : 'this is a bug');
}
