/** The endpoint of a stream, with its credentials. */

import { malformed, parseAddress } from '../addresses/parse.ts';
import { type Endpoint, parseEndpoint } from '../http/request.ts';
import { parseToken } from '../http/token.ts';
import { formatTime } from '../readings/time.ts';
import type { Headers } from './headers.ts';

/** In characters; a shorter one may be part of any word. */
const SHORTEST_SECRET = 4;

/**
 * The endpoint of an address, with credentials from these headers, the address, or `$ETL_TOKEN`.
 *
 * @throws Failure (usage) for anything but an http or https URL, and for an invalid token
 */
export function streamEndpoint(address: string, headers: Headers, token = ''): Endpoint {
  const parsed = parseAddress(address);
  if (!/^https?$/.test(parsed.scheme) || !URL.canParse(address)) throw malformed(parsed, 'https://HOST/PATH');
  const endpoint = parseEndpoint(address, parseToken(token, '$ETL_TOKEN'));
  const { authorization, secrets } = endpoint;
  return {
    ...endpoint,
    // A header from the file takes precedence: it is meant for this stream.
    authorization: headers.authorization === undefined ? authorization : undefined,
    secrets: [...secrets, ...Object.values(headers).filter(({ length }) => length >= SHORTEST_SECRET)],
  };
}

/** The URL that asks for events since a time in epoch milliseconds; undefined for none. */
export function sinceUrl(url: URL, since: number | undefined): URL | undefined {
  if (since === undefined) return undefined;
  const asking = new URL(url);
  if (asking.searchParams.has('since')) asking.searchParams.set('since', formatTime(since));
  // Setting the parameter would re-encode the others, such as %20 as +.
  else asking.search += `${asking.search === '' ? '?' : '&'}since=${encodeURIComponent(formatTime(since))}`;
  return asking;
}
