/** Stretches of time to look at: the last hours up to now, everything, or a zoom. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Their lengths in milliseconds; `all` has none. */
const RANGES = {
  '1h': HOUR,
  '6h': 6 * HOUR,
  '24h': DAY,
  '7d': 7 * DAY,
  '30d': 30 * DAY,
  '1y': 365 * DAY,
  all: undefined,
} as const;

export type RangeName = keyof typeof RANGES;

/** In the order of the buttons. */
export const rangeNames: readonly string[] = Object.keys(RANGES);

/** Whether a range has this name. */
export function isRangeName(text: string): text is RangeName {
  return rangeNames.includes(text);
}

/** Epoch milliseconds, `from` before `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const SHORTEST = 60_000;
/** How far a span may reach beyond the rows, in parts of its length. */
const MARGIN = 0.5;

/** The span of a range now. `rows` is from the earliest to the latest end; undefined without rows. */
export function spanOf(range: RangeName, now: number, rows: Span | undefined): Span {
  const length = RANGES[range];
  if (length !== undefined) return { from: now - length, to: now };
  if (rows === undefined) return { from: now - DAY, to: now };
  return rows.to - rows.from < SHORTEST ? { from: rows.to - HOUR, to: rows.to } : rows;
}

/** The range a page opens with: a day, unless the rows are older. */
export function firstRange(now: number, rows: Span | undefined): RangeName {
  return rows === undefined || rows.to > now - DAY ? '24h' : 'all';
}

/** The span longer or shorter by a factor; the time `at` stays where it is. */
export function zoom({ from, to }: Span, factor: number, at = (from + to) / 2): Span {
  const length = Math.max((to - from) * factor, SHORTEST);
  const part = (at - from) / (to - from);
  return { from: at - part * length, to: at + (1 - part) * length };
}

/** The span later by parts of its length. */
export function pan({ from, to }: Span, parts: number): Span {
  const by = (to - from) * parts;
  return { from: from + by, to: to + by };
}

/** The span nearest to this one of whole milliseconds that is at least a minute, not longer than all rows, and near them. */
export function bounded(span: Span, rows: Span | undefined, now: number): Span {
  const first = Math.min(rows?.from ?? now - DAY, now - HOUR);
  const last = Math.max(rows?.to ?? now, now);
  const length = Math.min(Math.max(span.to - span.from, SHORTEST), 1.1 * (last - first));
  const least = first - MARGIN * length;
  const most = last + MARGIN * length - length;
  const middle = (span.from + span.to) / 2;
  const from = Math.round(Math.min(Math.max(middle - length / 2, least), Math.max(least, most)));
  return { from, to: Math.round(from + length) };
}

/** A longer span, so that there is something to see while a person moves. */
export function widened({ from, to }: Span): Span {
  const by = Math.ceil((to - from) / 4);
  return { from: Math.floor(from - by), to: Math.ceil(to + by) };
}

/** Whether one span holds all of another. */
export function holds(outer: Span, inner: Span): boolean {
  return outer.from <= inner.from && outer.to >= inner.to;
}

/** The places of two fingers, in parts of the width of a chart. */
export type Fingers = readonly [number, number];

/** Fingers this close neither zoom in nor out. */
const CLOSE = 1e-3;

/** The span in which both fingers still are at the times they were put on; unchanged when they have crossed. */
export function pinch(span: Span, start: Fingers, end: Fingers): Span {
  const { from, to } = span;
  const distance = end[1] - end[0];
  const factor = Math.abs(distance) < CLOSE ? 1 : (start[1] - start[0]) / distance;
  const length = (to - from) * factor;
  if (!(length > 0)) return span;
  const middle = from + ((start[0] + start[1]) / 2) * (to - from);
  const left = middle - ((end[0] + end[1]) / 2) * length;
  return { from: left, to: left + length };
}
