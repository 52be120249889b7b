/** How far the events of a stream have been used, and the state file that says so. */

import type { Taken } from './inbox.ts';
import { addRecent, RECENT } from './recent-events.ts';
import type { StateFile } from './state.ts';

/** Events that were used. */
export interface Used {
  readonly count: number;
  /** Of those with ids of their own, at least of the last `RECENT`. */
  readonly fingerprints: readonly string[];
  /** The id behind them. */
  readonly lastId: string;
}

/** Counts what was used; without a state file it only counts. */
export class Bookmark {
  readonly #state: StateFile | undefined;
  readonly #now: () => number;
  #id: string;
  #events: number;
  readonly #recent: string[];

  /** @param now epoch milliseconds */
  constructor(state: StateFile | undefined, now: () => number) {
    const { id = '', events = 0, recent = [] } = state?.before ?? {};
    this.#state = state;
    this.#now = now;
    this.#id = id;
    this.#events = events;
    this.#recent = [...recent];
  }

  /** Number of events that were used since the state began. */
  get events(): number {
    return this.#events;
  }

  /** These events were used, after those before; the state says so when it returns. @throws Failure (I/O) */
  async advance({ count, fingerprints, lastId }: Used): Promise<void> {
    if (count === 0 && lastId === this.#id) return;
    this.#id = lastId;
    this.#events += count;
    addRecent(this.#recent, fingerprints);
    await this.#state?.write({
      id: this.#id,
      time: this.#now(),
      events: this.#events,
      recent: this.#recent.slice(-RECENT),
    });
  }
}

/** What counts of these events when they were used. */
export function usedOf({ events, lastId }: Taken): Used {
  const fingerprints = events.flatMap(({ fingerprint }) => fingerprint ?? []);
  return { count: events.length, fingerprints, lastId };
}
