/**
 * Which requests are answered, and what a browser may do with the answer.
 *
 * On loopback a page of another site could reach the server through its visitor's browser: under another name for this
 * machine (DNS rebinding), or by posting blindly. The Host and Origin headers, which no page can forge, tell.
 */

import { createHash, timingSafeEqual } from 'node:crypto';
import { quote } from '../lines/line.ts';
import { credentialsOf } from './header-values.ts';
import { HttpError } from './responses.ts';

/** Headers of every answer. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    ...["script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "connect-src 'self'"],
    ...["font-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** Whether only programs of this machine reach this address. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}

/** The name in a Host header, without the port. */
const hostName = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/;

/** On loopback the name must be one of this machine. @throws HttpError (403) */
export function checkHost(host: string | undefined, ownAddress: string): void {
  if (!isLoopback(ownAddress)) return;
  const name = hostName.exec(host ?? '')?.[1]?.toLowerCase();
  const own = ['localhost', '127.0.0.1', '[::1]', ownAddress, `[${ownAddress}]`];
  if (name === undefined || !own.includes(name))
    throw new HttpError(403, `this server does not answer as ${quote(host ?? '')}`);
}

/** Pages of other origins may not post; programs send no such headers. @throws HttpError (403) */
export function checkOrigin(request: Request): void {
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  const sameOrigin = origin === null || originHost(origin) === request.headers.get('host')?.toLowerCase();
  if (!sameOrigin || (site !== null && site !== 'same-origin' && site !== 'none'))
    throw new HttpError(403, 'a page of another origin may not post');
}

function originHost(origin: string): string | undefined {
  return /^https?:\/\/(.+)$/.exec(origin.toLowerCase())?.[1];
}

/** A token is needed where one is set, and on any address that other machines reach. @throws HttpError (401) */
export function checkToken(request: Request, token: string | undefined, ownAddress: string): void {
  const refuse = (reason: string) => new HttpError(401, reason, { 'www-authenticate': 'Bearer' });
  if (token === undefined) {
    if (isLoopback(ownAddress)) return;
    throw refuse('posting is off: start the server with $ETL_TOKEN or --token-file');
  }
  const authorization = request.headers.get('authorization');
  if (authorization === null) throw refuse('posting needs a bearer token');
  const given = credentialsOf(authorization, 'bearer') ?? '';
  if (!isEqual(given, token)) throw refuse('wrong token');
}

/** Compares in a time that does not tell how much is right. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
