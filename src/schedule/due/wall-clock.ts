/**
 * The wall clock of a zone, as pieces of time with a constant offset from UTC. All numbers are minutes since 1970, of UTC or of
 * the wall clock: the latter are those at which UTC shows the same time.
 *
 * A call of Intl takes microseconds, so the pieces of each day are cached.
 */

import { systemZone, timeZone } from '../../stats/time-zone.ts';

export const DAY = 1440;
const MINUTE_MS = 60_000;
const MAX_DAYS = 50_000;

/** From `start` inclusive to `end` exclusive the wall clock shows UTC plus `shift`. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly shift: number;
}

export class WallClock {
  /** Name of the zone. */
  readonly zone: string;
  readonly #shiftAt: (minute: number) => number;
  readonly #days = new Map<number, readonly Piece[]>();

  /** @throws Error with a message for the user when there is no such zone */
  constructor(zone: string) {
    this.zone = zone;
    const offsetAt = timeZone(zone);
    this.#shiftAt = (minute) => Math.floor(offsetAt(minute * MINUTE_MS) / MINUTE_MS);
  }

  /** The pieces of a UTC day, from one midnight to the next. */
  piecesOf(day: number): readonly Piece[] {
    const known = this.#days.get(day);
    if (known !== undefined) return known;
    if (this.#days.size >= MAX_DAYS) this.#days.clear();
    const pieces = this.#pieces(day * DAY, (day + 1) * DAY);
    this.#days.set(day, pieces);
    return pieces;
  }

  #pieces(start: number, end: number): Piece[] {
    const [first, last] = [this.#shiftAt(start), this.#shiftAt(end)];
    if (first === last) return [{ start, end, shift: first }];
    // Bisect: no zone changes its clocks twice a day.
    let [before, after] = [start, end];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.#shiftAt(middle) === first) before = middle;
      else after = middle;
    }
    if (after === end) return [{ start, end, shift: first }];
    return [
      { start, end: after, shift: first },
      { start: after, end, shift: last },
    ];
  }
}

const clocks = new Map<string | undefined, WallClock>();

/** The clock of a zone; undefined for the system's. @throws Error with a message for the user when there is no such zone */
export function wallClock(zone: string | undefined): WallClock {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    // Cached for good: the runtime reads the system's zone only once, too.
    clock = new WallClock(zone ?? systemZone());
    clocks.set(zone, clock);
  }
  return clock;
}
