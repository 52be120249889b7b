/**
 * Readings in, one summary per sensor and window out, several window lengths in one pass.
 *
 * Time is the readings' own; the wall clock plays no part. A sliding window is put together from panes as long as its
 * step, so that each reading is counted once whatever the overlap.
 * Memory: one summary per sensor and open window or pane.
 */

import type { Decimal } from './decimal.ts';
import { Summary, type SummaryParts, type Wanted } from './summary.ts';
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

export interface WindowSummary {
  readonly sensor: string;
  readonly label: string;
  /** Undefined for the window of all readings. */
  readonly span: Span | undefined;
  readonly summary: Summary;
}

/** What is known of one sensor in one pane; for the pane of all readings `start` is undefined. */
export interface PaneParts {
  readonly sensor: string;
  /** The place of the resolution. */
  readonly resolution: number;
  /** Inclusive, epoch milliseconds. */
  readonly start: number | undefined;
  readonly parts: SummaryParts;
}

export type Outcome = 'counted' | 'late' | 'without a time';

interface Pane {
  readonly span: Span;
  readonly summary: Summary;
}

/** The panes of one sensor at one resolution, by their start. */
type Panes = Map<number, Pane>;

const EVERYTHING: Span = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };

export class Aggregate {
  readonly #resolutions: readonly Resolution[];
  readonly #wanted: Wanted;
  /** How long after the newest reading a window stays open; Infinity keeps all open until the end. */
  readonly #latenessMs: number;
  readonly #sensors = new Map<string, Panes[]>();
  readonly #timed: boolean;
  #newest = Number.NEGATIVE_INFINITY;
  /** Windows that end up to here are closed. */
  #closed = Number.NEGATIVE_INFINITY;
  /** The next end of a window; the watermark that reaches it closes the window. */
  #nextEnd = Number.NEGATIVE_INFINITY;
  /** A reading before this time is late. */
  #earliest = Number.NEGATIVE_INFINITY;

  constructor(resolutions: readonly Resolution[], wanted: Wanted, latenessMs: number) {
    this.#resolutions = resolutions;
    this.#wanted = wanted;
    this.#latenessMs = latenessMs;
    this.#timed = resolutions.some(({ panes }) => panes !== undefined);
  }

  /** A reading before this time is late, in epoch milliseconds. */
  get earliest(): number {
    return this.#earliest;
  }

  /** A reading from this time on closes a window. */
  get closesAt(): number {
    const isForever = this.#latenessMs === Number.POSITIVE_INFINITY;
    return isForever ? Number.POSITIVE_INFINITY : this.#nextEnd + this.#latenessMs;
  }

  /** The newest reading's time. */
  get newest(): number {
    return this.#newest;
  }

