/** The instants at which a zone's wall clock shows a time: none for a skipped time, two for a repeated one. */

import type { OffsetAt } from './time-zone.ts';
import { changeBetween } from './windows.ts';

/** Epoch milliseconds in ascending order. */
export type Instants = readonly [] | readonly [number] | readonly [number, number];

/** A local day: the offsets the day before and the day after, and the instant of the change in between. */
interface Day {
  readonly before: number;
  readonly after: number;
  /** Undefined when the offset does not change. */
  readonly change: number | undefined;
}

const DAY = 86_400_000;
const MAX_DAYS = 50_000;

/** Caches the offsets of each day, because computing one takes microseconds. */
export class LocalTimes {
  readonly #offsetAt: OffsetAt;
  readonly #days = new Map<number, Day>();
  /** The last day, as most times are of the same day. */
  #number = Number.NaN;
  #day: Day = { before: 0, after: 0, change: undefined };

  constructor(offsetAt: OffsetAt) {
    this.#offsetAt = offsetAt;
  }

  /** The instants at which the clock shows `wallMs`: the local time as epoch milliseconds, as if it were UTC. */
  instantsOf(wallMs: number): Instants {
    const { before, after, change } = this.#dayOf(Math.floor(wallMs / DAY));
    const early = wallMs - before;
    if (change === undefined) return [early];
    const late = wallMs - after;
    if (early < change) return late < change ? [early] : [early, late];
    return late < change ? [] : [late];
  }

  #dayOf(number: number): Day {
    if (number === this.#number) return this.#day;
    let day = this.#days.get(number);
    if (day === undefined) {
      if (this.#days.size >= MAX_DAYS) this.#days.clear();
      day = this.#look(number * DAY);
      this.#days.set(number, day);
    }
    this.#number = number;
    this.#day = day;
    return day;
  }

  #look(start: number): Day {
    // Offsets are less than a day, and change at most once within three days.
    const [low, high] = [start - DAY, start + 2 * DAY];
    const [before, after] = [this.#offsetAt(low), this.#offsetAt(high)];
    return {
      before,
      after,
      change: before === after ? undefined : changeBetween(low, high, this.#offsetAt),
    };
  }
}
