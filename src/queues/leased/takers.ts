/** The takers of a queue, one per group, opened on its first take. */

import type { TakenBatch, TakeRequest } from '../queue.ts';
import type { Engine } from './engine.ts';
import { LeasedTaker } from './taker.ts';

export class LeasedTakers {
  readonly #open: (group: string) => Promise<Engine>;
  readonly #takers = new Map<string, Promise<LeasedTaker>>();

  constructor(open: (group: string) => Promise<Engine>) {
    this.#open = open;
  }

  /** See `Queue`. */
  async take(request: TakeRequest): Promise<TakenBatch | undefined> {
    const { group } = request;
    let opening = this.#takers.get(group);
    if (opening === undefined) {
      opening = this.#open(group).then((engine) => new LeasedTaker(engine));
      this.#takers.set(group, opening);
      // The next call tries again.
      opening.catch(() => this.#takers.delete(group));
    }
    return (await opening).take(request);
  }

  async close(): Promise<void> {
    const takers = await Promise.all([...this.#takers.values()].map((each) => each.catch(() => undefined)));
    await Promise.all(takers.map((taker) => taker?.close()));
  }
}
