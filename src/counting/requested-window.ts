/** The windows that the user asks for: `--window` and `--slide`. */

import { quote } from '../lines/line.ts';
import { parseDuration } from '../readings/duration.ts';
import { LONGEST_WINDOW_MS } from '../readings/reading.ts';

/** A `--window`. */
export interface RequestedWindow {
  /** As the user wrote it. */
  readonly label: string;
  /** Undefined for all readings in one. */
  readonly lengthMs: number | undefined;
}

/** Reads `--window`: one or more, with commas between them. @throws as `parseWindow` does */
export function parseWindows(text: string): RequestedWindow[] {
  return text.split(',').map((part) => parseWindow(part.trim()));
}

/** Reads a length, or `all`. @throws Error with a message for the user */
export function parseWindow(text: string): RequestedWindow {
  return text === 'all' ? { label: text, lengthMs: undefined } : parseLength(text);
}

/** Reads a length. @throws Error with a message for the user */
export function parseLength(text: string) {
  const lengthMs = parseDuration(text);
  if (lengthMs > LONGEST_WINDOW_MS) throw new Error(`longer than 366d: ${quote(text)}`);
  return { label: text, lengthMs };
}
