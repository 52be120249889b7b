/** Quotas: how much of something each client, and all together, may hold at once. */

import { isIPv6 } from 'node:net';
import { busy, HttpError } from './responses.ts';

interface Limits {
  /** Maximum of all clients together. */
  readonly all: number;
  /** Maximum of one client. */
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

  /** Takes an amount for a client, if it fits. @returns the limit that it would exceed; undefined if it was taken */
  take(client: string, amount = 1): 'all' | 'each' | undefined {
    const held = (this.#held.get(client) ?? 0) + amount;
    if (held > this.#limits.each) return 'each';
    if (this.#all + amount > this.#limits.all) return 'all';
    this.#all += amount;
    this.#held.set(client, held);
    return undefined;
  }

  /** Like `take`. @param what for the message, such as `listeners` @throws HttpError (429, 503) if it does not fit */
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

/** The client behind an address: for IPv6 its /64 network, since that belongs to one subscriber. */
export function clientOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*/s, '');
  if (!isIPv6(plain)) return plain;
  const [left = [], right = []] = plain
    .split('::')
    .map((side) => side.split(':').filter((group) => group !== ''));
  // `::` stands for the zeros that are left out.
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const network = [...left, ...zeros, ...right].slice(0, 4);
  return network.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}
