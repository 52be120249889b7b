/** Retention by window: `1m=30d,1h=5y`. */

import { quote } from '../lines/line.ts';
import { lengthOf } from '../readings/ahead.ts';
import { parseDuration } from '../readings/duration.ts';
import { windowName } from '../readings/window-name.ts';

const YEAR_MS = 365 * 86_400_000;

/** The retention of one window. */
export interface Kept {
  /** Its canonical name. */
  readonly window: string;
  /** In milliseconds; 0 for windows without a length, such as `all`. */
  readonly lengthMs: number;
  /** Retention in milliseconds. */
  readonly keepMs: number;
}

/**
 * Parses a list of `WINDOW=DURATION`, for an option's `parse`; a duration may be in years of 365 days.
 *
 * @returns the shortest window first @throws Error with a message for the user
 */
export function parseKeepList(text: string): readonly Kept[] {
  const list = text.split(',').map(parseKept);
  list.sort((one, other) => one.lengthMs - other.lengthMs);
  for (const [at, { window, lengthMs, keepMs }] of list.entries())
    for (const shorter of list.slice(0, at)) {
      if (shorter.window === window) throw new Error(`window named twice: ${window}`);
      if (isShorter(shorter, lengthMs) && keepMs < shorter.keepMs)
        throw new Error(`rows of ${window} would go before those of ${shorter.window}, which they sum up`);
    }
  return list;
}

/** The retention of a window; undefined when the list has none. */
export function keptOf(list: readonly Kept[], window: string): Kept | undefined {
  const name = windowName(window);
  return list.find((kept) => kept.window === name);
}

/** The next longer window of the list: rows are removed only once it covers them. */
export function coarserOf(list: readonly Kept[], kept: Kept): Kept | undefined {
  return list.find(({ lengthMs }) => isShorter(kept, lengthMs));
}

/** A calendar day and 24 hours have the same length: neither covers the other. */
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
