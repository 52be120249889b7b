/** The windows that the user asks for: `--window` and `--slide`. */

import { quote } from '../lines/line.ts';
import { longestMonths, parseDuration, parseMonths } from '../readings/duration.ts';
import { LONGEST_WINDOW_MS } from '../readings/reading.ts';
import { windowName } from '../readings/window-name.ts';

/** A `--window`. */
export interface RequestedWindow {
  /** Its canonical name, however the user wrote it: `1h` for `60m`. */
  readonly label: string;
  /** In milliseconds, for months the longest; undefined for all readings in one. */
  readonly lengthMs: number | undefined;
  /** The number of calendar months; undefined for other windows. */
  readonly months?: number | undefined;
}

/** Parses `--window`: one or more, separated by commas. @throws as `parseWindow` does */
export function parseWindows(text: string): RequestedWindow[] {
  return text.split(',').map((part) => parseWindow(part.trim()));
}

/** Parses a length, calendar months, or `all`. @throws Error with a message for the user */
export function parseWindow(text: string): RequestedWindow {
  if (text === 'all') return { label: text, lengthMs: undefined };
  const months = parseMonths(text);
  return months === undefined ? parseLength(text) : monthsWindow(text, months);
}

/** @throws Error with a message for the user, if not every year begins with such a window */
function monthsWindow(text: string, months: number): RequestedWindow {
  if (12 % months !== 0)
    throw new Error(`does not divide a year: ${quote(text)} (write 1mo, 2mo, 3mo, 4mo, 6mo or 1y)`);
  return { label: windowName(text), lengthMs: longestMonths(months), months };
}

/** Parses a length. @throws Error with a message for the user */
export function parseLength(text: string) {
  const lengthMs = parseDuration(text);
  if (lengthMs > LONGEST_WINDOW_MS) throw new Error(`longer than 366d: ${quote(text)}`);
  return { label: windowName(text), lengthMs };
}

/** Why overlapping windows cannot begin this often; undefined if they can. */
export function slideProblem(
  windows: readonly RequestedWindow[],
  slide: { readonly label: string; readonly lengthMs: number },
): string | undefined {
  for (const { label, lengthMs, months } of windows) {
    if (months !== undefined) return `--slide does not go with calendar months: ${label}`;
    if (lengthMs !== undefined && lengthMs % slide.lengthMs !== 0)
      return `--slide must divide the window length: ${label} is not a multiple of ${slide.label}`;
  }
  return undefined;
}
