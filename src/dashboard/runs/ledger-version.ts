/** The version of a ledger, cached for many callers that poll it for changes. */

import { elapsedMs } from '../../async/clock.ts';
import type { LedgerReader } from '../../ledger/reader.ts';

/** Maximum age of a cached version. */
const LOOK_MS = 100;

export class LedgerVersion {
  readonly #reader: Pick<LedgerReader, 'version'>;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #version: string | undefined;

  constructor(reader: Pick<LedgerReader, 'version'>) {
    this.#reader = reader;
  }

  /** Changes with each change of the ledger, at most `LOOK_MS` late; undefined while it cannot be read. */
  now(): string | undefined {
    if (elapsedMs() - this.#lookedAt < LOOK_MS) return this.#version;
    this.#lookedAt = elapsedMs();
    try {
      this.#version = this.#reader.version();
    } catch {
      // Reading the ledger will report why.
      this.#version = undefined;
    }
    return this.#version;
  }
}
