/**
 * A store with a spool in front: rows that the store cannot take now are kept in the spool, and go first the next time.
 *
 * The order of the rows is kept. While the store is down it is left alone for half a minute at a time, so that a long
 * input does not wait for it batch by batch. Rows that it refuses for good are put aside in the spool. No row is dropped.
 */

import { Failure, status } from '../failure.ts';
import { isRefusal, type Spool } from '../files/spool.ts';
import { formatStatsRows, type StatsRow } from '../readings/stats-row.ts';
import type { OnConflict, Outcome, Store } from './store.ts';

const RETRY_MS = 30_000;

interface SpoolSettings {
  /** Reads the rows of a file in the spool. @throws Failure (data) when a line is no row */
  read(path: string): Promise<StatsRow[]>;
  /** Reports a failure; the work goes on. */
  fail(failure: Failure): void;
  /** Epoch milliseconds. */
  now(): number;
}

/** Its methods throw only when the spool fails too (I/O), or for a bug or a signal; the rows are in the spool then, if it works. */
export class SpooledStore implements Store {
  readonly #store: Store;
  readonly #spool: Spool;
  readonly #settings: SpoolSettings;
  /** Epoch milliseconds before which the store is not tried again; undefined while it answers. */
  #retryAt: number | undefined;

  constructor(store: Store, spool: Spool, settings: SpoolSettings) {
    this.#store = store;
    this.#spool = spool;
    this.#settings = settings;
  }

  /** @returns undefined when the rows were kept in the spool */
  async upsert(rows: readonly StatsRow[], onConflict: OnConflict): Promise<Outcome | undefined> {
    if (this.#isDown()) {
      await this.#spool.keep(formatStatsRows(rows));
      return undefined;
    }
    try {
      await this.#drain(onConflict);
      const outcome = await this.#store.upsert(rows, onConflict);
      this.#retryAt = undefined;
      return outcome;
    } catch (error) {
      await this.#keep(rows, error);
      return undefined;
    }
  }

  /** Loads the rows that wait in the spool, if any. */
  async drain(onConflict: OnConflict): Promise<void> {
    try {
      await this.#drain(onConflict);
    } catch (error) {
      this.#reportDown(error, 'rows wait in');
    }
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #isDown(): boolean {
    return this.#retryAt !== undefined && this.#settings.now() < this.#retryAt;
  }

  async #drain(onConflict: OnConflict): Promise<void> {
    await this.#spool.drain(
      async (path) => {
        await this.#store.upsert(await this.#settings.read(path), onConflict);
      },
      (aside, { message }) => {
        this.#settings.fail(new Failure(status.unavailable, `${message}: put aside as ${aside}`));
      },
    );
  }

  async #keep(rows: readonly StatsRow[], error: unknown): Promise<void> {
    const path = await this.#spool.keep(formatStatsRows(rows)).catch((problem: Error) => {
      const lost = rows.length === 1 ? '1 row is' : `${rows.length} rows are`;
      const reason = error instanceof Error ? error.message : String(error);
      throw new Failure(status.io, `${problem.message}: ${lost} lost, after ${reason}`);
    });
    if (!isRefusal(error)) return this.#reportDown(error, 'rows are kept in');
    const aside = await this.#spool.refuse(path);
    this.#settings.fail(new Failure(error.status, `${error.message}: put aside as ${aside}`));
  }

  #reportDown(error: unknown, what: string): void {
    // A bug or a signal; the rows are safe by now.
    if (!(error instanceof Failure)) throw error;
    if (this.#retryAt === undefined)
      this.#settings.fail(new Failure(error.status, `${error.message}: ${what} ${this.#spool.folder}`));
    this.#retryAt = this.#settings.now() + RETRY_MS;
  }
}
