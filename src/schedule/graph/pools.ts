/** Pools: limits on concurrent tries of tasks that share a resource, across all runs of their graph. */

import { Slots } from '../tries/slots.ts';
import type { Graph, Task } from './graph.ts';

export class Pools {
  readonly #slots = new Map<string, Slots>();

  /** The pool of a task; undefined when it is in none. */
  of({ pool }: Task, { name, pools }: Graph): Slots | undefined {
    if (pool === undefined) return undefined;
    const most = pools.get(pool) ?? Number.POSITIVE_INFINITY;
    // A pool whose size changes becomes another pool.
    const key = JSON.stringify([name, pool, most]);
    let slots = this.#slots.get(key);
    if (slots === undefined) {
      slots = new Slots(most);
      this.#slots.set(key, slots);
    }
    return slots;
  }
}
