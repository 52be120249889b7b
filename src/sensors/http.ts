/**
 * `http://...` and `https://...#/json/pointer`: a number in a JSON document by its pointer (RFC 6901), or, without a
 * pointer, a body that is a number. Digits are kept as they were sent; a number in a JSON string is a number.
 *
 * Memory: the body, at most 1 MiB. Redirects are followed. A user and password in the address are sent as Basic
 * authentication.
 */

import { isLosslessNumber, parse } from 'lossless-json';
import manifest from '../../package.json' with { type: 'json' };
import { type Address, malformed } from '../addresses/parse.ts';
import { errorCode, errorText, Failure, type Status, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { type Decimal, parseDecimal } from '../stats/decimal.ts';
import { follow, parsePointer } from './json-pointer.ts';
import type { ReadContext, Sensor } from './sensor.ts';

const MOST_BYTES = 1 << 20;
const EXPECTED = 'https://HOST/PATH#/JSON/POINTER';

/** Answers other than 5xx after which another try may succeed. */
const TEMPORARY_ANSWERS = new Set([408, 425, 429]);

/** Certificates, protocol errors and refused redirects: they do not go away by waiting. */
const PERMANENT_ERROR =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_|Z_|EPROTO)/;
const PERMANENT_MESSAGE = /redirect|scheme|bad port/i;

interface Request {
  readonly url: URL;
  readonly headers: Record<string, string>;
  /** Undefined when the whole body is the number. */
  readonly pointer: readonly string[] | undefined;
  readonly shown: string;
}

export default function openHttp(address: Address): Sensor {
  const request = parseRequest(address);
  return {
    name: request.url.hostname,
    async read(context) {
      try {
        return { value: await measure(request, context) };
      } catch (error) {
        context.signal.throwIfAborted();
        throw toFailure(request.shown, error);
      }
    },
  };
}

function parseRequest(address: Address): Request {
  const url = URL.canParse(address.text) ? new URL(address.text) : undefined;
  if (url === undefined) throw malformed(address, EXPECTED);
  const headers: Record<string, string> = {
    accept: 'application/json, text/plain;q=0.9, */*;q=0.5',
    'cache-control': 'no-cache',
    'user-agent': `etlutils/${manifest.version}`,
  };
  if (url.username !== '' || url.password !== '') {
    const credentials = `${decode(url.username, address)}:${decode(url.password, address)}`;
    headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }
  const pointer = url.hash === '' ? undefined : parsePointer(decode(url.hash.slice(1), address));
  if (url.hash !== '' && pointer === undefined) throw malformed(address, EXPECTED);
  url.username = '';
  url.password = '';
  url.hash = '';
  return { url, headers, pointer, shown: address.shown };
}

function decode(text: string, address: Address): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed(address, EXPECTED);
  }
}

async function measure({ url, headers, pointer, shown }: Request, context: ReadContext): Promise<Decimal> {
  const response = await fetch(url, { headers, signal: context.signal });
  const refusal = refusalOf(response, context.maxAgeMs ?? Number.POSITIVE_INFINITY);
  if (refusal !== undefined) {
    await response.body?.cancel();
    throw new Failure(refusal.status, `${shown}: ${refusal.reason}`);
  }
  const body = await readBody(response, shown);
  return pointer === undefined ? plainNumber(body, shown) : numberAt(body, pointer, shown);
}

/** Why an answer cannot hold a reading. */
function refusalOf(
  { ok, status: code, statusText, headers }: Response,
  maxAgeMs: number,
): { readonly status: Status; readonly reason: string } | undefined {
  if (!ok) {
    const temporary = code >= 500 || TEMPORARY_ANSWERS.has(code);
    const reason = `HTTP ${code} ${statusText}`.trim();
    return { status: temporary ? status.temporary : status.unavailable, reason };
  }
  const age = Number(headers.get('age') ?? 0);
  if (age * 1000 > maxAgeMs)
    return { status: status.temporary, reason: `too old: from a cache, ${age} s old` };
  return undefined;
}

async function readBody({ body }: Response, shown: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Failure(status.unavailable, `${shown}: the body is larger than 1 MiB`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function plainNumber(body: string, shown: string): Decimal {
  const value = parseDecimal(body.trim());
  if (value === undefined) {
    throw new Failure(status.unavailable, `${shown}: the body is not a number: ${quote(body.trim())}`);
  }
  return value;
}

function numberAt(body: string, pointer: readonly string[], shown: string): Decimal {
  const found = follow(parseJson(body, shown), pointer);
  const text = isLosslessNumber(found) ? found.value : found;
  const value = typeof text === 'string' ? parseDecimal(text) : undefined;
  if (value === undefined) throw new Failure(status.unavailable, `${shown}: ${describe(found)}`);
  return value;
}

function parseJson(body: string, shown: string): unknown {
  try {
    return parse(body);
  } catch (error) {
    throw new Failure(status.unavailable, `${shown}: invalid JSON: ${errorText(error)}`, { cause: error });
  }
}

function describe(found: unknown): string {
  if (found === undefined) return 'the pointer leads to nothing';
  if (typeof found === 'string') return `not a number: ${quote(found)}`;
  return `not a number: ${Array.isArray(found) ? 'an array' : found === null ? 'null' : typeof found}`;
}

/** What fetch says went wrong is in the cause of what it throws. */
function toFailure(shown: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = errorCode(cause) ?? '';
  const text = errorText(cause) || code;
  // From Node 24 on it has no code.
  const isNoHttp = cause instanceof Error && cause.name === 'HTTPParserError';
  const permanent = isNoHttp || PERMANENT_ERROR.test(code) || PERMANENT_MESSAGE.test(text);
  return new Failure(permanent ? status.unavailable : status.temporary, `${shown}: ${text}`, {
    cause: error,
  });
}
