/** Times as people type them into the fields of a browser, which know no zone. */

import { isoText, type Zone } from './format.ts';
import type { Span } from './time-range.ts';

/** Nothing later can be typed. */
const LATEST = Date.parse('9999-12-31T23:59:59Z');

/** `2026-11-21T10:04:00`, as a field takes it; empty for a time beyond the years 1 to 9999. */
export function fieldText(time: number, zone: Zone): string {
  const text = isoText(time, zone);
  return time <= LATEST && /^(?!0000)\d{4}-/.test(text) ? text.slice(0, 19) : '';
}

/** Epoch milliseconds; undefined for what is no time. */
export function fieldTime(text: string, zone: Zone): number | undefined {
  const time = Date.parse(zone === 'utc' ? `${text}Z` : text);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * The span between two fields; an empty second one is now.
 *
 * @returns in words what is wrong, if anything is
 */
export function spanOfFields(
  { from, to }: { readonly from: string; readonly to: string },
  { zone, now }: { readonly zone: Zone; readonly now: number },
): Span | string {
  const span = { from: fieldTime(from, zone), to: to === '' ? now : fieldTime(to, zone) };
  if (span.from === undefined || span.to === undefined) return 'Enter a date and a time.';
  if (span.from < span.to) return { from: span.from, to: span.to };
  return to === '' ? 'This must be before now.' : 'This must be before the second time.';
}
