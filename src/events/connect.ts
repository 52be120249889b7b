/**
 * One connection to an event stream. By HTTP status:
 *
 *   200 with text/event-stream     a stream
 *   204                            the stream has ended for good
 *   429, 500, 502, 503, 504        temporary
 *   301, 302, 303, 307, 308        followed; another origin gets no credentials
 *   all others                     refused: a retry is useless
 */

import type { Readable } from 'node:stream';
import { showAddress } from '../addresses/show.ts';
import { errorText, Failure, status } from '../failure.ts';
import type { Answer as HttpAnswer } from '../http/answer.ts';
import { isRedirect, MAX_REDIRECTS, redirectTarget } from '../http/redirect.ts';
import { type Endpoint, parseRetryAfter, refusal, request } from '../http/request.ts';
import { quote } from '../lines/line.ts';
import { asHeaderText, type Headers } from './headers.ts';

const OK = 200;
const NO_CONTENT = 204;
const NOT_NOW = new Set([429, 500, 502, 503, 504]);

/** The request for a connection. */
export interface Ask {
  /** Address and credentials. */
  readonly endpoint: Endpoint;
  /** Headers for any server. */
  readonly headers: Headers;
  /** Headers only for the origin of the endpoint. */
  readonly ownHeaders: Headers;
  /** The last event id; empty for none. */
  readonly lastId: string;
  /** Closes the connection, including its body. */
  readonly signal: AbortSignal;
}

/** The response of the server. */
export type Answer =
  | { readonly kind: 'stream'; readonly body: Readable }
  | { readonly kind: 'over' }
  | { readonly kind: 'not now'; readonly message: string; readonly retryAfterMs: number | undefined };

/** @throws Failure (unavailable) when refused, NotNow without a response; the signal's reason */
export async function connect(ask: Ask): Promise<Answer> {
  const first = ask.endpoint.url.origin;
  let { endpoint } = ask;
  let ownHeaders = ask.ownHeaders;
  for (let redirects = 0; ; redirects++) {
    const response = await request(endpoint, {
      headers: { ...standardHeaders(ask.lastId), ...ask.headers, ...ownHeaders },
      redirect: 'manual',
      signal: ask.signal,
    });
    if (!isRedirect(response)) return classify(endpoint, response);
    response.discard();
    if (redirects === MAX_REDIRECTS) throw refused(endpoint, 'too many redirects');
    endpoint = redirected(endpoint, response);
    // Once redirected elsewhere, no later server gets the credentials, even the original one.
    if (endpoint.url.origin === first && endpoint.authorization === ask.endpoint.authorization) continue;
    ownHeaders = {};
    endpoint = { ...endpoint, authorization: undefined };
  }
}

function standardHeaders(lastId: string): Headers {
  return {
    accept: 'text/event-stream',
    'accept-encoding': 'identity',
    'cache-control': 'no-cache',
    ...(lastId !== '' && { 'last-event-id': asHeaderText(lastId) }),
  };
}

/** @throws Failure (unavailable) when the target is not an address */
function redirected(endpoint: Endpoint, response: HttpAnswer): Endpoint {
  try {
    const url = redirectTarget(endpoint.url, response);
    url.username = '';
    url.password = '';
    return { ...endpoint, url, shown: showAddress(url.href) };
  } catch (error) {
    throw refused(endpoint, errorText(error));
  }
}

function classify(endpoint: Endpoint, response: HttpAnswer): Answer {
  const { status: code, headers } = response;
  const type = headers.get('content-type') ?? '';
  if (code === OK && isEventStream(type)) return { kind: 'stream', body: response.body };
  response.discard();
  if (code === NO_CONTENT) return { kind: 'over' };
  if (code === OK) throw refused(endpoint, `not text/event-stream: ${quote(type)}`);
  const { message } = refusal(endpoint, response);
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), Date.now());
  if (NOT_NOW.has(code)) return { kind: 'not now', message, retryAfterMs };
  throw new Failure(status.unavailable, message);
}

function isEventStream(type: string): boolean {
  return /^\s*text\/event-stream\s*(?:;|$)/i.test(type);
}

function refused({ shown }: Endpoint, reason: string): Failure {
  return new Failure(status.unavailable, `${shown}: ${reason}`);
}
