/**
 * A server that takes stats rows: one POST of CSV per batch, which it answers with 2xx when they are stored.
 *
 * A status that may pass (408, 425, 429, 5xx), a refused or broken connection and silence are temporary; any other
 * answer refuses for good, a redirect too, since it asks to send the rows elsewhere. Secrets are never shown.
 */

import { showAddress } from '../addresses/show.ts';
import { errorCode, errorText, Failure, type Status, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { formatStatsRows } from '../readings/stats-row.ts';
import type { OnConflict, Store, StoreSettings } from './store.ts';

/** How much of a refusal is read: enough for its first line. */
const MOST_BYTES = 4096;

const passing = new Set([408, 425, 429]);

export default function openHttp(address: string, settings: StoreSettings): Store {
  const name = showAddress(address);
  const { url, secrets, authorization } = credentials(address, settings.token);
  return {
    async upsert(rows, onConflict) {
      const response = await post(name, target(url, onConflict), {
        headers: { 'content-type': 'text/csv; charset=utf-8', ...authorization },
        body: formatStatsRows(rows),
        settings,
      });
      if (response.ok) await response.body?.cancel().catch(() => {});
      else throw await refusal(name, response, secrets);
      return undefined;
    },
    close() {},
  };
}

/** fetch takes no credentials in a URL: they become a header. */
function credentials(address: string, token: string | undefined) {
  const url = new URL(address);
  const user = decode(url.username);
  const password = decode(url.password);
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  url.username = '';
  url.password = '';
  const named = user !== '' || password !== '';
  const authorization = named ? `Basic ${basic}` : token ? `Bearer ${token}` : undefined;
  return {
    url,
    secrets: [token ?? '', password, basic].filter((secret) => secret !== ''),
    authorization: authorization === undefined ? {} : { authorization },
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

function target(url: URL, onConflict: OnConflict): URL {
  const to = new URL(url);
  if (onConflict !== 'more') to.searchParams.set('on-conflict', onConflict);
  return to;
}

interface Post {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly settings: StoreSettings;
}

async function post(name: string, url: URL, { headers, body, settings }: Post): Promise<Response> {
  const timeout = AbortSignal.timeout(settings.timeoutMs);
  const signal = AbortSignal.any([timeout, settings.signal]);
  try {
    return await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
  } catch (error) {
    const temporary = (text: string) => new Failure(status.temporary, `${name}: ${text}`, { cause: error });
    if (settings.signal.aborted) throw temporary('interrupted');
    if (timeout.aborted) throw temporary(`no answer within ${settings.timeoutMs / 1000} s`);
    const cause = error instanceof Error ? error.cause : undefined;
    const code = errorCode(cause);
    // An answer that is no HTTP has no code from Node 24 on.
    const isNoHttp = cause instanceof Error && cause.name === 'HTTPParserError';
    if (code !== undefined || isNoHttp) throw temporary(errorText(cause) || String(code));
    throw new Failure(status.unavailable, `${name}: ${errorText(cause ?? error)}`, { cause: error });
  }
}

async function refusal(name: string, response: Response, secrets: readonly string[]): Promise<Failure> {
  const code: Status =
    response.status >= 500 || passing.has(response.status) ? status.temporary : status.unavailable;
  const location = response.headers.get('location');
  const said = location === null ? await firstLine(response) : `see ${showAddress(location)}`;
  const words = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), said);
  return new Failure(code, `${name}: HTTP ${response.status}${words === '' ? '' : `: ${quote(words)}`}`);
}

async function firstLine(response: Response): Promise<string> {
  let text = '';
  try {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MOST_BYTES || text.trimStart().includes('\n')) break;
    }
  } catch {
    // What came of it is enough.
  }
  return text.trim().split('\n', 1).join('').trimEnd();
}
