/** Times in a browser's datetime-local fields, which have no zone. */

import { isoText, type Zone } from './format.ts';
import type { Span } from './time-range.ts';

/** The latest time that can be entered. */
const LATEST = Date.parse('9999-12-31T23:59:59Z');

/** `2026-11-21T10:04:00`, as a field expects it; empty for a time outside the years 1 to 9999. */
export function fieldText(time: number, zone: Zone): string {
  const text = isoText(time, zone);
  return time <= LATEST && /^(?!0000)\d{4}-/.test(text) ? text.slice(0, 19) : '';
}

/** In epoch ms; undefined for an invalid time. */
export function fieldTime(text: string, zone: Zone): number | undefined {
  const time = Date.parse(zone === 'utc' ? `${text}Z` : text);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * The span between two fields; an empty second one means now.
 *
 * @returns an error message if something is wrong
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
