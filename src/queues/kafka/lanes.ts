/**
 * The partitions of a taker; delivers batches round-robin.
 *
 * Partial batches that wait for more messages share a memory limit. At the limit, the fullest deliverable batch is
 * delivered as it is; if all have more to fetch, the fullest one is completed.
 */

import type { StoredMessage } from '../queue.ts';
import type { Lane, Wanted } from './lane.ts';

/** Memory limit in bytes for undelivered messages outside the fullest lane; a larger batch raises it. */
const MAX_HELD = 16 << 20;

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

  /** Whether nothing is left to deliver. Unfetchable lanes count as idle: only the broker knows what they hold. */
  get isIdle(): boolean {
    return this.all.every(({ isIdle, isOut, trouble }) => isIdle || (trouble !== undefined && !isOut));
  }

  /** The next batch, or the milliseconds until one may be ready. */
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

/** @param besides bytes about to arrive */
export function isMemoryFull(lanes: readonly Lane[], { bytes }: Pick<Wanted, 'bytes'>, besides = 0): boolean {
  const all = lanes.map(({ held }) => held);
  const others = all.reduce((sum, held) => sum + held, besides) - Math.max(0, ...all);
  return others >= Math.max(MAX_HELD, bytes);
}

/** Sorts lanes by memory, the fullest first. */
export function byMemory(lanes: readonly Lane[]): Lane[] {
  return lanes.toSorted((one, other) => other.held - one.held);
}
