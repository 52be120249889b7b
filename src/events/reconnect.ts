/**
 * When to reconnect: a pure function of the history.
 *
 *   body ended, broke off, or idle   after the server's retry time (3 s), doubled up to 1 min
 *   429, 500, 502, 503, 504          the same, or after `Retry-After`
 *   no connection                    the same
 *
 * An event resets the doubling. Gives up when connections have failed for longer than the limit, without a
 * `Retry-After`.
 */

const FIRST_PAUSE_MS = 3000;
const LONGEST_PAUSE_MS = 60_000;
/** Minimum pause, whatever the server asks for. */
const SHORTEST_PAUSE_MS = 10;
/** Maximum pause: a server that asks for more is wrong. */
const LONGEST_RETRY_MS = 24 * 3_600_000;

/** The history of a stream's connections. */
export interface History {
  /** The server's retry time between connections, in milliseconds. */
  readonly retryMs: number;
  /** Number of pauses since the last event. */
  readonly pauses: number;
  /** When the current row of failures began, in milliseconds of any clock; undefined for none. */
  readonly failingSince: number | undefined;
}

/** The initial history. */
export const noHistory: History = { retryMs: FIRST_PAUSE_MS, pauses: 0, failingSince: undefined };

/** Why a connection was lost. */
export type Loss =
  | { readonly kind: 'ended' | 'unreachable' }
  /** A temporary error response. @param retryAfterMs undefined without `Retry-After` */
  | { readonly kind: 'not now'; readonly retryAfterMs: number | undefined };

/** After the server has set the retry time. */
export function withRetry(history: History, retryMs: number): History {
  return { ...history, retryMs: between(SHORTEST_PAUSE_MS, retryMs, LONGEST_RETRY_MS) };
}

/** After a connection was made. */
export function connected(history: History): History {
  return { ...history, failingSince: undefined };
}

/** After an event. */
export function received(history: History): History {
  return { ...history, pauses: 0 };
}

/**
 * The pause before the next attempt, and the history after it.
 *
 * @param now milliseconds of a monotonic clock @param waitMs how long connections may fail
 * @returns undefined when they have failed for that long
 */
export function nextTry(
  history: History,
  loss: Loss,
  { now, waitMs }: { now: number; waitMs: number },
): { readonly history: History; readonly pauseMs: number } | undefined {
  const pauses = history.pauses + 1;
  const pauseMs = doubled(history);
  if (loss.kind === 'ended') return { pauseMs, history: { ...history, pauses } };
  if (loss.kind === 'not now' && loss.retryAfterMs !== undefined) {
    const asked = between(SHORTEST_PAUSE_MS, loss.retryAfterMs, LONGEST_RETRY_MS);
    return { pauseMs: asked, history: { ...history, pauses, failingSince: undefined } };
  }
  const failingSince = history.failingSince ?? now;
  const leftMs = failingSince + waitMs - now;
  if (leftMs <= 0) return undefined;
  return { pauseMs: Math.min(pauseMs, leftMs), history: { ...history, pauses, failingSince } };
}

function doubled({ retryMs, pauses }: History): number {
  return Math.min(retryMs * 2 ** pauses, Math.max(retryMs, LONGEST_PAUSE_MS));
}

function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(least, value), most);
}
