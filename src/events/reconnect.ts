/**
 * When to connect again. A pure function of what has happened so far:
 *
 *   a body that ended or broke, or went silent    after the time that the server asks for (3 s), doubled up to 1 min
 *   429, 500, 502, 503, 504                       the same, or after `Retry-After`
 *   no connection                                 the same
 *
 * An event resets the doubling. When no connection is made, and no answer asks to come again at some time, for longer than
 * the limit, all ends.
 */

const FIRST_PAUSE_MS = 3000;
const LONGEST_PAUSE_MS = 60_000;
/** A server that asks for less is not asked all the time. */
const SHORTEST_PAUSE_MS = 10;
/** A longer wish of a server is a mistake. */
const LONGEST_WISH_MS = 24 * 3_600_000;

/** What has happened so far. */
export interface History {
  /** What the server asks for between connections, in milliseconds. */
  readonly retryMs: number;
  /** Pauses since the last event. */
  readonly pauses: number;
  /** When the first of the tries failed that have all failed since, in milliseconds of some clock; undefined for none. */
  readonly failingSince: number | undefined;
}

/** The history at the beginning. */
export const noHistory: History = { retryMs: FIRST_PAUSE_MS, pauses: 0, failingSince: undefined };

/** Why there is no connection. */
export type Loss =
  | { readonly kind: 'ended' | 'unreachable' }
  /** An answer that may be another one later. @param retryAfterMs undefined when it does not say when */
  | { readonly kind: 'not now'; readonly retryAfterMs: number | undefined };

/** After the server has said how long to wait. */
export function withRetry(history: History, retryMs: number): History {
  return { ...history, retryMs: between(SHORTEST_PAUSE_MS, retryMs, LONGEST_WISH_MS) };
}

/** After a connection is made. */
export function connected(history: History): History {
  return { ...history, failingSince: undefined };
}

/** After an event. */
export function received(history: History): History {
  return { ...history, pauses: 0 };
}

/**
 * How long to wait before the next try, and the history then.
 *
 * @param now milliseconds of a clock that nobody sets @param waitMs how long all tries may fail
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
    const asked = between(SHORTEST_PAUSE_MS, loss.retryAfterMs, LONGEST_WISH_MS);
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
