/** Reads a ledger that others write. It may appear later, or be replaced. Creates nothing, and blocks no writer. */

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { dataVersion, snapshot } from '../databases/sqlite-connection.ts';
import { untilFree } from '../databases/sqlite-failure.ts';
import { freeStatements, version } from '../databases/sqlite-files.ts';
import { openReadOnly, type ReadOnlyDatabase } from '../databases/sqlite-read-only.ts';
import { Failure, status } from '../failure.ts';
import { type LedgerFile, ledgerFailure, ledgerFile } from './ledger-file.ts';
import { kindOf } from './schema.ts';

export class LedgerReader {
  readonly #name: string;
  readonly #waitMs: number;
  readonly #signal: AbortSignal;
  #opened: ReadOnlyDatabase | undefined;
  /** How many times a file was opened. */
  #openings = 0;

  /** Opens nothing yet. @param waitMs how long to wait for other processes' locks */
  constructor(name: string, { waitMs, signal }: { waitMs: number; signal: AbortSignal }) {
    this.#name = name;
    this.#waitMs = waitMs;
    this.#signal = signal;
  }

  /** Reads in one snapshot. @returns undefined when there is no ledger @throws Failure; what `work` throws */
  async read<Result>(work: (file: LedgerFile) => Result): Promise<Result | undefined> {
    try {
      return await untilFree(() => this.#read(work), this.#waitMs, this.#signal);
    } catch (error) {
      throw ledgerFailure(this.#name, error);
    }
  }

  /** As `read`. @throws Failure (no input) when there is no ledger */
  async get<Result extends object>(work: (file: LedgerFile) => Result): Promise<Result> {
    const result = await this.read(work);
    if (result === undefined) throw new Failure(status.noInput, `${this.#name}: no such ledger`);
    return result;
  }

  /** Changes with each commit by others; empty without a ledger. @throws the library's error; Failure */
  version(): string {
    const opened = this.#current();
    return opened === undefined ? '' : `${this.#openings} ${dataVersion(opened.database)}`;
  }

  async close(): Promise<void> {
    this.#opened?.close();
    this.#opened = undefined;
    if (this.#signal.aborted) await freeStatements();
  }

  #read<Result>(work: (file: LedgerFile) => Result): Result | undefined {
    const opened = this.#current();
    return opened && snapshot(opened.database, () => work(ledgerFile(opened.database)));
  }

  #current(): ReadOnlyDatabase | undefined {
    if (this.#opened?.isCurrent()) return this.#opened;
    this.#opened?.leave();
    this.#opened?.close();
    this.#opened = undefined;
    const path = resolve(this.#name);
    if (version(path) === '') return undefined;
    if (statSync(path).isDirectory()) throw new Failure(status.noInput, 'is a directory');
    const opened = openReadOnly(path);
    this.#openings += 1;
    try {
      // An empty database is a ledger that is just being created.
      if (snapshot(opened.database, () => kindOf(opened.database)) === 'ledger') this.#opened = opened;
    } finally {
      if (this.#opened === undefined) opened.close();
    }
    return this.#opened;
  }
}
