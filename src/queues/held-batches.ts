/** Batches returned to an engine that cannot store them: they stay in this process until they are taken again. */

import { elapsedMs } from '../async/clock.ts';
import type { Again } from './queue.ts';

export interface HeldBatch<Message> {
  /** Only the first batch of a lane can be taken; those behind it wait. Undefined: in no lane. */
  readonly lane: number | string | undefined;
  readonly messages: readonly Message[];
  /** Number of failed runs. */
  readonly tries: number;
  /** Times in a row that it was returned without counting a try. */
  readonly delays: number;
}

interface Waiting<Message> {
  readonly batch: HeldBatch<Message>;
  /** Milliseconds of the elapsed clock. */
  readonly readyAt: number;
}

type IsOut = (lane: number | string) => boolean;
const noneIsOut: IsOut = () => false;

export class HeldBatches<Message> {
  readonly #elapsedMs: () => number;
  #waiting: Waiting<Message>[] = [];

  /** @param clock elapsed milliseconds, from an arbitrary origin */
  constructor(clock: () => number = elapsedMs) {
    this.#elapsedMs = clock;
  }

  /** Holds a returned batch for its delay, ahead of all others of its lane, since it was taken before them. */
  giveBack(batch: HeldBatch<Message>, { delayMs, tries, delays }: Again): void {
    const readyAt = this.#elapsedMs() + delayMs;
    this.#hold([{ batch: { ...batch, tries, delays }, readyAt }]);
  }

  /** Holds both halves, ready at once. @throws RangeError for a single message */
  halve(batch: HeldBatch<Message>, tries: number): void {
    const { lane, messages } = batch;
    if (messages.length < 2) throw new RangeError('a single message has no halves');
    const middle = messages.length >> 1;
    const readyAt = this.#elapsedMs();
    const halves = [messages.slice(0, middle), messages.slice(middle)];
    this.#hold(halves.map((half) => ({ batch: { lane, messages: half, tries, delays: 0 }, readyAt })));
  }

  /** Removes and returns the first ready batch. @param isOut whether a lane is blocked by a batch in flight */
  take(isOut: IsOut = noneIsOut): HeldBatch<Message> | undefined {
    const now = this.#elapsedMs();
    const found = this.#heads(isOut).find(({ readyAt }) => readyAt <= now);
    if (found !== undefined) this.#waiting = this.#waiting.filter((each) => each !== found);
    return found?.batch;
  }

  /** Whether a batch of this lane is held: later messages of the lane must then wait. */
  holds(lane: number | string): boolean {
    return this.#waiting.some(({ batch }) => batch.lane === lane);
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Milliseconds until `take` has one; undefined when none is held, or all wait for batches in flight. */
  msToNext(isOut: IsOut = noneIsOut): number | undefined {
    const heads = this.#heads(isOut);
    if (heads.length === 0) return undefined;
    const first = Math.min(...heads.map(({ readyAt }) => readyAt));
    return Math.max(0, first - this.#elapsedMs());
  }

  /** Drops the batches of a lane. @returns them */
  drop(lane: number | string): HeldBatch<Message>[] {
    const dropped = this.#waiting.filter(({ batch }) => batch.lane === lane);
    this.#waiting = this.#waiting.filter(({ batch }) => batch.lane !== lane);
    return dropped.map(({ batch }) => batch);
  }

  #hold(batches: readonly Waiting<Message>[]): void {
    this.#waiting.unshift(...batches);
  }

  /** The first batch of each lane without one in flight, and all batches in no lane. */
  #heads(isOut: IsOut): Waiting<Message>[] {
    const lanes = new Set<number | string>();
    return this.#waiting.filter(({ batch: { lane } }) => {
      if (lane === undefined) return true;
      if (isOut(lane)) return false;
      const isFirst = !lanes.has(lane);
      lanes.add(lane);
      return isFirst;
    });
  }
}
