/**
 * `http://...` and `https://...#/json/pointer`: a number in a JSON document by its pointer (RFC 6901); without a
 * pointer, a body that is a number, or has one before °C, °F or K. Digits are kept as sent; a number may be a JSON
 * string.
 *
 * Memory: the body, at most 1 MiB. Follows redirects. Sends user and password as Basic authentication.
 */

import manifest from '../../package.json' with { type: 'json' };
import { type Address, malformed } from '../addresses/parse.ts';
import { Failure, status } from '../failure.ts';
import { type Endpoint, parseEndpoint, readBody, refusal, request } from '../http/request.ts';
import { numberIn, pointerOf } from './number-in-text.ts';
import type { ReadContext, Sensor } from './sensor.ts';
import { textSensor } from './text-sensor.ts';

const MAX_BYTES = 1 << 20;
const EXPECTED = 'https://HOST/PATH#/JSON/POINTER';
const HEADERS = {
  accept: 'application/json, text/plain;q=0.9, */*;q=0.5',
  'cache-control': 'no-cache',
  'user-agent': `etlutils/${manifest.version}`,
};

export default function openHttp(address: Address): Sensor {
  if (!URL.canParse(address.text)) throw malformed(address, EXPECTED);
  const pointer = pointerOf(address, EXPECTED);
  const endpoint = parseEndpoint(address.text);
  const place = { pointer, what: 'body', shown: address.shown };
  return textSensor({
    ...{ name: endpoint.url.hostname, ...place },
    readText: async (context) => ({ text: await fetchBody(endpoint, context) }),
    numberIn: (text) => numberIn(text, place),
  });
}

/** @throws Failure when the response contains no usable body */
async function fetchBody(
  endpoint: Endpoint,
  { signal, maxAgeMs = Number.POSITIVE_INFINITY }: ReadContext,
): Promise<string> {
  const response = await request(endpoint, { headers: HEADERS, redirect: 'follow', signal });
  const age = Number(response.headers.get('age') ?? 0);
  const isStale = age * 1000 > maxAgeMs;
  if (response.ok && !isStale) return readBody(endpoint, response, { maxBytes: MAX_BYTES, signal });
  response.discard();
  if (!response.ok) throw refusal(endpoint, response);
  throw new Failure(status.temporary, `${endpoint.shown}: too old: from a cache, ${age} s old`);
}
