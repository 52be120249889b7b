/** The instants at which the wall clock of a zone shows a time: none for one that it skips, two for one that comes twice. */

import type { OffsetAt } from './time-zone.ts';
import { changeBetween } from './windows.ts';

/** In epoch milliseconds, in their order. */
export type Instants = readonly [] | readonly [number] | readonly [number, number];

/** A day of the wall clock: the offset on its eve and on the day after it, and the instant of the change between them. */
interface Day {
  readonly before: number;
  readonly after: number;
  /** Undefined where the offset stays. */
  readonly change: number | undefined;
}

const DAY = 86_400_000;
const MOST_DAYS = 50_000;

/** To ask for an offset takes microseconds, so what is known of each day is kept. */
export class LocalTimes {
  readonly #offsetAt: OffsetAt;
  readonly #days = new Map<number, Day>();
  /** The day asked for last, as most times are of the same. */
  #number = Number.NaN;
  #day: Day = { before: 0, after: 0, change: undefined };

  constructor(offsetAt: OffsetAt) {
    this.#offsetAt = offsetAt;
  }

  /** When the clock shows this time, which is given as the epoch milliseconds at which a clock in UTC shows it. */
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
      if (this.#days.size >= MOST_DAYS) this.#days.clear();
      day = this.#look(number * DAY);
      this.#days.set(number, day);
    }
    this.#number = number;
    this.#day = day;
    return day;
  }

  #look(start: number): Day {
    // No clock is a day ahead or behind, and none is changed twice within three days.
    const [low, high] = [start - DAY, start + 2 * DAY];
    const [before, after] = [this.#offsetAt(low), this.#offsetAt(high)];
    return {
      before,
      after,
      change: before === after ? undefined : changeBetween(low, high, this.#offsetAt),
    };
  }
}
