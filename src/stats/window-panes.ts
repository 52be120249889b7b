/**
 * Panes: partial summaries of a sensor, from which windows are assembled.
 *
 * A tumbling window is one pane. A sliding window consists of panes as long as its slide, so that each reading is
 * counted once whatever the overlap (Li et al., "No pane, no gain", SIGMOD Record 34, 2005).
 */

import type { SlidingWindows } from './sliding-windows.ts';
import { Summary, type Wanted } from './summary.ts';
import type { Span, Windows } from './windows.ts';

/** One of the requested window lengths. */
export interface Resolution {
  /** The length as given by the user. */
  readonly label: string;
  /** Divides time into panes; undefined when all readings are one window. */
  readonly panes: Windows | undefined;
  /** Undefined when each pane is a window. */
  readonly sliding?: SlidingWindows | undefined;
}

/** The readings of one sensor in one span of time. */
export interface Pane {
  readonly span: Span;
  readonly summary: Summary;
}

/** The panes of one sensor and resolution, by start. */
export type Panes = Map<number, Pane>;

/** The span of the window of all readings. */
export const EVERYTHING: Span = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };

/** The pane of this span; created when missing. */
export function paneOf(panes: Panes, span: Span, wanted: Wanted): Pane {
  let pane = panes.get(span.start);
  if (pane === undefined) {
    pane = { span, summary: new Summary(wanted) };
    panes.set(span.start, pane);
  }
  return pane;
}

/** The panes ordered by start; none for undefined. */
export function inOrder(panes: Panes | undefined): Pane[] {
  return [...(panes?.values() ?? [])].sort((a, b) => a.span.start - b.span.start);
}

/** Merges two ordered sequences of panes; panes of the same span are merged into the first. */
export function* merged(some: Iterable<Pane>, more: Iterable<Pane>): Generator<Pane> {
  let last: Pane | undefined;
  for (const pane of alternating(some, more)) {
    if (last?.span.start === pane.span.start) last.summary.merge(pane.summary);
    else {
      if (last !== undefined) yield last;
      last = pane;
    }
  }
  if (last !== undefined) yield last;
}

function* alternating(some: Iterable<Pane>, more: Iterable<Pane>): Generator<Pane> {
  const others = more[Symbol.iterator]();
  let other = others.next();
  for (const pane of some) {
    for (; !other.done && other.value.span.start <= pane.span.start; other = others.next()) yield other.value;
    yield pane;
  }
  for (; !other.done; other = others.next()) yield other.value;
}

/** Windows are due if they end after `after`, up to `until`: epoch milliseconds. */
interface DueOptions {
  readonly after: number;
  readonly until: number;
  readonly wanted: Wanted;
}

/** The due windows in order, from ordered panes. */
export function* dueWindows(
  panes: Iterable<Pane>,
  { sliding }: Resolution,
  options: DueOptions,
): Generator<Pane> {
  const windows = sliding === undefined ? panes : inOrder(slide(panes, sliding, options));
  for (const window of windows)
    if (window.span.end > options.after && window.span.end <= options.until) yield window;
}

/** The due sliding windows; each pane is merged into all windows that contain it. */
function slide(panes: Iterable<Pane>, sliding: SlidingWindows, { after, until, wanted }: DueOptions): Panes {
  const windows: Panes = new Map();
  for (const { span, summary } of panes) {
    // With a long lateness, most panes are not due yet.
    if (span.end > until) break;
    for (const window of sliding.over(span.start, after, until))
      paneOf(windows, window, wanted).summary.merge(summary);
  }
  return windows;
}

/** The first window end after this time, in epoch milliseconds; Infinity for the window of all readings. */
export function nextEnd({ panes }: Resolution, time: number): number {
  // Each pane ends a sliding window.
  return panes === undefined ? Number.POSITIVE_INFINITY : panes(time).end;
}

/** Deletes the panes that no window ending after the watermark contains. */
export function forget(panes: Panes, { panes: cut, sliding }: Resolution, watermark: number): void {
  if (cut === undefined) return;
  const { start } = cut(watermark);
  const needed = sliding?.firstOver(start).start ?? start;
  for (const pane of panes.keys()) if (pane < needed) panes.delete(pane);
}
