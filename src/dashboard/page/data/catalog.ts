/** The series of the store, and which of them a view shows. */

import { formatLength } from './format.ts';
import type { Entry } from './series-json.ts';
import type { Span } from './time-range.ts';
import type { View } from './view.ts';

const HOUR = 3_600_000;
const ROLLING = 'all';
/** More lines in one chart cannot be told apart. */
export const MAX_TOGETHER = 12;

/** Replaces or adds the changed entries; sorted by sensor and window. */
export function merge(entries: readonly Entry[], changed: readonly Entry[]): Entry[] {
  const key = ({ sensor, window }: Entry) => JSON.stringify([sensor, window]);
  const all = new Map([...entries, ...changed].map((entry) => [key(entry), entry]));
  return [...all.values()].sort((a, b) => compare(a.sensor, b.sensor) || compare(a.window, b.window));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The distinct sensor names, in order. */
export function sensorsOf(entries: readonly Entry[]): string[] {
  return [...new Set(entries.map(({ sensor }) => sensor))];
}

/** The distinct windows: the rolling one first, then by length. */
export function windowsOf(entries: readonly Entry[]): string[] {
  const lengths = new Map(entries.map(({ window, latest }) => [window, latest.end - latest.start]));
  const order = (window: string) => (window === ROLLING ? -1 : (lengths.get(window) ?? 0));
  return [...lengths.keys()].sort((a, b) => order(a) - order(b) || compare(a, b));
}

const CALENDAR: ReadonlyMap<string, string> = new Map([
  ['1m', 'Minutes'],
  ['1h', 'Clock hours'],
  ['1d', 'Days'],
  ['1mo', 'Months'],
  ['1y', 'Years'],
]);

/** Whether a window is the time before each of its ends, rather than aligned to clock or calendar. */
export function isRolling(window: string): boolean {
  return window === ROLLING;
}

/** The display name of a window. */
export function windowLabel(window: string, entries: readonly Entry[]): string {
  const name = CALENDAR.get(window);
  if (name !== undefined) return name;
  if (window !== ROLLING) return window;
  const lengths = entries.flatMap((entry) =>
    entry.window === ROLLING ? [entry.latest.end - entry.latest.start] : [],
  );
  const isHour = lengths.every((length) => Math.abs(length - HOUR) < HOUR / 10);
  return isHour ? 'Rolling hour' : `Rolling ${formatLength(Math.max(...lengths))}`;
}

/** The sensors that a view shows: the chosen one, or those whose names contain the filter. */
export function shownSensors(entries: readonly Entry[], { sensor }: View, filter: string): string[] {
  if (sensor !== undefined) return [sensor];
  const wanted = filter.trim().toLowerCase();
  return sensorsOf(entries).filter((name) => name.toLowerCase().includes(wanted));
}

/** From the earliest to the latest end of rows, of one window or of all; undefined without any. */
export function extent(
  entries: readonly Entry[],
  window: string | undefined,
  sensors: readonly string[],
): Span | undefined {
  const wanted = new Set(sensors);
  const own = entries.filter(
    (entry) => (window ?? entry.window) === entry.window && wanted.has(entry.sensor),
  );
  if (own.length === 0) return undefined;
  return { from: Math.min(...own.map(({ from }) => from)), to: Math.max(...own.map(({ to }) => to)) };
}
