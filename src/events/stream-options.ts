/** Maps options to the settings of a stream. */

import { SILENCE_MS } from '../http/exchange.ts';
import type { Endpoint } from '../http/request.ts';
import { parseDuration } from '../readings/duration.ts';
import type { Headers } from './headers.ts';
import type { StreamSettings } from './read-stream.ts';
import type { State } from './state.ts';
import { sinceUrl } from './stream-endpoint.ts';

/** Any connection is ended after this time without a byte. */
const LONGEST_IDLE_MS = SILENCE_MS;
/** The stream and its state. */
export interface Source {
  readonly endpoint: Endpoint;
  readonly ownHeaders: Headers;
  readonly before: State | undefined;
  /** Ends the stream. */
  readonly signal: AbortSignal;
}

/** The clock, and where messages go. */
type World = Pick<StreamSettings, 'warn' | 'explain'> & { now(): number };

/** The values of the options. */
interface Connecting {
  readonly since: number | undefined;
  readonly idle: number;
  readonly wait: number;
  readonly 'warn-gap': number;
  readonly 'user-agent': string;
}

/** The settings for `readStream`. */
export function streamSettings(
  { since, idle: idleMs, wait: waitMs, ...options }: Connecting,
  { now, warn, explain }: World,
  { endpoint, ownHeaders, before, signal }: Source,
): StreamSettings {
  return {
    ...{ endpoint, ownHeaders, headers: { 'user-agent': options['user-agent'] } },
    lastId: before?.id ?? '',
    awayMs: before === undefined ? undefined : Math.max(0, now() - before.time),
    sinceUrl: sinceUrl(endpoint.url, since),
    ...{ idleMs, waitMs, warnGapMs: options['warn-gap'], signal, warn, explain },
  };
}

/** Parses `--idle`. @returns milliseconds @throws Error with a message for the user */
export function parseIdle(text: string): number {
  const idleMs = parseDuration(text);
  if (idleMs > LONGEST_IDLE_MS) throw new Error(`more than 5m: ${JSON.stringify(text)}`);
  return idleMs;
}

/** Checks `--user-agent`. @throws Error with a message for the user */
export function parseUserAgent(text: string): string {
  if (!/^[\x20-\x7e]+$/.test(text)) throw new Error(`not one line of ASCII: ${JSON.stringify(text)}`);
  return text;
}
