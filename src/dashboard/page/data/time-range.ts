/** The time spans to view: the hours or days up to now, everything, or a zoom. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Lengths in ms; `all` has none. */
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

/** Whether this names a range. */
export function isRangeName(text: string): text is RangeName {
  return rangeNames.includes(text);
}

/** In epoch ms; `from` is before `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const SHORTEST = 60_000;
/** How far a span may extend beyond the rows, as a fraction of its length. */
const MARGIN = 0.5;

/** The current span of a range. @param rows from the earliest to the latest end; undefined without rows */
export function spanOf(range: RangeName, now: number, rows: Span | undefined): Span {
  const length = RANGES[range];
  if (length !== undefined) return { from: now - length, to: now };
  if (rows === undefined) return { from: now - DAY, to: now };
  return rows.to - rows.from < SHORTEST ? { from: rows.to - HOUR, to: rows.to } : rows;
}

/** The range that a page opens with: a day, unless all rows are older. */
export function firstRange(now: number, rows: Span | undefined): RangeName {
  return rows === undefined || rows.to > now - DAY ? '24h' : 'all';
}

/** Scales the span by a factor around the time `at`. */
export function zoom({ from, to }: Span, factor: number, at = (from + to) / 2): Span {
  const length = Math.max((to - from) * factor, SHORTEST);
  const part = (at - from) / (to - from);
  return { from: at - part * length, to: at + (1 - part) * length };
}

/** Shifts the span by this many times its length. */
export function pan({ from, to }: Span, parts: number): Span {
  const by = (to - from) * parts;
  return { from: from + by, to: to + by };
}

/** Clamps a span: whole ms, at least a minute, no longer than all rows, and near them. */
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

/** Widens a span, so that there is data to show while panning. */
export function widened({ from, to }: Span): Span {
  const by = Math.ceil((to - from) / 4);
  return { from: Math.floor(from - by), to: Math.ceil(to + by) };
}

/** Whether one span contains another. */
export function holds(outer: Span, inner: Span): boolean {
  return outer.from <= inner.from && outer.to >= inner.to;
}

/** Positions of two fingers, as fractions of a chart's width. */
export type Fingers = readonly [number, number];

/** At this distance or less, fingers do not zoom. */
const CLOSE = 1e-3;

/** The span that keeps both fingers at the times they touched first; unchanged if they have crossed. */
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
