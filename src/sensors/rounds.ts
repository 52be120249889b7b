/**
 * Reads several sensors at an interval, concurrently, without waiting for one that is slower than the interval.
 *
 * The readings of a round are yielded together, in the order of the sensors, once all are there, or at the latest when
 * the next round begins. Later ones are yielded with that round, which skips sensors that are still busy.
 */

import { setMaxListeners } from 'node:events';
import { atOnce } from '../async/at-once.ts';
import { later } from '../async/later.ts';
import { Failure, status } from '../failure.ts';
import type { Reading } from '../readings/reading.ts';
import { sameName } from './configure.ts';
import { atIntervals } from './interval.ts';
import { type ConfiguredSensor, type TakeOptions, takeReadings } from './take-reading.ts';

/** Maximum number of sensors to read concurrently: each may be a process or a connection. */
const MAX_AT_ONCE = 64;

/** A reading, or the reason why there is none. */
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
 * Takes readings until all rounds or recordings have ended, in batches, which may be empty.
 *
 * @throws the signal's reason on abort, after yielding earlier readings
 */
export async function* takeRounds(
  sensors: readonly ConfiguredSensor[],
  { everyMs, rounds }: Schedule,
  options: TakeOptions,
): AsyncGenerator<Outcome[]> {
  // Every sensor being read adds a listener.
  setMaxListeners(0, options.signal);
  const group = new SensorGroup(sensors, options);
  const ticks = atIntervals(everyMs, rounds, options);
  for (let next = later(ticks.next()); ; ) {
    await next.catch(() => {});
    const late = group.outcomes();
    // Even after an abort.
    if (late.length > 0) yield late;
    const { done, value: round } = await next;
    if (done || group.isOver) break;
    const { first, all } = group.begin(round);
    await (everyMs === undefined ? all : first);
    next = later(ticks.next());
    await Promise.race([all, nextRoundOrAll(next, all)]);
    yield group.outcomes();
    group.throwError();
  }
  await group.rest();
  yield group.outcomes();
  group.throwError();
}

/** Resolves when the next round begins; after the last round, when all sensors are done. */
async function nextRoundOrAll(next: Promise<IteratorResult<number>>, all: Promise<unknown>): Promise<void> {
  const { done } = await next.catch(() => ({ done: false }));
  if (done) await all;
}

/** A sensor with its position in the output. */
interface Slot {
  readonly sensor: ConfiguredSensor;
  readonly place: number;
  isBusy: boolean;
  /** Whether its recording has ended. */
  isOver: boolean;
}

interface Arrival {
  readonly round: number;
  readonly slot: Slot;
  readonly outcomes: readonly Outcome[];
}

class SensorGroup {
  readonly #slots: readonly Slot[];
  readonly #options: TakeOptions;
  /** The first sensor with each name. */
  readonly #owners = new Map<string, ConfiguredSensor>();
  #arrivals: Arrival[] = [];
  #errors: unknown[] = [];
  #rest: Promise<unknown> = Promise.resolve();
  #wake = () => {};

  constructor(sensors: readonly ConfiguredSensor[], options: TakeOptions) {
    this.#slots = sensors.map((sensor, place) => ({ sensor, place, isBusy: false, isOver: false }));
    this.#options = options;
  }

  /** Whether all recordings have ended. */
  get isOver(): boolean {
    return this.#slots.every(({ isOver }) => isOver);
  }

  /** Reads all idle sensors. @returns promises that resolve when any sensor is idle again, and when all of these are */
  begin(round: number): { readonly first: Promise<void>; readonly all: Promise<unknown> } {
    const idle = this.#slots.filter(({ isBusy, isOver }) => !isBusy && !isOver);
    for (const slot of idle) slot.isBusy = true;
    const first = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const all = atOnce(idle, MAX_AT_ONCE, (slot) => this.#read(slot, round));
    // Drops the results, which the chain of promises would retain.
    this.#rest = Promise.all([this.#rest, all]).then(() => {});
    return { first, all };
  }

  /** Resolves when all reads have finished. */
  async rest(): Promise<void> {
    await this.#rest;
  }

  /** The outcomes since the last call, in the order of rounds and sensors. */
  outcomes(): Outcome[] {
    const arrivals = this.#arrivals.sort((a, b) => a.round - b.round || a.slot.place - b.slot.place);
    this.#arrivals = [];
    return arrivals.flatMap(({ slot, outcomes }) =>
      outcomes.map((each) => this.#distinct(each, slot.sensor)),
    );
  }

  /** Throws any error other than a missing reading: a bug, or the signal's reason. */
  throwError(): void {
    if (this.#errors.length > 0) throw this.#errors[0];
  }

  async #read(slot: Slot, round: number): Promise<void> {
    try {
      const outcomes = await takeReadings(slot.sensor, this.#options);
      if (outcomes === undefined) slot.isOver = true;
      const isEmpty = outcomes === undefined && round === 0;
      this.#arrivals.push({ round, slot, outcomes: outcomes ?? (isEmpty ? [nothing(slot.sensor)] : []) });
    } catch (error) {
      if (error instanceof Failure) this.#arrivals.push({ round, slot, outcomes: [error] });
      else this.#errors.push(error);
    } finally {
      slot.isBusy = false;
      this.#wake();
    }
  }

  /** The outcome, unless it is a reading with the name of another sensor, from which it could not be told apart. */
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
