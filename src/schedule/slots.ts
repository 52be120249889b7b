/** A limit of tries at once: the rest waits in its order. */

export class Slots {
  readonly #most: number;
  #taken = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get open(): number {
    return this.#most - this.#taken;
  }

  get taken(): number {
    return this.#taken;
  }

  /** How many wait for one. */
  get queued(): number {
    return this.#waiting.length;
  }

  /** Resolves when there is a slot for the caller, who gives it back. */
  async take(): Promise<void> {
    if (this.#taken < this.#most) this.#taken++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Gives a slot to the one who has waited longest. */
  giveBack(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken--;
    else next();
  }
}
