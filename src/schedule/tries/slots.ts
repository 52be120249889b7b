/** A limit on tries at once: the others wait in order. */

/** Frees what was taken. */
export type GiveBack = () => void;

export class Slots {
  readonly #most: number;
  #taken = 0;
  /** For each who waits, in order, what hands over a slot. */
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

  /** How many wait for a slot. */
  get queued(): number {
    return this.#waiting.size;
  }

  /**
   * Takes a slot, as soon as there is one.
   *
   * @param unwanted ends the wait @returns undefined when it was aborted first: then nothing is taken
   */
  async take(unwanted: AbortSignal): Promise<GiveBack | undefined> {
    if (unwanted.aborted) return undefined;
    if (this.#taken < this.#most) this.#taken++;
    else if (!(await this.#turn(unwanted))) return undefined;
    return () => this.#giveBack();
  }

  /** @returns whether it has come before the signal */
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

  /** Hands the slot to whoever has waited longest. */
  #giveBack(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#taken--;
    else next();
  }
}

/** Takes a slot of each limit, always in the given order, so that no two callers wait for each other. Otherwise as `take`. */
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