  /** Counts a value in all its windows, or in none when one of them is closed or cannot be told. */
  add(sensor: string, time: number | undefined, value: Decimal): Outcome {
    if (time === undefined) {
      if (this.#timed) return 'without a time';
    } else {
      if (time < this.#earliest) return 'late';
      if (time > this.#newest) this.#newest = time;
    }
    for (const [at, open] of this.#panesOf(sensor).entries())
      this.#pane(open, this.#spanAt(at, time)).summary.add(value, time);
    return 'counted';
  }

  #spanAt(resolution: number, time: number | undefined): Span {
    const cut = this.#resolutions[resolution]?.panes;
    return cut === undefined || time === undefined ? EVERYTHING : cut(time);
  }

  /**
   * Adds what is known of readings of one sensor that no window tells apart, at any of their times; none of them is
   * late. `newest` is the newest time of all readings.
   */
  addParts(sensor: string, time: number | undefined, parts: SummaryParts): void {
    for (const [at, open] of this.#panesOf(sensor).entries())
      this.#pane(open, this.#spanAt(at, time)).summary.addParts(parts);
  }

  /** Says that a reading of this time was counted elsewhere. */
  saw(time: number): void {
    if (time > this.#newest) this.#newest = time;
  }

  /** All that was counted, for another aggregate of the same windows. */
  *contents(): Generator<PaneParts> {
    for (const [sensor, resolutions] of this.#sensors) {
      for (const [resolution, panes] of resolutions.entries()) {
        for (const { span, summary } of panes.values()) {
          const start = span === EVERYTHING ? undefined : span.start;
          yield { sensor, resolution, start, parts: summary.parts };
        }
      }
    }
  }

  /** Takes in the contents of another one. */
  take({ sensor, resolution, start, parts }: PaneParts): void {
    const open = this.#panesOf(sensor)[resolution];
    if (open !== undefined) this.#pane(open, this.#spanAt(resolution, start)).summary.addParts(parts);
  }

  #panesOf(sensor: string): Panes[] {
    let panes = this.#sensors.get(sensor);
    if (panes === undefined) {
      panes = this.#resolutions.map(() => new Map());
      this.#sensors.set(sensor, panes);
    }
    return panes;
  }

  #pane(panes: Panes, span: Span): Pane {
    let pane = panes.get(span.start);
    if (pane === undefined) {
      pane = { span, summary: new Summary(this.#wanted) };
      panes.set(span.start, pane);
    }
    return pane;
  }

  /** The windows that the watermark has passed since the last call, in the order in which they end. */
  closePassed(): WindowSummary[] {
    const watermark = this.#newest - this.#latenessMs;
    if (watermark < this.#nextEnd || watermark === Number.NEGATIVE_INFINITY) return [];
    const closed = this.#close(watermark).sort((a, b) => (a.span?.end ?? 0) - (b.span?.end ?? 0));
    this.#nextEnd = Math.min(...this.#resolutions.map((resolution) => nextEnd(resolution, watermark)));
    this.#earliest = Math.max(...this.#resolutions.map(({ panes }) => panes?.(watermark).start ?? -Infinity));
    return closed;
  }

  /** All windows that are still open, by sensor, resolution and start. */
  closeAll(): WindowSummary[] {
    return this.#close(Number.POSITIVE_INFINITY);
  }

  #close(watermark: number): WindowSummary[] {
    const isDue = ({ end }: Span) => end > this.#closed && end <= watermark;
    const result: WindowSummary[] = [];
    for (const sensor of [...this.#sensors.keys()].sort()) {
      for (const [at, resolution] of this.#resolutions.entries()) {
        const panes: Panes = this.#sensors.get(sensor)?.[at] ?? new Map();
        const due = resolution.slidingLength === undefined ? panes : this.#slide(panes, resolution, isDue);
        const passed = [...due.values()].filter(({ span }) => isDue(span));
        passed.sort((a, b) => a.span.start - b.span.start);
        for (const { span, summary } of passed) {
          result.push({
            sensor,
            label: resolution.label,
            span: span === EVERYTHING ? undefined : span,
            summary,
          });
        }
        // At the end all of it is forgotten at once.
        if (watermark < Number.POSITIVE_INFINITY) forget(panes, watermark, resolution.slidingLength);
      }
    }
    if (watermark === Number.POSITIVE_INFINITY) this.#sensors.clear();
    this.#closed = watermark;
    return result;
  }

  /** The sliding windows that are due, put together from their panes. */
  #slide(panes: Panes, { panes: cut, slidingLength = 0 }: Resolution, isDue: (span: Span) => boolean): Panes {
    const windows: Panes = new Map();
    for (const { span, summary } of panes.values()) {
      let { start } = span;
      while (cut !== undefined && start + slidingLength > span.start) {
        const window = { start, end: start + slidingLength };
        if (isDue(window)) this.#pane(windows, window).summary.merge(summary);
        start = cut(start - 1).start;
      }
    }
    return windows;
  }
}

/** The first end of a window after this time. */
function nextEnd({ panes, slidingLength }: Resolution, time: number): number {
  if (panes === undefined) return Number.POSITIVE_INFINITY;
  return slidingLength === undefined ? panes(time).end : panes(time - slidingLength).end + slidingLength;
}

/** A pane is needed until the last window that it is a part of has closed. */
function forget(panes: Panes, watermark: number, slidingLength: number | undefined): void {
  for (const [start, { span }] of panes) {
    const end = slidingLength === undefined ? span.end : start + slidingLength;
    if (end <= watermark) panes.delete(start);
  }
}
