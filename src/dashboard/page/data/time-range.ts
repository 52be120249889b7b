/** Which stretch of time is shown: the last hours up to now, everything, or what was zoomed to. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** By name, in milliseconds; `all` has no length. */
export const RANGES = {
  '1h': HOUR,
  '6h': 6 * HOUR,
  '24h': DAY,
  '7d': 7 * DAY,
  '30d': 30 * DAY,
  all: undefined,
} as const;

export type RangeName = keyof typeof RANGES;

export const rangeNames: readonly string[] = Object.keys(RANGES);

export function isRangeName(text: string): text is RangeName {
  return rangeNames.includes(text);
}

/** Epoch milliseconds, `from` before `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const SHORTEST = 60_000;
/** How far beyond the rows one may move, in parts of what is shown. */
const MARGIN = 0.5;

/** What a range shows now. `rows` is from the earliest to the latest end; undefined without rows. */
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

/** Longer or shorter by a factor; the time `at` stays where it is. */
export function zoom({ from, to }: Span, factor: number, at = (from + to) / 2): Span {
  const length = Math.max((to - from) * factor, SHORTEST);
  const place = (at - from) / (to - from);
  return { from: at - place * length, to: at + (1 - place) * length };
}

/** Later by so many parts of its length. */
export function pan({ from, to }: Span, parts: number): Span {
  const by = (to - from) * parts;
  return { from: from + by, to: to + by };
}

/** Whole milliseconds, at least a minute, not longer than all rows and not far beyond them. */
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

/** More than is shown, so that there is something to see while one moves. */
export function widened({ from, to }: Span): Span {
  const by = Math.ceil((to - from) / 4);
  return { from: Math.floor(from - by), to: Math.ceil(to + by) };
}

export function holds(outer: Span, inner: Span): boolean {
  return outer.from <= inner.from && outer.to >= inner.to;
}
