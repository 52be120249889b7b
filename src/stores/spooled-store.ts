/**
 * A store with a spool before it: what the store cannot take now is kept in the spool, and goes first the next time.
 *
 * The order of the rows is kept. While the store is down it is left alone for half a minute at a time, so that a long
 * input does not wait for it batch by batch. What it refuses for good is put aside in the spool. Nothing is dropped.
 */

import { Failure, status } from '../failure.ts';
import { isRefusal, type Spool } from '../files/spool.ts';
import { formatStatsRows, type StatsRow } from '../readings/stats-row.ts';
import type { OnConflict, Outcome, Store } from './store.ts';

const RETRY_MS = 30_000;

interface Surroundings {
  /** The rows of a file that was kept. @throws Failure (data) when they are not all rows */
  read(path: string): Promise<StatsRow[]>;
  /** Says a failure; the work goes on. */
  fail(failure: Failure): void;
  now(): number;
}

export class SpooledStore implements Store {
  readonly #store: Store;
  readonly #spool: Spool;
  readonly #around: Surroundings;
  /** Epoch milliseconds before which the store is not tried again; undefined while it answers. */
  #retryAt: number | undefined;

  constructor(store: Store, spool: Spool, around: Surroundings) {
    this.#store = store;
    this.#spool = spool;
    this.#around = around;
  }

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

  /** Loads what waits in the spool, where there is any. */
  async drain(onConflict: OnConflict): Promise<void> {
    try {
      await this.#drain(onConflict);
    } catch (error) {
      this.#down(error, 'rows wait in');
    }
  }

  close(): void {
    this.#store.close();
  }

  #isDown(): boolean {
    return this.#retryAt !== undefined && this.#around.now() < this.#retryAt;
  }

  async #drain(onConflict: OnConflict): Promise<void> {
    await this.#spool.drain(
      async (path) => {
        await this.#store.upsert(await this.#around.read(path), onConflict);
      },
      (aside, { message }) => {
        this.#around.fail(new Failure(status.unavailable, `${message}: put aside as ${aside}`));
      },
    );
  }

  async #keep(rows: readonly StatsRow[], error: unknown): Promise<void> {
    const path = await this.#spool.keep(formatStatsRows(rows)).catch((problem: Error) => {
      const lost = rows.length === 1 ? '1 row is' : `${rows.length} rows are`;
      const reason = error instanceof Error ? error.message : String(error);
      throw new Failure(status.io, `${problem.message}: ${lost} lost, after ${reason}`);
    });
    if (!isRefusal(error)) return this.#down(error, 'rows are kept in');
    const aside = await this.#spool.refuse(path);
    this.#around.fail(new Failure(error.status, `${error.message}: put aside as ${aside}`));
  }

  #down(error: unknown, what: string): void {
    // A bug or a signal; the rows are safe by now.
    if (!(error instanceof Failure)) throw error;
    if (this.#retryAt === undefined)
      this.#around.fail(new Failure(error.status, `${error.message}: ${what} ${this.#spool.folder}`));
    this.#retryAt = this.#around.now() + RETRY_MS;
  }
}
