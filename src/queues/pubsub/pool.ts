/** Messages that have arrived and are in no batch yet. Those of one key are in one batch at a time. */

import type { Taken } from './leases.ts';

interface Limits {
  readonly count: number;
  readonly bytes: number;
}

export class Pool {
  #waiting: Taken[] = [];
  /** Of the batches that are out or held. */
  readonly #keys = new Set<string>();

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(messages: readonly Taken[]): void {
    this.#waiting.push(...messages);
  }

  drop(isGone: (each: Taken) => boolean): void {
    this.#waiting = this.#waiting.filter((each) => !isGone(each));
  }

  /** What the next batch would be. */
  look(limits: Limits): { readonly ready: number; readonly isFull: boolean } {
    const { chosen, isFull } = this.#choose(limits);
    return { ready: chosen.length, isFull };
  }

  /** The messages of the next batch. Others of their keys wait until they are free. */
  take(limits: Limits): Taken[] {
    const { chosen } = this.#choose(limits);
    const taken = new Set(chosen);
    this.#waiting = this.#waiting.filter((each) => !taken.has(each));
    for (const { message } of chosen) if (message.key !== undefined) this.#keys.add(message.key);
    return chosen;
  }

  takeAll(): Taken[] {
    return this.#waiting.splice(0);
  }

  free(messages: readonly Taken[]): void {
    for (const { message } of messages) if (message.key !== undefined) this.#keys.delete(message.key);
  }

  #choose({ count, bytes }: Limits): { chosen: Taken[]; isFull: boolean } {
    const chosen: Taken[] = [];
    let left = bytes;
    for (const each of this.#waiting) {
      const { key, body } = each.message;
      if (key !== undefined && this.#keys.has(key)) continue;
      if (chosen.length > 0 && body.length > left) return { chosen, isFull: true };
      chosen.push(each);
      left -= body.length;
      if (chosen.length >= count) return { chosen, isFull: true };
    }
    return { chosen, isFull: left <= 0 && chosen.length > 0 };
  }
}
