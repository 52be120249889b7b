/**
 * From a request to its answer: the steps before and after every route.
 *
 * Whatever goes wrong is answered with a status and one line of JSON, and the server lives on.
 */

import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { elapsedMs } from '../async/clock.ts';
import { Failure, status } from '../failure.ts';
import type { Metrics } from './metrics.ts';
import { busy } from './request-body.ts';
import { errorResponse, HttpError } from './responses.ts';
import type { Methods } from './routes.ts';
import { checkHost, checkOrigin, checkToken, securityHeaders } from './security.ts';

interface AppSettings {
  readonly routes: ReadonlyMap<string, Methods>;
  readonly metrics: Metrics;
  /** For POST; undefined for none. */
  readonly token: string | undefined;
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
  /** The path of a route, for the metrics. */
  Variables: { route: string };
}

/** The routes behind the checks, the metrics and the log that all requests go through. */
export function createApp(settings: AppSettings): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
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
    checkHost(context.req.header('host'), settings.address());
    await next();
  });
  for (const [path, methods] of settings.routes)
    app.all(path, (context) => {
      context.set('route', path);
      return answer(settings, context, methods);
    });
  app.notFound(() => errorResponse(new HttpError(404, 'there is nothing here')));
  app.onError((error) => errorResponse(toHttpError(error, settings.failed)));
  return app;
}

function answer({ token, address }: AppSettings, context: Context<AppEnv>, methods: Methods) {
  const { method, raw } = context.req;
  const route =
    method === 'HEAD' ? methods.GET : method === 'GET' || method === 'POST' ? methods[method] : undefined;
  if (route === undefined) {
    const allow = Object.keys(methods).map((name) => (name === 'GET' ? 'GET, HEAD' : name));
    throw new HttpError(405, `${method} is not for this path`, { allow: allow.join(', ') });
  }
  if (method === 'POST') {
    checkOrigin(raw);
    checkToken(raw, token, address());
  }
  const url = new URL(raw.url);
  if (!isWellEncoded(url.search)) throw new HttpError(400, 'the query is not encoded as it must be');
  const drop = () => void context.env.outgoing.destroy();
  return route({ request: raw, parameters: url.searchParams, drop });
}

/** URLSearchParams takes a lone percent sign, and half a character, for text. */
function isWellEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function account({ metrics, log }: AppSettings, context: Context<AppEnv>, milliseconds: number): void {
  const { method, url } = context.req;
  const { pathname, search } = new URL(url);
  const known = ['GET', 'HEAD', 'POST'].includes(method) ? method : 'other';
  metrics.request(known, context.get('route'), context.res.status, milliseconds / 1000);
  const from = context.env.incoming.socket.remoteAddress ?? 'nobody';
  log(`${from} ${method} ${pathname}${search} ${context.res.status} ${Math.ceil(milliseconds)} ms`);
}

/** An answer says nothing of the address of the store and its errors: they are for the log. */
function toHttpError(error: Error, failed: (error: unknown) => void): HttpError {
  if (error instanceof HttpError) return error;
  // A header without all columns, and the like.
  if (error instanceof Failure && error.status === status.data) return new HttpError(400, error.message);
  failed(error);
  if (error instanceof Failure && error.status === status.temporary) return busy('the store is busy');
  return new HttpError(500, error instanceof Failure ? 'the store failed' : 'this is a bug');
}
