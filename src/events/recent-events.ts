/** Knows the last events again. */

import { nodeCrypto } from '../load.ts';
import type { ParsedEvent } from './event-parser.ts';

/** Number of events that are known. */
export const RECENT = 10_000;

/** Characters of a fingerprint: 66 bits, so that two events are taken for one by accident once in thousands of years. */
export const FINGERPRINT_LENGTH = 11;

/** What an event with an id of its own is known by; undefined for one without. */
export function fingerprint({ id, event, data }: ParsedEvent): string | undefined {
  if (id === undefined || id === '' || data === undefined) return undefined;
  return nodeCrypto().hash('sha256', `${id}\n${event}\n${data}`, 'base64url').slice(0, FINGERPRINT_LENGTH);
}

/** Adds fingerprints to a list that keeps the last `RECENT` of them, and at times as many again. */
export function addRecent(list: string[], fingerprints: readonly string[]): void {
  for (const fingerprint of fingerprints) list.push(fingerprint);
  if (list.length > 2 * RECENT) list.splice(0, list.length - RECENT);
}

/** The fingerprints of the last events. */
export class RecentEvents {
  readonly #known: Set<string>;
  readonly #ring: string[];
  #next = 0;

  /** @param fingerprints those that are known from the beginning, at most `RECENT` */
  constructor(fingerprints: readonly string[]) {
    this.#ring = [...fingerprints];
    this.#known = new Set(fingerprints);
  }

  /** Whether it is known. If not, it is known from now on. */
  isRepeat(fingerprint: string): boolean {
    if (this.#known.has(fingerprint)) return true;
    const forgotten = this.#ring[this.#next];
    if (this.#ring.length < RECENT) this.#ring.push(fingerprint);
    else {
      if (forgotten !== undefined) this.#known.delete(forgotten);
      this.#ring[this.#next] = fingerprint;
      this.#next = (this.#next + 1) % RECENT;
    }
    this.#known.add(fingerprint);
    return false;
  }
}
