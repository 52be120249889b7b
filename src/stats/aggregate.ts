/**
 * Aggregates readings into one summary per sensor and window, for several window lengths in one pass.
 *
 * Uses only event time, never the wall clock. Memory: one summary per sensor and open window or pane. Readings counted
 * elsewhere are read only at the end, sensor by sensor.
 */

import type { Decimal } from './decimal.ts';
import { sortedNames } from './names.ts';
import { Summary, type SummaryParts, type Wanted } from './summary.ts';
import { Watermark } from './watermark.ts';
import {
  dueWindows,
  EVERYTHING,
  forget,
  inOrder,
  merged,
  type Pane,
  type Panes,
  paneOf,
  type Resolution,
} from './window-panes.ts';
import type { Span } from './windows.ts';

/** The content of a row. */
export interface WindowSummary {
  readonly sensor: string;
  /** The window's length as given by the user. */
  readonly label: string;
  /** Undefined for the window of all readings. */
  readonly span: Span | undefined;
  readonly summary: Summary;
}

/** A sensor's summary of one pane, as plain data; `start` is undefined for the pane of all readings. */
export interface PaneParts {
  readonly sensor: string;
  /** The index of the resolution. */
  readonly resolution: number;
  /** Inclusive, epoch milliseconds. */
  readonly start: number | undefined;
  readonly parts: SummaryParts;
}

/** Readings counted elsewhere, by sensor. */
export interface PartsBySensor {
  readonly sensors: Iterable<string>;
  /** In time order; empty for an unknown sensor. */
  partsOf(sensor: string): Iterable<TimedParts>;
}

/** Readings of one sensor that are in the same windows, none of them late; `time` is that of any of them. */
interface TimedParts {
  readonly time: number;
  readonly parts: SummaryParts;
}

type Outcome = 'counted' | 'late' | 'without a time';

/** How many windows to yield at a time. */
const BLOCK = 1000;

/** Summaries per sensor and window, of readings in any order. */
export class Aggregate {
  readonly #resolutions: readonly Resolution[];
  readonly #wanted: Wanted;
  readonly #sensors = new Map<string, Panes[]>();
  readonly #isTimed: boolean;
  readonly watermark: Watermark;
  /** Windows that end at or before this time are closed. */
  #closed = Number.NEGATIVE_INFINITY;

  /** @param latenessMs how long after the newest reading a window stays open; Infinity: until the end of input */
  constructor(resolutions: readonly Resolution[], wanted: Wanted, latenessMs: number) {
    this.#resolutions = resolutions;
    this.#wanted = wanted;
    this.#isTimed = resolutions.some(({ panes }) => panes !== undefined);
    this.watermark = new Watermark(resolutions, latenessMs);
  }

  /** Whether windows have passed since the last `closePassed`. */
  get hasPassed(): boolean {
    return this.watermark.passed > this.#closed;
  }

