/** A semaphore that limits concurrent tries; the others wait in order. */

/** Releases what was taken. */
export type GiveBack = () => void;

export class Slots {
  readonly #most: number;
  #taken = 0;
  /** A callback for each waiter, in order, that hands it a slot. */
  readonly #waiting = new Set<() => void>();

  constructor(most: number) {
    this.#most = most;
  }

  get open(): number {
    return this.#most - this.#taken;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Number of waiters. */
  get queued(): number {
    return this.#waiting.size;
  }

  /**
   * Takes a slot as soon as one is free.
   *
   * @param unwanted aborts the wait @returns undefined if it was aborted first: then nothing is taken
   */
  async take(unwanted: AbortSignal): Promise<GiveBack | undefined> {
    if (unwanted.aborted) return undefined;
    if (this.#taken < this.#most) this.#taken++;
    else if (!(await this.#turn(unwanted))) return undefined;
    return () => this.#giveBack();
  }

  /** Waits for a slot. @returns whether one came before the signal */
  #turn(unwanted: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (hasSlot: boolean) => {
        this.#waiting.delete(takeOver);
        unwanted.removeEventListener('abort', leave);
        resolve(hasSlot);
      };
      const takeOver = () => end(true);
      const leave = () => end(false);
      this.#waiting.add(takeOver);
      unwanted.addEventListener('abort', leave, { once: true });
    });
  }

  /** Hands the slot to the waiter that came first, if any. */
  #giveBack(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#taken--;
    else next();
  }
}

/** Takes a slot of each limit, in the given order: the same order everywhere avoids deadlock. Otherwise like `take`. */
export async function takeAll(
  limits: readonly Pick<Slots, 'take'>[],
  unwanted: AbortSignal,
): Promise<GiveBack | undefined> {
  const taken: GiveBack[] = [];
  const giveBack = () => {
    for (const one of taken) one();
  };
  for (const limit of limits) {
    const one = await limit.take(unwanted);
    if (one === undefined) {
      giveBack();
      return undefined;
    }
    taken.unshift(one);
  }
  return giveBack;
}
