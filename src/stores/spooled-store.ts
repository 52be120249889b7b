/**
 * A store behind a spool: rows that the store cannot take now are kept in the spool, and loaded first the next time.
 *
 * Rows keep their order. While the store is down, it is retried only every half minute, so that long input does not
 * wait for each batch. Bad rows are set aside in the spool, and reported until they are gone. No row is dropped.
 */

import { BadRows, Failure, status } from '../failure.ts';
import type { Refusal, Spool } from '../files/spool.ts';
import { formatStatsRows, type StatsRow } from '../readings/stats-row.ts';
import type { OnConflict, Outcome, Refused, Store } from './store.ts';

const RETRY_MS = 30_000;

interface SpoolSettings {
  /** Reads the rows of a spool file. @throws BadRows when a line is not a row */
  read(path: string): Promise<StatsRow[]>;
  /** Reports a failure; the run continues. */
  fail(failure: Failure): void;
  /** Reports which rows are set aside; `isDue` once a day. */
  remind(message: string, isDue: boolean): void;
  /** Epoch milliseconds. */
  now(): number;
}

/** Bad rows, and the reason. */
interface BadPart extends Refusal {
  /** Number of rows; undefined for an unreadable file. */
  readonly count: number | undefined;
  readonly failure: BadRows;
}

/**
 * Methods throw only when the spool fails, too (I/O), or for a bug or a signal, with the rows in the spool if possible.
 */
export class SpooledStore implements Store {
  readonly #store: Store;
  readonly #spool: Spool;
  readonly #settings: SpoolSettings;
  /** When to retry the store, in epoch milliseconds; undefined while it responds. */
  #retryAt: number | undefined;

  constructor(store: Store, spool: Spool, settings: SpoolSettings) {
    this.#store = store;
    this.#spool = spool;
    this.#settings = settings;
  }

  /** @returns undefined when the rows went into the spool; never refused rows, since these are set aside */
  async upsert(rows: readonly StatsRow[], onConflict: OnConflict): Promise<Outcome | undefined> {
    if (this.#isDown()) {
      await this.#spool.keep(formatStatsRows(rows));
      return undefined;
    }
    let outcome: Outcome | undefined;
    try {
      await this.#drain(onConflict);
      outcome = await this.#store.upsert(rows, onConflict);
      this.#retryAt = undefined;
    } catch (error) {
      await orLost(rows, error, this.#spool.keep(formatStatsRows(rows)));
      this.#reportDown(error, 'rows are kept in');
      return undefined;
    }
    const bad = badPart(outcome?.refused ?? []);
    if (outcome === undefined || bad === undefined) return outcome;
    const refused = outcome.refused.map(({ row }) => row);
    this.#reportAside(await orLost(refused, bad.failure, this.#spool.putAside(bad.text)), bad);
    return { ...outcome, refused: [] };
  }

  /** Loads the rows waiting in the spool, and reports those set aside. */
  async drain(onConflict: OnConflict): Promise<void> {
    const { files, isDue } = await this.#spool.aside();
    const folder = quoted(this.#spool.folder);
    const what = files === 1 ? '1 file of bad rows is' : `${files} files of bad rows are`;
    const command = `for f in ${folder}/*.csv.refused; do mv "$f" "\${f%.refused}"; done`;
    if (files > 0)
      this.#settings.remind(
        `${this.#spool.folder}: ${what} put aside; to send them again with the next run: ${command}`,
        isDue,
      );
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
    await this.#spool.drain<BadPart>(
      async (path) => {
        try {
          const rows = await this.#settings.read(path);
          return badPart((await this.#store.upsert(rows, onConflict))?.refused ?? []);
        } catch (error) {
          if (!(error instanceof BadRows)) throw error;
          return { text: undefined, count: undefined, failure: error };
        }
      },
      (aside, bad) => this.#reportAside(aside, bad),
    );
  }

  #reportAside(aside: string, { count, failure }: BadPart): void {
    const what = count === undefined ? 'its rows are' : count === 1 ? '1 row is' : `${count} rows are`;
    const command = `mv ${quoted(aside)} ${quoted(aside.replace(/\.refused$/, ''))}`;
    const text = `${failure.message}: ${what} put aside; to send again with the next run: ${command}`;
    this.#settings.fail(new Failure(status.unavailable, text, { cause: failure }));
  }

  #reportDown(error: unknown, what: string): void {
    // A bug or a signal: rethrown now that the rows are safe.
    if (!(error instanceof Failure)) throw error;
    if (this.#retryAt === undefined)
      this.#settings.fail(new Failure(error.status, `${error.message}: ${what} ${this.#spool.folder}`));
    this.#retryAt = this.#settings.now() + RETRY_MS;
  }
}

/** Undefined when no row was refused. */
function badPart(refused: readonly Refused[]): (BadPart & { readonly text: string }) | undefined {
  const [first] = refused;
  if (first === undefined) return undefined;
  const text = formatStatsRows(refused.map(({ row }) => row));
  return { text, count: refused.length, failure: first.failure };
}

/** Awaits the spool. @throws Failure (I/O), which says that rows are lost, when the spool fails after the store */
async function orLost<Result>(
  rows: readonly StatsRow[],
  error: unknown,
  kept: Promise<Result>,
): Promise<Result> {
  try {
    return await kept;
  } catch (problem) {
    const lost = rows.length === 1 ? '1 row is' : `${rows.length} rows are`;
    const reason = error instanceof Error ? error.message : String(error);
    const where = problem instanceof Error ? problem.message : String(problem);
    throw new Failure(status.io, `${where}: ${lost} lost, after ${reason}`, { cause: problem });
  }
}

/** Quotes a path for the shell. */
function quoted(path: string): string {
  return /^[\w./+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
