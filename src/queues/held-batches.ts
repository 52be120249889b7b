/** Batches that were given back to an engine that keeps none: they stay in this process until they are taken again. */

import { elapsedMs } from '../async/clock.ts';
import type { Again } from './queue.ts';

export interface HeldBatch<Message> {
  /** Of batches of one lane only the first can be taken: those behind it wait for it. Undefined: in no lane. */
  readonly lane: number | string | undefined;
  readonly messages: readonly Message[];
  /** Runs that failed. */
  readonly tries: number;
  /** Times in a row that it was given back without a try being counted. */
  readonly delays: number;
}

interface Waiting<Message> {
  readonly batch: HeldBatch<Message>;
  /** Elapsed milliseconds. */
  readonly readyAt: number;
}

type IsOut = (lane: number | string) => boolean;
const noneIsOut: IsOut = () => false;

export class HeldBatches<Message> {
  readonly #elapsedMs: () => number;
  #waiting: Waiting<Message>[] = [];

  /** @param clock elapsed milliseconds, from any moment */
  constructor(clock: () => number = elapsedMs) {
    this.#elapsedMs = clock;
  }

  /** Holds a batch that was taken until its time has come: before all others of its lane, since it was taken before them. */
  giveBack(batch: HeldBatch<Message>, { delayMs, tries, delays }: Again): void {
    const readyAt = this.#elapsedMs() + delayMs;
    this.#hold([{ batch: { ...batch, tries, delays }, readyAt }]);
  }

  /** Holds its halves, ready at once. @throws RangeError for a single message */
  halve(batch: HeldBatch<Message>, tries: number): void {
    const { lane, messages } = batch;
    if (messages.length < 2) throw new RangeError('a single message has no halves');
    const middle = messages.length >> 1;
    const readyAt = this.#elapsedMs();
    const halves = [messages.slice(0, middle), messages.slice(middle)];
    this.#hold(halves.map((half) => ({ batch: { lane, messages: half, tries, delays: 0 }, readyAt })));
  }

  /** The first batch that is ready, and held no longer. @param isOut whether a batch of a lane is out, so that those behind it wait */
  take(isOut: IsOut = noneIsOut): HeldBatch<Message> | undefined {
    const now = this.#elapsedMs();
    const found = this.#heads(isOut).find(({ readyAt }) => readyAt <= now);
    if (found !== undefined) this.#waiting = this.#waiting.filter((each) => each !== found);
    return found?.batch;
  }

  /** Whether a batch of this lane is held, so that no later messages of it may be taken. */
  holds(lane: number | string): boolean {
    return this.#waiting.some(({ batch }) => batch.lane === lane);
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Time until `take` has one; undefined when none is held, or all wait for those that are out. */
  msToNext(isOut: IsOut = noneIsOut): number | undefined {
    const heads = this.#heads(isOut);
    if (heads.length === 0) return undefined;
    const first = Math.min(...heads.map(({ readyAt }) => readyAt));
    return Math.max(0, first - this.#elapsedMs());
  }

  /** Lets go of the batches of a lane. @returns them */
  drop(lane: number | string): HeldBatch<Message>[] {
    const dropped = this.#waiting.filter(({ batch }) => batch.lane === lane);
    this.#waiting = this.#waiting.filter(({ batch }) => batch.lane !== lane);
    return dropped.map(({ batch }) => batch);
  }

  #hold(batches: readonly Waiting<Message>[]): void {
    this.#waiting.unshift(...batches);
  }

  /** Those with no other one of their lane out, or before them. */
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
