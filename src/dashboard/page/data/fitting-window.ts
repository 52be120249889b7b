/** Selects the window that fits a time span: fine enough for detail, coarse enough to be legible. */

import { isRolling } from './catalog.ts';
import type { Entry } from './series-json.ts';
import type { Span } from './time-range.ts';

/** Above this, rows side by side merge into a solid block. A day of minutes is acceptable. */
const MAX_ROWS = 1500;
/** Least coverage of a window, relative to the best: minutes may be kept for days, hours for years. */
const MIN_SHARE = 0.5;

/** A window of some of the series. */
interface Candidate {
  readonly window: string;
  readonly lengthMs: number;
  /** Rows per series in the span. */
  readonly rows: number;
  /** How much of the span its rows cover, in ms. */
  readonly share: number;
}

/** The window of these series that fits a span; undefined without any. A rolling one only as a last resort. */
export function fittingWindow(entries: readonly Entry[], span: Span): string | undefined {
  const fixed = entries.filter(({ window }) => !isRolling(window));
  const all = candidates(fixed.length > 0 ? fixed : entries, span);
  const most = Math.max(...all.map(({ share }) => share));
  const reaching = all.filter(({ share }) => share >= MIN_SHARE * most);
  return (reaching.find(({ rows }) => rows <= MAX_ROWS) ?? reaching.at(-1))?.window;
}

/** Sorted by length, ascending. */
function candidates(entries: readonly Entry[], span: Span): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const { window, from, to, every, latest } of entries) {
    const lengthMs = Math.max(latest.end - latest.start, 1);
    const known = found.get(window) ?? { window, lengthMs, rows: 0, share: 0 };
    const share = Math.max(0, Math.min(to, span.to) - Math.max(from - lengthMs, span.from));
    const rows = (span.to - span.from) / (every ?? lengthMs);
    found.set(window, { ...known, rows: Math.max(known.rows, rows), share: Math.max(known.share, share) });
  }
  return [...found.values()].sort((a, b) => a.lengthMs - b.lengthMs);
}
