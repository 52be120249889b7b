/**
 * Readings of several sensors, at an interval: of all at once, and none waits for one that is slower than the interval.
 *
 * The readings of a round come together, in the order of the sensors, when all are there, at the latest when the next round
 * begins. What comes later is with those of the round that has begun meanwhile: a sensor that is still busy has no part in it.
 */

import { setMaxListeners } from 'node:events';
import { atOnce } from '../async/at-once.ts';
import { later } from '../async/later.ts';
import { Failure, status } from '../failure.ts';
import type { Reading } from '../readings/reading.ts';
import { sameName } from './configure.ts';
import { atIntervals } from './interval.ts';
import { type ConfiguredSensor, type TakeOptions, takeReadings } from './take-reading.ts';

/** The most sensors of a round that are read at the same time: each may be a process or a connection. */
const MOST_AT_ONCE = 64;

/** A reading, or why there is none. */
export type Outcome = Reading | Failure;

export function isReading(outcome: Outcome): outcome is Reading {
  return !(outcome instanceof Failure);
}

interface Schedule {
  /** Milliseconds; undefined for rounds without a pause. */
  readonly everyMs: number | undefined;
  readonly rounds: number;
}

/**
 * Takes readings until the rounds, or all recordings, are over. It yields them in batches, which may be empty.
 *
 * @throws the signal's reason when it is aborted, after what was read before
 */
export async function* takeRounds(
  sensors: readonly ConfiguredSensor[],
  { everyMs, rounds }: Schedule,
  options: TakeOptions,
): AsyncGenerator<Outcome[]> {
  // Each sensor that is read hears of the end.
  setMaxListeners(0, options.signal);
  const crew = new Crew(sensors, options);
  const ticks = atIntervals(everyMs, rounds, options);
  for (let next = later(ticks.next()); ; ) {
    await next.catch(() => {});
    const late = crew.outcomes();
    // Also when it was aborted.
    if (late.length > 0) yield late;
    const { done, value: round } = await next;
    if (done || crew.isOver) break;
    const { first, all } = crew.begin(round);
    await (everyMs === undefined ? all : first);
    next = later(ticks.next());
    await Promise.race([all, isThere(next, all)]);
    yield crew.outcomes();
    crew.throwError();
  }
  await crew.rest();
  yield crew.outcomes();
  crew.throwError();
}

/** Resolves when the next round begins; where there is none, nothing has to be ready before all is. */
async function isThere(next: Promise<IteratorResult<number>>, all: Promise<unknown>): Promise<void> {
  const { done } = await next.catch(() => ({ done: false }));
  if (done) await all;
}

/** A sensor among the others. */
interface Seat {
  readonly sensor: ConfiguredSensor;
  readonly place: number;
  isBusy: boolean;
  /** At the end of its recording. */
  isOver: boolean;
}

interface Arrival {
  readonly round: number;
  readonly seat: Seat;
  readonly outcomes: readonly Outcome[];
}

class Crew {
  readonly #seats: readonly Seat[];
  readonly #options: TakeOptions;
  /** The first sensor of each name. */
  readonly #owners = new Map<string, ConfiguredSensor>();
  #arrivals: Arrival[] = [];
  #errors: unknown[] = [];
  #rest: Promise<unknown> = Promise.resolve();
  #wake = () => {};

  constructor(sensors: readonly ConfiguredSensor[], options: TakeOptions) {
    this.#seats = sensors.map((sensor, place) => ({ sensor, place, isBusy: false, isOver: false }));
    this.#options = options;
  }

  /** Whether there is nothing more to read, ever. */
  get isOver(): boolean {
    return this.#seats.every(({ isOver }) => isOver);
  }

  /** Reads all idle sensors. @returns promises of when any sensor is idle again, and of when all of these are */
  begin(round: number): { readonly first: Promise<void>; readonly all: Promise<unknown> } {
    const idle = this.#seats.filter(({ isBusy, isOver }) => !isBusy && !isOver);
    for (const seat of idle) seat.isBusy = true;
    const first = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const all = atOnce(idle, MOST_AT_ONCE, (seat) => this.#read(seat, round));
    // Without the results, which would be kept as long as it goes on.
    this.#rest = Promise.all([this.#rest, all]).then(() => {});
    return { first, all };
  }

  /** Resolves when all that was begun is done. */
  async rest(): Promise<void> {
    await this.#rest;
  }

  /** What has come since the last call, in the order of rounds and sensors. */
  outcomes(): Outcome[] {
    const arrivals = this.#arrivals.sort((a, b) => a.round - b.round || a.seat.place - b.seat.place);
    this.#arrivals = [];
    return arrivals.flatMap(({ seat, outcomes }) =>
      outcomes.map((each) => this.#distinct(each, seat.sensor)),
    );
  }

  /** Throws any error other than a missing reading: a bug, or the signal's reason. */
  throwError(): void {
    if (this.#errors.length > 0) throw this.#errors[0];
  }

  async #read(seat: Seat, round: number): Promise<void> {
    try {
      const outcomes = await takeReadings(seat.sensor, this.#options);
      if (outcomes === undefined) seat.isOver = true;
      const isEmpty = outcomes === undefined && round === 0;
      this.#arrivals.push({ round, seat, outcomes: outcomes ?? (isEmpty ? [nothing(seat.sensor)] : []) });
    } catch (error) {
      if (error instanceof Failure) this.#arrivals.push({ round, seat, outcomes: [error] });
      else this.#errors.push(error);
    } finally {
      seat.isBusy = false;
      this.#wake();
    }
  }

  /** The outcome, unless it is a reading under the name of another sensor: nobody could tell them apart. */
  #distinct(outcome: Outcome, sensor: ConfiguredSensor): Outcome {
    if (outcome instanceof Failure || sensor.sensor.recorded !== undefined) return outcome;
    const owner = this.#owners.get(outcome.sensor) ?? sensor;
    this.#owners.set(outcome.sensor, owner);
    if (owner === sensor) return outcome;
    return new Failure(status.unavailable, sameName(outcome.sensor, sensor.shown, owner.shown));
  }
}

function nothing({ shown }: ConfiguredSensor): Failure {
  return new Failure(status.unavailable, `${shown}: nothing recorded`);
}
