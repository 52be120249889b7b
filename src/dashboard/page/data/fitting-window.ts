/** The window that fits a stretch of time: fine enough to see what happened, and coarse enough to be seen at all. */

import { isRolling } from './catalog.ts';
import type { Entry } from './series-json.ts';
import type { Span } from './time-range.ts';

/** More rows than this, side by side, are a block of colour. A day of minutes is not too many. */
const MOST_ROWS = 1500;
/** A window has to reach over this part of what some window shows: minutes may be kept for days, and hours for years. */
const LEAST_SHARE = 0.5;

/** A window of some series. */
interface Candidate {
  readonly window: string;
  readonly lengthMs: number;
  /** How many rows of a series it would show. */
  readonly rows: number;
  /** How much of the span it has rows for, in milliseconds. */
  readonly share: number;
}

/** The window of these series that fits a span; undefined without any. A rolling one is only taken where there is no other. */
export function fittingWindow(entries: readonly Entry[], span: Span): string | undefined {
  const fixed = entries.filter(({ window }) => !isRolling(window));
  const all = candidates(fixed.length > 0 ? fixed : entries, span);
  const most = Math.max(...all.map(({ share }) => share));
  const reaching = all.filter(({ share }) => share >= LEAST_SHARE * most);
  return (reaching.find(({ rows }) => rows <= MOST_ROWS) ?? reaching.at(-1))?.window;
}

/** The shortest first. */
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
