/** The version of a ledger, for many who ask again and again whether it has changed. */

import { elapsedMs } from '../../async/clock.ts';
import type { LedgerReader } from '../../ledger/reader.ts';

/** An answer is no older than that. */
const LOOK_MS = 100;

export class LedgerVersion {
  readonly #reader: Pick<LedgerReader, 'version'>;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #version: string | undefined;

  constructor(reader: Pick<LedgerReader, 'version'>) {
    this.#reader = reader;
  }

  /** Different after each change, which it may tell a moment late; undefined while it cannot be told. */
  now(): string | undefined {
    if (elapsedMs() - this.#lookedAt < LOOK_MS) return this.#version;
    this.#lookedAt = elapsedMs();
    try {
      this.#version = this.#reader.version();
    } catch {
      // Who reads the ledger then hears why.
      this.#version = undefined;
    }
    return this.#version;
  }
}
