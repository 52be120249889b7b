/**
 * How far the readings' own time has come: which windows have passed, and which readings are too late for them.
 *
 * The watermark is the newest reading's time less the lateness. It moves on with every reading, so that a reading is late
 * for the same reason whether windows are closed at once or a moment later.
 */

import { nextEnd, type Resolution } from './window-panes.ts';

/** All times are in epoch milliseconds. */
export class Watermark {
  readonly #resolutions: readonly Resolution[];
  readonly #latenessMs: number;
  #newest = Number.NEGATIVE_INFINITY;
  #passed = Number.NEGATIVE_INFINITY;
  /** The next end of a window. */
  #nextEnd = Number.NEGATIVE_INFINITY;
  #earliest = Number.NEGATIVE_INFINITY;

  /** @param latenessMs how long after the newest reading a window stays open; Infinity: until the end of input */
  constructor(resolutions: readonly Resolution[], latenessMs: number) {
    this.#resolutions = resolutions;
    this.#latenessMs = latenessMs;
  }

  /** Whether windows may pass before the end of input. */
  get closes(): boolean {
    return this.#latenessMs !== Number.POSITIVE_INFINITY;
  }

  /** A reading before this time is late. */
  get earliest(): number {
    return this.#earliest;
  }

  /** Windows that end up to this time have passed. */
  get passed(): number {
    return this.#passed;
  }

  /** A reading from this time on makes another window pass. */
  get goal(): number {
    return this.closes ? this.#nextEnd + this.#latenessMs : Number.POSITIVE_INFINITY;
  }

  /** Takes note of a reading of this time. */
  see(time: number): void {
    if (time <= this.#newest) return;
    this.#newest = time;
    const watermark = time - this.#latenessMs;
    if (watermark < this.#nextEnd || watermark === Number.NEGATIVE_INFINITY) return;
    this.#passed = watermark;
    this.#nextEnd = Math.min(...this.#resolutions.map((resolution) => nextEnd(resolution, watermark)));
    this.#earliest = Math.max(...this.#resolutions.map(({ panes }) => panes?.(watermark).start ?? -Infinity));
  }
}
