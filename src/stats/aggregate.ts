/**
 * Readings in, one summary per sensor and window out, several window lengths in one pass.
 *
 * Time is the readings' own; the wall clock plays no part.
 * Memory: one summary per sensor and open window or pane. What is held elsewhere is taken in, at the end, sensor by sensor.
 */

import type { Decimal } from './decimal.ts';
import { Summary, type SummaryParts, type Wanted } from './summary.ts';
import {
  EVERYTHING,
  forget,
  inOrder,
  merged,
  nextEnd,
  type Pane,
  type Panes,
  paneOf,
  type Resolution,
  slide,
} from './window-panes.ts';
import type { Span } from './windows.ts';

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

/** What was counted elsewhere. */
export interface Held {
  readonly sensors: Iterable<string>;
  /** In the order of their times. */
  partsOf(sensor: string): Iterable<TimedParts>;
}

/** What is known of readings of one sensor that no window tells apart, with any of their times; none of them is late. */
export interface TimedParts {
  readonly time: number;
  readonly parts: SummaryParts;
}

export type Outcome = 'counted' | 'late' | 'without a time';

/** So many windows are made at a time. */
const BLOCK = 1000;

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
      paneOf(open, this.#spanAt(at, time), this.#wanted).summary.add(value, time);
    return 'counted';
  }

  #spanAt(resolution: number, time: number | undefined): Span {
    const cut = this.#resolutions[resolution]?.panes;
    return cut === undefined || time === undefined ? EVERYTHING : cut(time);
  }

  /**
   * Adds what is known of readings of one sensor that no window tells apart, at any of their times; none of them is
   * late.
   */
  addParts(sensor: string, time: number | undefined, parts: SummaryParts): void {
    for (const [at, open] of this.#panesOf(sensor).entries())
      paneOf(open, this.#spanAt(at, time), this.#wanted).summary.addParts(parts);
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
    if (open !== undefined)
      paneOf(open, this.#spanAt(resolution, start), this.#wanted).summary.addParts(parts);
  }

  #panesOf(sensor: string): Panes[] {
    let panes = this.#sensors.get(sensor);
    if (panes === undefined) {
      panes = this.#resolutions.map(() => new Map());
      this.#sensors.set(sensor, panes);
    }
    return panes;
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

  /** All windows that are still open, and those of what is held elsewhere: by sensor, resolution and start, in blocks. */
  *closeAll(held: readonly Held[]): Generator<WindowSummary[]> {
    let block: WindowSummary[] = [];
    const sensors = new Set(this.#sensors.keys());
    for (const one of held) for (const sensor of one.sensors) sensors.add(sensor);
    for (const sensor of [...sensors].sort()) {
      const open = this.#sensors.get(sensor);
      for (const at of this.#resolutions.keys()) {
        const own: Iterable<Pane> = inOrder(open?.[at]);
        const panes = held.reduce((all, one) => merged(all, this.#panesIn(one.partsOf(sensor), at)), own);
        for (const window of this.#due(sensor, at, panes, Number.POSITIVE_INFINITY)) {
          block.push(window);
          if (block.length < BLOCK) continue;
          yield block;
          block = [];
        }
      }
      this.#sensors.delete(sensor);
    }
    if (block.length > 0) yield block;
  }

  *#panesIn(held: Iterable<TimedParts>, resolution: number): Generator<Pane> {
    for (const { time, parts } of held) {
      const summary = new Summary(this.#wanted);
      summary.addParts(parts);
      yield { span: this.#spanAt(resolution, time), summary };
    }
  }

  #close(watermark: number): WindowSummary[] {
    const result: WindowSummary[] = [];
    for (const sensor of [...this.#sensors.keys()].sort()) {
      for (const [at, panes] of this.#panesOf(sensor).entries()) {
        for (const window of this.#due(sensor, at, inOrder(panes), watermark)) result.push(window);
        forget(panes, watermark, this.#resolutions[at]?.slidingLength);
      }
    }
    this.#closed = watermark;
    return result;
  }

  /** A sensor's windows that end up to the watermark and were not closed before, from panes in their order. */
  *#due(sensor: string, at: number, panes: Iterable<Pane>, watermark: number): Generator<WindowSummary> {
    const resolution = this.#resolutions[at];
    if (resolution === undefined) return;
    const isDue = ({ end }: Span) => end > this.#closed && end <= watermark;
    const { label, slidingLength } = resolution;
    const windows =
      slidingLength === undefined
        ? panes
        : inOrder(slide(panes, resolution, { isDue, wanted: this.#wanted }));
    for (const { span, summary } of windows)
      if (isDue(span)) yield { sensor, label, span: span === EVERYTHING ? undefined : span, summary };
  }
}
