/** How much of something each client holds at once: one client gets no more than a part of all. */

import { isIPv6 } from 'node:net';
import { busy, HttpError } from './responses.ts';

interface Limits {
  /** The most that all clients hold together. */
  readonly all: number;
  /** The most that one client holds. */
  readonly each: number;
}

/** Counts what is held. Memory: one entry per client that holds something. */
export class Shares {
  readonly #limits: Limits;
  readonly #held = new Map<string, number>();
  #all = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** How much is held by all clients. */
  get all(): number {
    return this.#all;
  }

  /** Counts what a client takes, if it fits. @returns whose limit it is beyond; undefined when it is counted */
  take(client: string, amount = 1): 'all' | 'each' | undefined {
    const held = (this.#held.get(client) ?? 0) + amount;
    if (held > this.#limits.each) return 'each';
    if (this.#all + amount > this.#limits.all) return 'all';
    this.#all += amount;
    this.#held.set(client, held);
    return undefined;
  }

  /** Like `take`. @param what for the message, such as `listeners` @throws HttpError (429, 503) when it does not fit */
  mustTake(client: string, what: string, amount = 1): void {
    const beyond = this.take(client, amount);
    if (beyond === 'each')
      throw new HttpError(429, `${what}: too many from one address`, { 'retry-after': '10' });
    if (beyond === 'all') throw busy(`${what}: too many`);
  }

  /** Gives back what was taken. */
  give(client: string, amount = 1): void {
    const held = (this.#held.get(client) ?? 0) - amount;
    this.#all -= amount;
    if (held > 0) this.#held.set(client, held);
    else this.#held.delete(client);
  }
}

/** The client behind an address: of IPv6 a network of 64 bits, since its addresses are all of one subscriber. */
export function clientOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*/s, '');
  if (!isIPv6(plain)) return plain;
  const [left = [], right = []] = plain
    .split('::')
    .map((side) => side.split(':').filter((group) => group !== ''));
  // Two colons stand for the zeros that are left out.
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const network = [...left, ...zeros, ...right].slice(0, 4);
  return network.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}
