/**
 * The watermark: which windows have passed, and which readings are late for them.
 *
 * It is the newest event time minus the lateness. It advances with every reading, so whether a reading is late does not
 * depend on when windows are closed.
 */

import { nextEnd, type Resolution } from './window-panes.ts';

/** All times are in epoch milliseconds. */
export class Watermark {
  readonly #resolutions: readonly Resolution[];
  readonly #latenessMs: number;
  #newest = Number.NEGATIVE_INFINITY;
  #passed = Number.NEGATIVE_INFINITY;
  /** The earliest window end still to come. */
  #nextEnd = Number.NEGATIVE_INFINITY;
  #earliest = Number.NEGATIVE_INFINITY;

  /** @param latenessMs how long after the newest reading a window stays open; Infinity: until the end of input */
  constructor(resolutions: readonly Resolution[], latenessMs: number) {
    this.#resolutions = resolutions;
    this.#latenessMs = latenessMs;
  }

  /** Whether windows can pass before the end of input. */
  get closes(): boolean {
    return this.#latenessMs !== Number.POSITIVE_INFINITY;
  }

  /** Readings before this time are late. */
  get earliest(): number {
    return this.#earliest;
  }

  /** Windows that end at or before this time have passed. */
  get passed(): number {
    return this.#passed;
  }

  /** A reading at or after this time makes another window pass. */
  get goal(): number {
    return this.closes ? this.#nextEnd + this.#latenessMs : Number.POSITIVE_INFINITY;
  }

  /** Advances the watermark for a reading of this time. */
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
