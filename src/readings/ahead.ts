/**
 * Detects times that are too far ahead of the clock: either the time or the clock is wrong, and neither may move a window.
 *
 * This is the only use of the wall clock for readings; everything else goes by event time.
 */

import manifest from '../../package.json' with { type: 'json' };
import type { Rejection } from '../lines/line.ts';
import { durationOr0, longestMonths, parseDuration, parseMonths } from './duration.ts';
import type { StatsRow } from './stats-row.ts';
import { formatTime } from './time.ts';

/** How far ahead of the clock a time may be. */
export interface Ahead {
  /** In milliseconds; Infinity for no limit. */
  readonly ms: number;
  /** As it was asked for. */
  readonly text: string;
}

/** A clock that shows an earlier time is wrong. Epoch milliseconds. */
const RELEASED = Date.parse(manifest.releaseDate);

/** Parses `--ahead`: a duration, or `none` for no limit. @throws Error with a message for the user */
export function parseAhead(text: string): Ahead {
  return { ms: text === 'none' ? Number.POSITIVE_INFINITY : parseDuration(text), text };
}

/** Whether a time is too far ahead of the clock, in epoch milliseconds; never if the clock is plainly wrong. */
export function isFuture(time: number, now: number, aheadMs: number): boolean {
  return time > latestTime(now, aheadMs);
}

/** The latest time that is not too far ahead of the clock; Infinity if the clock is plainly wrong. */
function latestTime(now: number, aheadMs: number): number {
  return now < RELEASED ? Number.POSITIVE_INFINITY : now + aheadMs;
}

/**
 * How much later than the latest time a stats row may end: the length of its window, for months the longest; 0 if it has
 * none.
 */
export function lengthOf(window: string): number {
  if (window !== knownWindow) {
    const months = parseMonths(window);
    knownLength = months === undefined ? durationOr0(window) : longestMonths(months);
    knownWindow = window;
  }
  return knownLength;
}

/** Consecutive rows mostly have the same window. */
let knownWindow = '';
let knownLength = 0;

interface FutureSettings {
  readonly ahead: Ahead;
  /** Epoch milliseconds. */
  now(): number;
  /** Called once if the clock is plainly wrong. */
  warn(message: string): void;
}

/** Rejects what is too far ahead of the clock. */
export class FutureCheck {
  readonly #settings: FutureSettings;
  #hasWarned = false;

  constructor(settings: FutureSettings) {
    this.#settings = settings;
  }

  /** The latest time that is not too far ahead now: epoch milliseconds, or Infinity. */
  get latest(): number {
    const { ahead, now } = this.#settings;
    return latestTime(now(), ahead.ms);
  }

  /** Times up to this one are not too far ahead now, whether or not the clock is right. Epoch milliseconds. */
  get certain(): number {
    const { ahead, now } = this.#settings;
    return now() + ahead.ms;
  }

  /** The rejection of a `line` or `reading` of this time; undefined if it is not too far ahead. */
  rejection(what: string, time: number): Rejection | undefined {
    if (time <= this.certain) return undefined;
    const { ahead } = this.#settings;
    const now = this.#settings.now();
    if (isFuture(time, now, ahead.ms)) {
      const detail = `${what} is more than ${ahead.text} ahead of the clock: ${formatTime(time)}`;
      return { kind: 'future', detail };
    }
    this.#warnOnce(now);
    return undefined;
  }

  /** The rejection of a stats row whose window begins too far ahead or, if it has no length, whose last reading is. */
  rowRejection({ window, end }: StatsRow): Rejection | undefined {
    return this.rejection('row', Date.parse(end) - lengthOf(window));
  }

  #warnOnce(now: number): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#settings.warn(`the clock is wrong (${formatTime(now)}), so nothing is rejected as future`);
  }
}
