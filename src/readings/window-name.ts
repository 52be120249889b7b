/**
 * The canonical name of a window: `PT1H`, `60m` and `1h` are the same, whoever wrote them.
 *
 * A length is named in the largest unit of its kind that divides it: clock time (`90m`, `24h`), calendar days (`1d`, `1w`),
 * or calendar months (`1mo`, `1y`). Days are not clock time, because a calendar day may have 23 hours.
 */

import { durationOr0, parseMonths } from './duration.ts';

type Unit = readonly [name: string, ms: number];

const CLOCK: readonly Unit[] = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];
const DAYS: readonly Unit[] = [
  ['w', 604_800_000],
  ['d', 86_400_000],
];
/** Days and weeks only. */
const OF_DAYS = /^(?:(?:\d+(?:\.\d+)?[dw])+|P(?:\d+W)?(?:\d+D)?)$/;

/** The name of the window that a text means; a text that is not a length, such as `all`, is its own name. */
export function windowName(text: string): string {
  if (text !== knownText) {
    knownName = /^[\dP]/.test(text) ? lengthName(text) : text;
    knownText = text;
  }
  return knownName;
}

/** Consecutive rows mostly have the same window. */
let knownText = '';
let knownName = '';

function lengthName(text: string): string {
  const months = parseMonths(text);
  if (months !== undefined) return months % 12 === 0 ? `${months / 12}y` : `${months}mo`;
  const lengthMs = durationOr0(text);
  if (lengthMs === 0) return text;
  const whole = ([, ms]: Unit) => lengthMs % ms === 0;
  // A fraction of a day is clock time.
  const [name, ms] = (OF_DAYS.test(text) && DAYS.find(whole)) || CLOCK.find(whole) || ['ms', 1];
  return `${lengthMs / ms}${name}`;
}
