/**
 * Which requests are answered, and what a browser may do with the answer.
 *
 * A page of another site could reach the server through its visitor's browser: under another name for this machine (DNS
 * rebinding), or by posting blindly (CSRF). The Host and Origin headers, which no page can forge, give it away.
 */

import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { quote } from '../lines/line.ts';
import { credentialsOf, listedIn } from './header-values.ts';
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

/** Who may ask for what. */
export interface Access {
  /** The token for posts, which also grants reading. Undefined for none. */
  readonly token: string | undefined;
  /** The token for all other requests; undefined if everybody may read. */
  readonly readToken: string | undefined;
  /** Names under which the server is reached, besides those of its address. */
  readonly allowedHosts: readonly string[];
  /** Whether all requests come through a proxy, whose X-Forwarded headers are trusted. */
  readonly behindProxy: boolean;
}

/** Whether only programs on this machine can reach this address. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}

/** Whether posts need no token, since only this machine can reach the server. */
export function isOpenToPosts({ token, readToken, behindProxy }: Access, ownAddress: string): boolean {
  return token === undefined && readToken === undefined && !behindProxy && isLoopback(ownAddress);
}

/** The name in a Host header, without the port. */
const hostName = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/;

/** The Host must be a name of this server. @throws HttpError (403) */
export function checkHost({ headers }: Request, access: Access, ownAddress: string): void {
  const host = hostOf(headers, access) ?? '';
  const name = hostName.exec(host)?.[1]?.toLowerCase();
  if (name === undefined || !isOwnName(name, access.allowedHosts, ownAddress))
    throw new HttpError(403, `this server does not answer to ${quote(host)}: see --allow-host`);
}

function hostOf(headers: Headers, { behindProxy }: Access): string | null {
  const forwarded = behindProxy ? listedIn(headers.get('x-forwarded-host')).at(-1) : undefined;
  return forwarded ?? headers.get('host');
}

function isOwnName(name: string, allowed: readonly string[], ownAddress: string): boolean {
  const address = name.startsWith('[') ? name.slice(1, -1) : name;
  if (allowed.some((each) => each.toLowerCase() === name || each === address)) return true;
  if (isLoopback(ownAddress)) return ['localhost', '127.0.0.1', '::1', ownAddress].includes(address);
  const machine = hostname().toLowerCase();
  if ([ownAddress, machine, `${machine}.local`].includes(address)) return true;
  // DNS rebinding needs a name, so any IP address is safe.
  return ['0.0.0.0', '::'].includes(ownAddress) && (address === 'localhost' || isIP(address) !== 0);
}

/** Pages of other origins may not post; programs send no such headers. @throws HttpError (403) */
export function checkOrigin({ headers }: Request, access: Access): void {
  const origin = headers.get('origin');
  const site = headers.get('sec-fetch-site');
  const sameOrigin = origin === null || originHost(origin) === hostOf(headers, access)?.toLowerCase();
  if (!sameOrigin || (site !== null && site !== 'same-origin' && site !== 'none'))
    throw new HttpError(403, 'a page of another origin may not post');
}

function originHost(origin: string): string | undefined {
  return /^https?:\/\/(.+)$/.exec(origin.toLowerCase())?.[1];
}

/** A post needs the token if one is set, or if other machines can reach the server. @throws HttpError (401) */
export function checkPost({ headers }: Request, access: Access, ownAddress: string): void {
  const refuse = (reason: string) => new HttpError(401, reason, { 'www-authenticate': 'Bearer' });
  const { token } = access;
  if (token === undefined) {
    if (!isOpenToPosts(access, ownAddress))
      throw refuse('posting is off: start the server with $ETL_TOKEN or --token-file');
    // There is a proxy that we were not told about: whom it lets in is unknown.
    if (['forwarded', 'via', 'x-forwarded-for'].some((name) => headers.has(name)))
      throw refuse('posting through a proxy needs a token: see --token-file and --behind-proxy');
    return;
  }
  const authorization = headers.get('authorization');
  if (authorization === null) throw refuse('posting needs a bearer token');
  if (!isEqual(credentialsOf(authorization, 'bearer') ?? '', token)) throw refuse('wrong token');
}

/**
 * If a token for reading is set, reading needs one of the tokens: as bearer, or as the password of any user (HTTP Basic), which a
 * browser asks for. Posts do not accept the latter, since a browser sends it for pages of other sites, too.
 *
 * @throws HttpError (401)
 */
export function checkRead({ headers }: Request, { readToken, token }: Access): void {
  if (readToken === undefined) return;
  const authorization = headers.get('authorization') ?? '';
  const given = credentialsOf(authorization, 'bearer') ?? passwordOf(authorization) ?? '';
  // Always compares both, so that timing reveals nothing.
  const isRight = [readToken, token ?? readToken].map((right) => isEqual(given, right)).includes(true);
  if (isRight) return;
  const reason = authorization === '' ? 'reading needs a token' : 'wrong token';
  throw new HttpError(401, reason, { 'www-authenticate': 'Basic realm="serve-stats", charset="UTF-8"' });
}

function passwordOf(authorization: string): string | undefined {
  const encoded = credentialsOf(authorization, 'basic');
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : text.slice(colon + 1);
}

/** Compares in constant time. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** The client's address: behind a proxy the one that the proxy adds. @param peer address of the connection */
export function addressOf({ headers }: Request, { behindProxy }: Access, peer: string): string {
  const forwarded = behindProxy ? (listedIn(headers.get('x-forwarded-for')).at(-1) ?? '') : '';
  return isIP(forwarded) === 0 ? peer : forwarded;
}
