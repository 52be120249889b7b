/**
 * What the exit status of a command means for its batch: the one table, which the tools' help shows.
 *
 *   0                       done                       acknowledged
 *   75                      not now                    returned, no try counted; retried for ever
 *   65                      this data is bad           halved until the bad message is alone, and buried
 *   64, 69, 78, 126, 127    the command is wrong       returned, no try counted; the tool ends with 69
 *   anything else           failed                     returned; after the last retry as for 65
 *
 * A command that we stopped did not fail: its batch is returned as for 75.
 */

import type { CommandEnd } from './command.ts';

/** What became of a batch. */
export type Verdict = 'done' | 'not now' | 'bad' | 'wrong command' | 'failed';

const verdicts: ReadonlyMap<number, Verdict> = new Map([
  [0, 'done'],
  [65, 'bad'],
  [75, 'not now'],
  ...[64, 69, 78, 126, 127].map((status) => [status, 'wrong command'] as const),
]);

/** What the end of a run says about its batch. */
export function verdictOf({ status, signal, wasStopped }: CommandEnd): Verdict {
  if (wasStopped && status !== 0) return 'not now';
  return signal === undefined ? (verdicts.get(status) ?? 'failed') : 'failed';
}

/** What the next step for a batch depends on. */
export interface Delivered {
  /** Number of messages. */
  readonly count: number;
  /** Failed runs before this one; halves inherit them. */
  readonly tries: number;
  /** Times it was returned without counting a try, since the last counted one. */
  readonly delays: number;
}

/** What to do with a batch. */
export type Step =
  | { readonly kind: 'acknowledge' | 'stop' }
  | { readonly kind: 'halve'; readonly tries: number }
  | { readonly kind: 'bury'; readonly tries: number }
  | { readonly kind: 'return'; readonly delayMs: number; readonly tries: number; readonly delays: number };

/** The next step after a run. @param retries tries after the first one @param random 0 to 1 */
export function nextStep(
  verdict: Verdict,
  { count, tries, delays }: Delivered,
  retries: number,
  random: number = Math.random(),
): Step {
  if (verdict === 'done') return { kind: 'acknowledge' };
  if (verdict === 'wrong command') return { kind: 'stop' };
  if (verdict === 'not now')
    return { kind: 'return', delayMs: pauseMs(delays, random), tries, delays: delays + 1 };
  const failed = verdict === 'failed' ? tries + 1 : tries;
  if (verdict === 'bad' || failed > retries) return { kind: count > 1 ? 'halve' : 'bury', tries: failed };
  return { kind: 'return', delayMs: pauseMs(failed - 1, random), tries: failed, delays };
}

/** Exponential backoff from 1 s to 1 min, with jitter (times 0.5 to 1). */
function pauseMs(before: number, random: number): number {
  return Math.min(1000 * 2 ** before, 60_000) * (0.5 + random / 2);
}
