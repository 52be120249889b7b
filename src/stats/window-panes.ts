/**
 * Panes: what is known of one sensor in one piece of time. A window is a pane; a sliding window is put together from
 * panes as long as its step, so that each reading is counted once whatever the overlap.
 */

import { Summary, type Wanted } from './summary.ts';
import type { Span, Windows } from './windows.ts';

/** A length of windows that rows are wanted for. */
export interface Resolution {
  /** As it was asked for. */
  readonly label: string;
  /** How time is cut; undefined when all readings are one window. */
  readonly panes: Windows | undefined;
  /** For sliding windows, which are made of whole panes, their length; undefined when each pane is a window. */
  readonly slidingLength: number | undefined;
}

export interface Pane {
  readonly span: Span;
  readonly summary: Summary;
}

/** The panes of one sensor at one resolution, by their start. */
export type Panes = Map<number, Pane>;

/** Where all readings are one window. */
export const EVERYTHING: Span = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };

/** The pane of this span, made when it is not there. */
export function paneOf(panes: Panes, span: Span, wanted: Wanted): Pane {
  let pane = panes.get(span.start);
  if (pane === undefined) {
    pane = { span, summary: new Summary(wanted) };
    panes.set(span.start, pane);
  }
  return pane;
}

export function inOrder(panes: Panes | undefined): Pane[] {
  return [...(panes?.values() ?? [])].sort((a, b) => a.span.start - b.span.start);
}

/** The panes of both, each in order, those of one span as one. */
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

/** The sliding windows that are due, put together from panes. */
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

/** The first end of a window after this time. */
export function nextEnd({ panes, slidingLength }: Resolution, time: number): number {
  if (panes === undefined) return Number.POSITIVE_INFINITY;
  return slidingLength === undefined ? panes(time).end : panes(time - slidingLength).end + slidingLength;
}

/** Forgets panes; one is needed until the last window that it is a part of has closed. */
export function forget(panes: Panes, watermark: number, slidingLength: number | undefined): void {
  for (const [start, { span }] of panes) {
    const end = slidingLength === undefined ? span.end : start + slidingLength;
    if (end <= watermark) panes.delete(start);
  }
}
