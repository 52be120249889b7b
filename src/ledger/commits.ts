/**
 * The transactions of a ledger, with group commit: fsync costs more than everything else, so all work requested in the
 * same turn of the event loop shares one transaction. Deferred work joins it, or is committed within 100 ms.
 */

import { transaction } from '../databases/sqlite-connection.ts';
import type { SqliteDatabase } from '../databases/sqlite-database.ts';
import { untilFree } from '../databases/sqlite-failure.ts';
import { type LedgerFile, ledgerFailure, ledgerFile } from './ledger-file.ts';

const LATER_MS = 100;
/** Pause after a failed transaction. */
const AGAIN_MS = 1000;

/** Work that may be called again, in a new transaction. */
type Work<Result> = (file: LedgerFile) => Result;

interface Asked {
  readonly work: Work<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

const never = new AbortController().signal;

export class LedgerCommits {
  readonly #database: SqliteDatabase;
  readonly #name: string;
  readonly #waitMs: number;
  #later: Work<void>[] = [];
  #asked: Asked[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;

  /** @param name for messages @param waitMs how long to wait for other processes' locks */
  constructor(database: SqliteDatabase, { name, waitMs }: { name: string; waitMs: number }) {
    this.#database = database;
    this.#name = name;
    this.#waitMs = waitMs;
  }

  /** Defers work, and retries it until it is committed. */
  later(work: Work<void>): void {
    this.#later.push(work);
    this.#wakeIn(LATER_MS);
  }

  /** Commits work, with all deferred work. Resolves with its result once it is durable. @throws Failure */
  run<Result>(work: Work<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#asked.push({ work, resolve: (result) => resolve(result as Result), reject });
      if (this.#isBusy) return;
      this.#isBusy = true;
      setImmediate(() => this.#commitAll());
    });
  }

  /** Reads committed state, without deferred work. @throws Failure */
  async read<Result>(work: Work<Result>): Promise<Result> {
    try {
      return await untilFree(
        () => this.#database.use((database) => work(ledgerFile(database))),
        this.#waitMs,
        never,
      );
    } catch (error) {
      throw ledgerFailure(this.#name, error);
    }
  }

  /** Drops deferred work. */
  end(): void {
    clearTimeout(this.#timer);
    this.#later = [];
  }

  #wakeIn(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#isBusy) return;
      this.#isBusy = true;
      this.#commitAll();
    }, ms);
  }

  async #commitAll(): Promise<void> {
    let isDone = true;
    do isDone = await this.#commit();
    while (this.#asked.length > 0 || (isDone && this.#later.length > 0));
    this.#isBusy = false;
    if (!isDone && this.#later.length > 0) this.#wakeIn(AGAIN_MS);
  }

  /** @returns whether it succeeded */
  async #commit(): Promise<boolean> {
    const [later, asked] = [this.#later, this.#asked];
    this.#later = [];
    this.#asked = [];
    if (later.length + asked.length === 0) return true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      const results = await this.#transact(later, asked);
      for (const [at, { resolve }] of asked.entries()) resolve(results[at]);
      return true;
    } catch (error) {
      this.#later = [...later, ...this.#later];
      for (const { reject } of asked) reject(ledgerFailure(this.#name, error));
      return false;
    }
  }

  #transact(later: readonly Work<void>[], asked: readonly Asked[]): Promise<unknown[]> {
    const work = (file: LedgerFile) => {
      for (const one of later) one(file);
      return asked.map((one) => one.work(file));
    };
    return untilFree(
      () => this.#database.use((database) => transaction(database, () => work(ledgerFile(database)))),
      this.#waitMs,
      never,
    );
  }
}
