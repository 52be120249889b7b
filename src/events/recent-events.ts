/** Detects repeats of recent events. */

import { nodeCrypto } from '../load.ts';
import type { ParsedEvent } from './event-parser.ts';

/** Number of events to remember. */
export const RECENT = 10_000;

/** Base64 characters of a fingerprint: with 66 bits, an accidental collision takes thousands of years. */
export const FINGERPRINT_LENGTH = 11;

/** Identifies an event; undefined without an id of its own. */
export function fingerprint({ id, event, data }: ParsedEvent): string | undefined {
  if (id === undefined || id === '' || data === undefined) return undefined;
  return nodeCrypto().hash('sha256', `${id}\n${event}\n${data}`, 'base64url').slice(0, FINGERPRINT_LENGTH);
}

/** Appends fingerprints to a list, which keeps between `RECENT` and twice as many of the last ones. */
export function addRecent(list: string[], fingerprints: readonly string[]): void {
  for (const fingerprint of fingerprints) list.push(fingerprint);
  if (list.length > 2 * RECENT) list.splice(0, list.length - RECENT);
}

/** The fingerprints of recent events. */
export class RecentEvents {
  readonly #known: Set<string>;
  readonly #ring: string[];
  #next = 0;

  /** @param fingerprints already known, at most `RECENT` */
  constructor(fingerprints: readonly string[]) {
    this.#ring = [...fingerprints];
    this.#known = new Set(fingerprints);
  }

  /** Whether the fingerprint is known. Remembers it. */
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
