/** Follows redirects, by the rules of fetch. */

import { showAddress } from '../addresses/show.ts';
import { quote } from '../lines/line.ts';
import type { Answer } from './answer.ts';
import { exchange, type Message } from './exchange.ts';

/** Limit of redirects for one request. */
export const MAX_REDIRECTS = 20;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const SEE_OTHER = 303;
/** A POST becomes a GET, as browsers have always done. */
const MOVED = new Set([301, 302]);
/** Headers that describe the body. */
const OF_BODY = /^content-(?:encoding|language|length|location|type)$/;
/** Headers that no other origin gets. */
const OF_ORIGIN = /^(?:authorization|proxy-authorization|cookie|host)$/;

/** Whether the answer leads to another address. */
export function isRedirect({ status }: Answer): boolean {
  return REDIRECTS.has(status);
}

/** The address that a redirect from `url` leads to, of http or https. @throws Error with a message for the user */
export function redirectTarget(url: URL, { status, headers }: Answer): URL {
  // Headers come as Latin-1, addresses are UTF-8.
  const location = Buffer.from(headers.get('location') ?? '', 'latin1').toString();
  if (location === '' || !URL.canParse(location, url.href))
    throw new Error(`HTTP ${status} leads nowhere: ${quote(showAddress(location))}`);
  const target = new URL(location, url);
  if (!/^https?:$/.test(target.protocol))
    throw new Error(`a redirect leads to ${quote(showAddress(target.href))}`);
  return target;
}

/**
 * The answer after all redirects.
 *
 * @throws what `exchange` throws; Error without a code for a redirect that is not followed
 */
export async function follow(message: Message, ...signals: readonly AbortSignal[]): Promise<Answer> {
  let asked = message;
  for (let redirects = 0; ; redirects++) {
    const answer = await exchange(asked, ...signals);
    if (!isRedirect(answer) || answer.headers.get('location') === null) return answer;
    answer.discard();
    if (redirects === MAX_REDIRECTS) throw new Error('too many redirects');
    asked = redirected(asked, answer);
  }
}

/** The request to the target of a redirect. */
function redirected({ method, url, headers, body }: Message, answer: Answer): Message {
  const target = redirectTarget(url, answer);
  if (target.username !== '' || target.password !== '')
    throw new Error(`a redirect leads to ${quote(showAddress(target.href))}, with credentials`);
  const becomesGet =
    (answer.status === SEE_OTHER && method !== 'GET') || (MOVED.has(answer.status) && method === 'POST');
  const keeps = (name: string) =>
    !(becomesGet && OF_BODY.test(name)) && !(target.origin !== url.origin && OF_ORIGIN.test(name));
  return {
    url: target,
    method: becomesGet ? 'GET' : method,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => keeps(name))),
    ...(!becomesGet && body !== undefined && { body }),
  };
}
