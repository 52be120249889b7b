/**
 * The partitions of a taker, from which batches are given in turn.
 *
 * The beginnings of batches that wait for more, of all partitions together, have only so much memory. When it is used up, the
 * fullest that can be given is given as it is; if there is more of all of them, the fullest one is completed.
 */

import type { StoredMessage } from '../queue.ts';
import type { Lane, Wanted } from './lane.ts';

/** Bytes of memory of all that is fetched and not given, but for the fullest: that of a batch is more if it is asked for. */
const MOST_HELD = 16 << 20;

interface Next {
  readonly lane: Lane;
  readonly messages: readonly StoredMessage[];
}

export class Lanes {
  readonly #lanes = new Map<number, Lane>();
  #turn = 0;

  get all(): Lane[] {
    return [...this.#lanes.values()];
  }

  has(partition: number): boolean {
    return this.#lanes.has(partition);
  }

  add(lane: Lane): void {
    this.#lanes.set(lane.partition, lane);
  }

  remove({ partition }: Lane): void {
    this.#lanes.delete(partition);
  }

  /** Whether there is nothing to give; what is in those that cannot be fetched, only the broker knows. */
  get isIdle(): boolean {
    return this.all.every(({ isIdle, isOut, trouble }) => isIdle || (trouble !== undefined && !isOut));
  }

  /** The next batch; or the milliseconds until one may be ready. */
  next(wanted: Wanted, nowMs: number): Next | number {
    const lanes = this.all;
    const isFull = isMemoryFull(lanes, wanted);
    const first = this.#turn % Math.max(1, lanes.length);
    const inTurn = [...lanes.slice(first), ...lanes.slice(0, first)];
    const request = isFull ? { ...wanted, lingerMs: 0 } : wanted;
    let waitMs = Infinity;
    for (const lane of isFull ? byMemory(inTurn) : inTurn) {
      const next = lane.next(request, nowMs);
      if (typeof next === 'number') {
        waitMs = Math.min(waitMs, next);
        continue;
      }
      this.#turn = lanes.indexOf(lane) + 1;
      return { lane, messages: next };
    }
    return waitMs;
  }
}

/** @param besides bytes that will be held soon */
export function isMemoryFull(lanes: readonly Lane[], { bytes }: Pick<Wanted, 'bytes'>, besides = 0): boolean {
  const all = lanes.map(({ held }) => held);
  const others = all.reduce((sum, held) => sum + held, besides) - Math.max(0, ...all);
  return others >= Math.max(MOST_HELD, bytes);
}

/** The fullest first. */
export function byMemory(lanes: readonly Lane[]): Lane[] {
  return lanes.toSorted((one, other) => other.held - one.held);
}
