/**
 * `http://...` and `https://...#/json/pointer`: a number in a JSON document by its pointer (RFC 6901), or, without a
 * pointer, a body that is a number. Digits are kept as they were sent; a number in a JSON string is a number.
 *
 * Memory: the body, at most 1 MiB. Redirects are followed. The user and password of the address are sent as Basic
 * authentication.
 */

import { isLosslessNumber, parse } from 'lossless-json';
import manifest from '../../package.json' with { type: 'json' };
import { type Address, malformed } from '../addresses/parse.ts';
import { errorText, Failure, status } from '../failure.ts';
import { discardBody, type Endpoint, parseEndpoint, readBody, refusal, request } from '../http/request.ts';
import { quote } from '../lines/line.ts';
import { memberAt } from '../lines/member-path.ts';
import { type Decimal, parseDecimal } from '../stats/decimal.ts';
import { parsePointer } from './json-pointer.ts';
import type { ReadContext, Sensor } from './sensor.ts';

const MAX_BYTES = 1 << 20;
const EXPECTED = 'https://HOST/PATH#/JSON/POINTER';
const HEADERS = {
  accept: 'application/json, text/plain;q=0.9, */*;q=0.5',
  'cache-control': 'no-cache',
  'user-agent': `etlutils/${manifest.version}`,
};

export default function openHttp(address: Address): Sensor {
  if (!URL.canParse(address.text)) throw malformed(address, EXPECTED);
  const pointer = pointerOf(address);
  const endpoint = parseEndpoint(address.text);
  return {
    name: endpoint.url.hostname,
    async read(context) {
      const body = await fetchBody(endpoint, context);
      const { shown } = address;
      return { value: pointer === undefined ? plainNumber(body, shown) : numberAt(body, pointer, shown) };
    },
  };
}

/** Undefined when the whole body is the number. @throws Failure (usage) */
function pointerOf(address: Address): string[] | undefined {
  const { hash } = new URL(address.text);
  if (hash === '') return undefined;
  const pointer = parsePointer(decode(hash.slice(1), address));
  if (pointer === undefined) throw malformed(address, EXPECTED);
  return pointer;
}

function decode(text: string, address: Address): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed(address, EXPECTED);
  }
}

/** @throws Failure when the answer cannot hold a reading */
async function fetchBody(
  endpoint: Endpoint,
  { signal, maxAgeMs = Number.POSITIVE_INFINITY }: ReadContext,
): Promise<string> {
  const response = await request(endpoint, { headers: HEADERS, redirect: 'follow', signal });
  const age = Number(response.headers.get('age') ?? 0);
  const isStale = age * 1000 > maxAgeMs;
  if (response.ok && !isStale) return readBody(endpoint, response, { maxBytes: MAX_BYTES, signal });
  await discardBody(response);
  if (!response.ok) throw refusal(endpoint, response);
  throw new Failure(status.temporary, `${endpoint.shown}: too old: from a cache, ${age} s old`);
}

function plainNumber(body: string, shown: string): Decimal {
  const value = parseDecimal(body.trim());
  if (value === undefined) {
    throw new Failure(status.unavailable, `${shown}: the body is not a number: ${quote(body.trim())}`);
  }
  return value;
}

function numberAt(body: string, pointer: readonly string[], shown: string): Decimal {
  const found = memberAt(parseJson(body, shown), pointer);
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
