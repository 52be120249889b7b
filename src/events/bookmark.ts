/** How far a stream has been used, and the state file that records it. */

import type { Taken } from './inbox.ts';
import { addRecent, RECENT } from './recent-events.ts';
import type { StateFile } from './state.ts';

/** Events that have been used. */
export interface Used {
  readonly count: number;
  /** Of those with ids of their own, at least the last `RECENT`. */
  readonly fingerprints: readonly string[];
  /** The last event id after them. */
  readonly lastId: string;
}

/** Counts used events, and records them in the state file, if any. */
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

  /** Number of events used since the state began. */
  get events(): number {
    return this.#events;
  }

  /** Records that these events have been used. Durable when it resolves. @throws Failure (I/O) */
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

/** What to record of these events once they have been used. */
export function usedOf({ events, lastId }: Taken): Used {
  const fingerprints = events.flatMap(({ fingerprint }) => fingerprint ?? []);
  return { count: events.length, fingerprints, lastId };
}
