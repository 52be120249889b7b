/**
 * One HTTP request, and what its failure says about the next one:
 *
 *   refused, not set up   an untrusted certificate, no TLS, no HTTP, all other answers but 2xx   Failure (unavailable)
 *   not now               408, 425, 429, 5xx, a broken connection, silence                       NotNow (temporary)
 *
 * Credentials in an address are sent as a header. No message shows a secret, not even when the server repeats it.
 */

import { showAddress } from '../addresses/show.ts';
import { errorCode, Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import type { Answer } from './answer.ts';
import { connectionText, exchange, type Message } from './exchange.ts';
import { follow } from './redirect.ts';

/** Besides 5xx. */
const NOT_NOW_ANSWERS = new Set([408, 425, 429]);
/** Error codes of certificates, TLS, HTTP and content encodings: waiting will not help. It may when a body ends early (Z_BUF_ERROR). */
/** Error codes of certificates, TLS, HTTP and content encodings: waiting will not help. */
export const NOT_SET_UP_CODES =
  /^(?:CERT_|CRL_|INVALID_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_|ERR_TLS_|ERR_SSL_|EPROTO|HPE_|Z_(?!BUF_ERROR))/;

/** Sent unless the request has its own, as fetch does. */
const HEADERS = { accept: '*/*', 'accept-language': '*', 'sec-fetch-mode': 'cors', 'user-agent': 'node' };

/** Enough for the first line of an answer. */
const FIRST_LINE_BYTES = 4096;

/** Where requests go. */
export interface Endpoint {
  /** Without credentials and fragment. */
  readonly url: URL;
  /** The address for messages. */
  readonly shown: string;
  /** The value of that header; undefined for none. */
  readonly authorization: string | undefined;
  /** Texts that no message may show. */
  readonly secrets: readonly string[];
}

interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** With `manual` a redirect is an answer like any other. */
  readonly redirect: 'follow' | 'manual';
  /** For the whole answer; undefined for no limit. */
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

/** The same request may succeed later. */
export class NotNow extends Failure {
  /** How long the server asks to wait; undefined when it does not say. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { cause?: unknown; retryAfterMs?: number | undefined } = {}) {
    super(status.temporary, message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Takes the credentials out of a URL; without any, `token` is the bearer token. @throws TypeError for an invalid URL */
export function parseEndpoint(address: string, token = ''): Endpoint {
  const url = new URL(address);
  const written = url.password || url.username;
  const user = decode(url.username);
  const password = decode(url.password);
  const basic = user + password === '' ? '' : Buffer.from(`${user}:${password}`).toString('base64');
  url.username = '';
  url.password = '';
  url.hash = '';
  const bearer = token === '' ? undefined : `Bearer ${token}`;
  return {
    url,
    shown: showAddress(address),
    authorization: basic === '' ? bearer : `Basic ${basic}`,
    // Line by line, since a message is one line.
    secrets: [token, written, password || user, basic]
      .flatMap((secret) => secret.split('\n'))
      .filter(Boolean),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign is itself.
    return text;
  }
}

/** The answer, whatever its status. @throws Failure (unavailable), NotNow; the signal's reason when it is aborted */
export async function request(
  endpoint: Endpoint,
  { method = 'GET', body, redirect, timeoutMs, signal, ...options }: RequestOptions,
): Promise<Answer> {
  const { url, shown, authorization } = endpoint;
  const encodings = url.protocol === 'https:' ? 'br, gzip, deflate' : 'gzip, deflate';
  const headers = {
    ...{ ...HEADERS, 'accept-encoding': encodings, ...options.headers },
    ...(authorization !== undefined && { authorization }),
  };
  const message: Message = { method, url, headers, ...(body !== undefined && { body }) };
  const signals = timeoutMs === undefined ? [signal] : [signal, AbortSignal.timeout(timeoutMs)];
  try {
    return await (redirect === 'follow' ? follow(message, ...signals) : exchange(message, ...signals));
  } catch (error) {
    signal.throwIfAborted();
    if (timeoutMs !== undefined && isTimeout(error))
      throw new NotNow(`${shown}: no answer within ${timeoutMs / 1000} s`, { cause: error });
    throw brokenRequest(endpoint, error);
  }
}

/**
 * The body as text, when it has at most `maxBytes`.
 *
 * @throws Failure (unavailable), also for a larger body, NotNow; the signal's reason when it is aborted
 */
export async function readBody(
  endpoint: Endpoint,
  { body }: Answer,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > maxBytes)
        throw new Failure(
          status.unavailable,
          `${endpoint.shown}: the body is larger than ${maxBytes >> 20} MiB`,
        );
      chunks.push(chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof Failure ? error : brokenRequest(endpoint, error);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** The first line of the body, trimmed, for `refusal`. What was read before an error is used; nothing is thrown. */
export async function readFirstLine({ body }: Answer): Promise<string> {
  let text = '';
  try {
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > FIRST_LINE_BYTES || text.trimStart().includes('\n')) break;
    }
  } catch {
    // What has arrived is enough.
  }
  return text.trim().split('\n', 1).join('').trimEnd();
}

/** The failure that an answer other than 2xx stands for; `explanation` is quoted instead of its reason phrase. */
export function refusal(endpoint: Endpoint, response: Answer, explanation?: string): Failure {
  const { status: code, statusText, headers } = response;
  const words = redact(endpoint, explanation ?? statusText);
  const reason = explanation === undefined ? ` ${words}` : words && `: ${quote(words)}`;
  const message = `${endpoint.shown}: HTTP ${code}${reason}`.trimEnd();
  if (code < 500 && !NOT_NOW_ANSWERS.has(code)) return new Failure(status.unavailable, message);
  return new NotNow(message, { retryAfterMs: parseRetryAfter(headers.get('retry-after'), Date.now()) });
}

/** Milliseconds from `now` (epoch milliseconds), given in seconds or as a date; undefined for anything else. */
export function parseRetryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Date.parse() would take more than dates of HTTP.
  const date = text.endsWith(' GMT') ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function brokenRequest(endpoint: Endpoint, error: unknown): Failure {
  const code = errorCode(error);
  const message = `${endpoint.shown}: ${redact(endpoint, connectionText(error) || String(code))}`;
  // Without a code: a port, a scheme, a header or a redirect that is refused.
  const isRefused = code === undefined ? !isTimeout(error) : isNotSetUp(code);
  return isRefused
    ? new Failure(status.unavailable, message, { cause: error })
    : new NotNow(message, { cause: error });
}

/** Whether an error code says that a connection can never be used: a certificate, TLS, or no HTTP at its other end. */
export function isNotSetUp(code: string): boolean {
  return NOT_SET_UP_CODES.test(code);
}

/** Whether `timeoutMs` of the request ended it. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

/** Foreign text without the secrets of the endpoint. */
export function redact({ secrets }: Endpoint, text: string): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
