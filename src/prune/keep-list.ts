/** How long rows of which windows are kept: `1m=30d,1h=5y`. */

import { quote } from '../lines/line.ts';
import { lengthOf } from '../readings/ahead.ts';
import { parseDuration } from '../readings/duration.ts';
import { windowName } from '../readings/window-name.ts';

const YEAR_MS = 365 * 86_400_000;

/** Rows of one window. */
export interface Kept {
  /** Its one name. */
  readonly window: string;
  /** In milliseconds; 0 for windows without a length, such as `all`. */
  readonly lengthMs: number;
  /** How long, in milliseconds. */
  readonly keepMs: number;
}

/**
 * Reads a list of `WINDOW=DURATION`, for an option's `parse`; a duration may be in years of 365 days.
 *
 * @returns the shortest window first @throws Error with a message for the user
 */
export function parseKeepList(text: string): readonly Kept[] {
  const list = text.split(',').map(parseKept);
  list.sort((one, other) => one.lengthMs - other.lengthMs);
  for (const [at, { window, lengthMs, keepMs }] of list.entries())
    for (const shorter of list.slice(0, at)) {
      if (shorter.window === window) throw new Error(`twice the same window: ${window}`);
      if (isShorter(shorter, lengthMs) && keepMs < shorter.keepMs)
        throw new Error(`rows of ${window} would go before those of ${shorter.window}, which they sum up`);
    }
  return list;
}

/** What holds for rows of a window; undefined when nothing does. */
export function keptOf(list: readonly Kept[], window: string): Kept | undefined {
  const name = windowName(window);
  return list.find((kept) => kept.window === name);
}

/** What sums up rows of this window, and has to be there before they go: the next longer window of the list. */
export function coarserOf(list: readonly Kept[], kept: Kept): Kept | undefined {
  return list.find(({ lengthMs }) => isShorter(kept, lengthMs));
}

/** A day of the calendar and 24 hours are as long as each other, and neither sums up the other. */
function isShorter(kept: Kept, lengthMs: number): boolean {
  return kept.lengthMs > 0 && kept.lengthMs < lengthMs;
}

function parseKept(text: string): Kept {
  const [window = '', keep = '', ...rest] = text.split('=').map((part) => part.trim());
  if (window === '' || keep === '' || rest.length > 0)
    throw new Error(`not WINDOW=DURATION: ${quote(text)} (write 1m=30d,1h=5y)`);
  const lengthMs = lengthOf(window);
  if (lengthMs === 0 && window !== 'all')
    throw new Error(`not a window: ${quote(window)} (write 1m, 1h, 1d or all)`);
  const [, years] = /^([1-9]\d{0,3})y$/.exec(keep) ?? [];
  return {
    window: windowName(window),
    lengthMs,
    keepMs: years === undefined ? parseDuration(keep) : Number(years) * YEAR_MS,
  };
}
