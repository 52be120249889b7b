/**
 * Panes: summaries of one sensor in one span of time each, from which windows are made.
 *
 * A tumbling window is one pane. A sliding window is put together from panes as long as its step, so that each reading is
 * counted once whatever the overlap (Li et al., "No pane, no gain", SIGMOD Record 34, 2005).
 */

import { Summary, type Wanted } from './summary.ts';
import type { Span, Windows } from './windows.ts';

/** One of the window lengths that rows are wanted for. */
export interface Resolution {
  /** The length as the user wrote it. */
  readonly label: string;
  /** How time is cut into panes; undefined when all readings are one window. */
  readonly panes: Windows | undefined;
  /** Length in milliseconds of sliding windows, which consist of whole panes; undefined when each pane is a window. */
  readonly slidingLength: number | undefined;
}

/** The readings of one sensor in one span of time. */
export interface Pane {
  readonly span: Span;
  readonly summary: Summary;
}

/** The panes of one sensor at one resolution, by their start. */
export type Panes = Map<number, Pane>;

/** The span of the window of all readings. */
export const EVERYTHING: Span = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };

/** The pane of this span; a new one is added when there is none. */
export function paneOf(panes: Panes, span: Span, wanted: Wanted): Pane {
  let pane = panes.get(span.start);
  if (pane === undefined) {
    pane = { span, summary: new Summary(wanted) };
    panes.set(span.start, pane);
  }
  return pane;
}

/** The panes by their start; none of undefined. */
export function inOrder(panes: Panes | undefined): Pane[] {
  return [...(panes?.values() ?? [])].sort((a, b) => a.span.start - b.span.start);
}

/** The panes of both, which are in order, in order; two of the same span as one, merged into the former. */
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

/** The sliding windows that are due, put together from panes; each pane is merged into all windows that it is a part of. */
export function slide(
  panes: Iterable<Pane>,
  { panes: cut, slidingLength = 0 }: Resolution,
  { isDue, wanted }: { isDue(span: Span): boolean; readonly wanted: Wanted },
): Panes {
  const windows: Panes = new Map();
  for (const { span, summary } of panes) {
    let { start } = span;
    while (cut !== undefined && start + slidingLength > span.start) {
      const window = { start, end: start + slidingLength };
      if (isDue(window)) paneOf(windows, window, wanted).summary.merge(summary);
      start = cut(start - 1).start;
    }
  }
  return windows;
}

/** The first of the sliding windows with the pane that begins at `pane`, of those that begin at `from` or later. */
export function firstWindow(pane: number, { panes: cut, slidingLength = 0 }: Resolution, from: number): Span {
  let start = pane;
  while (cut !== undefined) {
    const before = cut(start - 1).start;
    if (before < from || before + slidingLength <= pane) break;
    start = before;
  }
  return { start, end: start + slidingLength };
}

/** The first end of a window after this time, in epoch milliseconds; Infinity for the window of all readings. */
export function nextEnd({ panes, slidingLength }: Resolution, time: number): number {
  if (panes === undefined) return Number.POSITIVE_INFINITY;
  return slidingLength === undefined ? panes(time).end : panes(time - slidingLength).end + slidingLength;
}

/** Deletes the panes that no window which ends after the watermark consists of. */
export function forget(panes: Panes, watermark: number, slidingLength: number | undefined): void {
  for (const [start, { span }] of panes) {
    const end = slidingLength === undefined ? span.end : start + slidingLength;
    if (end <= watermark) panes.delete(start);
  }
}
