/**
 * The transactions of a queue file, with group commit: fsync costs more than everything else, so all work requested in
 * the same turn of the event loop shares one transaction.
 */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { snapshot, transaction } from '../../databases/sqlite-connection.ts';
import type { SqliteDatabase } from '../../databases/sqlite-database.ts';
import { sqliteFailure, untilFree } from '../../databases/sqlite-failure.ts';
import { Failure } from '../../failure.ts';
import { Blocks } from './blocks.ts';

/** An open file: its messages and its dead letters. */
export interface OpenQueueFile {
  readonly database: DatabaseSyncInstance;
  readonly alive: Blocks;
  readonly dead: Blocks;
}

/** Work in a transaction. May be called again, in a new one. Throws a Failure only before it has changed anything. */
type Work<Result> = (file: OpenQueueFile) => Result;

interface Pending {
  readonly work: Work<unknown>;
  readonly isRequired: boolean;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

const never = new AbortController().signal;
const opened = new WeakMap<DatabaseSyncInstance, OpenQueueFile>();

function fileOf(database: DatabaseSyncInstance): OpenQueueFile {
  let file = opened.get(database);
  if (file === undefined) {
    file = { database, alive: new Blocks(database, 0), dead: new Blocks(database, 1) };
    opened.set(database, file);
  }
  return file;
}

export class Commits {
  readonly #database: SqliteDatabase;
  readonly #name: string;
  readonly #waitMs: number;
  readonly #signal: AbortSignal;
  #pending: Pending[] = [];
  #isBusy = false;

  /** @param name for messages @param waitMs how long to wait for other processes' locks @param signal ends that wait */
  constructor(
    database: SqliteDatabase,
    { name, waitMs, signal }: { name: string; waitMs: number; signal: AbortSignal },
  ) {
    this.#database = database;
    this.#name = name;
    this.#waitMs = waitMs;
    this.#signal = signal;
  }

  /**
   * Commits work. Resolves with its result once it is durable.
   *
   * @param isRequired whether to keep waiting after the signal
   * @throws Failure of the work, or of the file
   */
  run<Result>(work: Work<Result>, isRequired: boolean): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#pending.push({ work, isRequired, resolve: (result) => resolve(result as Result), reject });
      if (this.#isBusy) return;
      this.#isBusy = true;
      setImmediate(() => this.#runAll());
    });
  }

  /** Reads a consistent snapshot without waiting for locks. @throws Failure */
  read<Result>(work: Work<Result>): Result {
    try {
      return this.#database.use((database) => snapshot(database, () => work(fileOf(database))));
    } catch (error) {
      throw sqliteFailure(this.#name, error);
    }
  }

  async #runAll(): Promise<void> {
    while (this.#pending.length > 0) {
      const all = this.#pending;
      this.#pending = [];
      if (await this.#runTogether(all, all.length === 1)) continue;
      for (const one of all) await this.#runTogether([one], true);
    }
    this.#isBusy = false;
  }

  /** @param isLast whether to pass an error to the callers @returns whether the work is settled */
  async #runTogether(all: readonly Pending[], isLast: boolean): Promise<boolean> {
    try {
      const settle = await this.#untilFree(all);
      for (const one of settle) one();
      return true;
    } catch (error) {
      if (isLast) for (const { reject } of all) reject(sqliteFailure(this.#name, error));
      return isLast;
    }
  }

  #untilFree(all: readonly Pending[]): Promise<(() => void)[]> {
    const signal = all.some(({ isRequired }) => isRequired) ? never : this.#signal;
    return untilFree(
      () => this.#database.use((database) => this.#transact(database, all)),
      this.#waitMs,
      signal,
    );
  }

  #transact(database: DatabaseSyncInstance, all: readonly Pending[]): (() => void)[] {
    const file = fileOf(database);
    try {
      return transaction(database, () => all.map((one) => this.#outcome(one, file)));
    } catch (error) {
      file.alive.forget();
      file.dead.forget();
      throw error;
    }
  }

  /** Runs one piece of work. @returns a callback that settles its promise, to be called after the commit */
  #outcome({ work, resolve, reject }: Pending, file: OpenQueueFile): () => void {
    try {
      const result = work(file);
      return () => resolve(result);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return () => reject(sqliteFailure(this.#name, error));
    }
  }
}