  /** Counts a value in all its windows; in none if one of them is closed, or if a needed time is missing. */
  add(sensor: string, time: number | undefined, value: Decimal): Outcome {
    if (time === undefined) {
      if (this.#isTimed) return 'without a time';
    } else {
      if (time < this.watermark.earliest) return 'late';
      this.watermark.see(time);
    }
    for (const [at, open] of this.#panesOf(sensor).entries())
      paneOf(open, this.#spanAt(at, time), this.#wanted).summary.add(value, time);
    return 'counted';
  }

  /** Adds readings of one sensor that are in the same windows, none of them late; `time` is that of any of them. */
  addParts(sensor: string, time: number | undefined, parts: SummaryParts): void {
    for (const [at, open] of this.#panesOf(sensor).entries())
      paneOf(open, this.#spanAt(at, time), this.#wanted).summary.addParts(parts);
  }

  /** All open panes, for another aggregate with the same windows. */
  *contents(): Generator<PaneParts> {
    for (const [sensor, resolutions] of this.#sensors) {
      for (const [resolution, panes] of resolutions.entries())
        for (const { span, summary } of panes.values())
          yield { sensor, resolution, start: shown(span)?.start, parts: summary.parts };
    }
  }

  /** Removes and returns all open panes: those of one resolution, which contain all readings. */
  takeContents(resolution: number): PaneParts[] {
    const contents = [...this.contents()].filter((pane) => pane.resolution === resolution);
    this.#sensors.clear();
    return contents;
  }

  /** Builds a window from its parts: the one at this time or, for sliding windows, the one that starts then. */
  windowOf(sensor: string, resolution: number, time: number, parts: Iterable<SummaryParts>): WindowSummary {
    const summary = new Summary(this.#wanted);
    for (const part of parts) summary.addParts(part);
    const { label = '', sliding } = this.#resolutions[resolution] ?? {};
    return { sensor, label, span: shown(sliding?.from(time) ?? this.#spanAt(resolution, time)), summary };
  }

  /** Adds a pane of another aggregate with the same windows. */
  addPane({ sensor, resolution, start, parts }: PaneParts): void {
    const open = this.#panesOf(sensor)[resolution];
    if (open !== undefined)
      paneOf(open, this.#spanAt(resolution, start), this.#wanted).summary.addParts(parts);
  }

  /** The windows that have passed since the last call, ordered by end, sensor and resolution. */
  closePassed(): WindowSummary[] {
    const { passed } = this.watermark;
    if (passed === this.#closed) return [];
    const result: WindowSummary[] = [];
    for (const sensor of sortedNames(this.#sensors.keys())) {
      for (const [at, panes] of this.#panesOf(sensor).entries()) {
        const resolution = this.#resolutions[at];
        if (resolution === undefined) continue;
        for (const window of this.#due(sensor, resolution, inOrder(panes), passed)) result.push(window);
        forget(panes, resolution, passed);
      }
    }
    this.#closed = passed;
    return result.sort((a, b) => (a.span?.end ?? 0) - (b.span?.end ?? 0));
  }

  /**
   * All windows still open, including readings counted elsewhere, ordered by sensor, resolution and start, in blocks.
   * Add nothing afterwards.
   */
  *closeAll(elsewhere: readonly PartsBySensor[]): Generator<WindowSummary[]> {
    let block: WindowSummary[] = [];
    const sensors = new Set(this.#sensors.keys());
    for (const other of elsewhere) for (const sensor of other.sensors) sensors.add(sensor);
    for (const sensor of sortedNames(sensors)) {
      const open = this.#sensors.get(sensor);
      for (const [at, resolution] of this.#resolutions.entries()) {
        const own: Iterable<Pane> = inOrder(open?.[at]);
        const panes = elsewhere.reduce(
          (all, other) => merged(all, this.#panesFrom(other.partsOf(sensor), at)),
          own,
        );
        for (const window of this.#due(sensor, resolution, panes, Number.POSITIVE_INFINITY)) {
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

  *#panesFrom(counted: Iterable<TimedParts>, resolution: number): Generator<Pane> {
    for (const { time, parts } of counted) {
      const summary = new Summary(this.#wanted);
      summary.addParts(parts);
      yield { span: this.#spanAt(resolution, time), summary };
    }
  }

  /** A sensor's windows that end at or before this time and are not closed yet, from ordered panes. */
  *#due(
    sensor: string,
    resolution: Resolution,
    panes: Iterable<Pane>,
    until: number,
  ): Generator<WindowSummary> {
    const due = { after: this.#closed, until, wanted: this.#wanted };
    for (const { span, summary } of dueWindows(panes, resolution, due))
      yield { sensor, label: resolution.label, span: shown(span), summary };
  }

  #panesOf(sensor: string): Panes[] {
    let panes = this.#sensors.get(sensor);
    if (panes === undefined) {
      panes = this.#resolutions.map(() => new Map());
      this.#sensors.set(sensor, panes);
    }
    return panes;
  }

  #spanAt(resolution: number, time: number | undefined): Span {
    const cut = this.#resolutions[resolution]?.panes;
    return cut === undefined || time === undefined ? EVERYTHING : cut(time);
  }
}

function shown(span: Span): Span | undefined {
  return span === EVERYTHING ? undefined : span;
}
