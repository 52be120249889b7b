/** Pools: limits of tries at once for tasks that use the same thing, in all runs of their graph. */

import { Slots } from '../tries/slots.ts';
import type { Graph, Task } from './graph.ts';

export class Pools {
  readonly #slots = new Map<string, Slots>();

  /** The pool of a task; undefined when it is in none. */
  of({ pool }: Task, { name, pools }: Graph): Slots | undefined {
    if (pool === undefined) return undefined;
    const most = pools.get(pool) ?? Number.POSITIVE_INFINITY;
    // After a change of its size it is another one.
    const key = JSON.stringify([name, pool, most]);
    let slots = this.#slots.get(key);
    if (slots === undefined) {
      slots = new Slots(most);
      this.#slots.set(key, slots);
    }
    return slots;
  }
}
