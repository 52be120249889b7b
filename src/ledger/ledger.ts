/**
 * The ledger from the side of a runner, as a write-ahead log: what is going to run is committed before it runs, and then
 * how it ended. Several processes may write it concurrently, and others read it.
 */

import { SqliteDatabase } from '../databases/sqlite-database.ts';
import { untilFree } from '../databases/sqlite-failure.ts';
import { Failure, status } from '../failure.ts';
import { LedgerCommits } from './commits.ts';
import { readJobs, readPaused, writeJobs } from './jobs.ts';
import { type LedgerFile, type LedgerSettings, ledgerFailure, ledgerFile } from './ledger-file.ts';
import {
  readFailuresInARow,
  readLastSuccess,
  readMark,
  readUnfinished,
  type Unfinished,
} from './read-runs.ts';
import type {
  JobRecord,
  KnownJob,
  Mark,
  NewRun,
  NextState,
  Run,
  ToolReport,
  Try,
  TryResult,
} from './records.ts';
import { runOf } from './rows.ts';
import { openLedgerFile } from './schema.ts';
import {
  addRun,
  changeRun,
  endTry,
  intendTry,
  retryRun,
  startTry,
  withdrawTry,
  writeBoot,
  writeMark,
} from './write-runs.ts';

export class Ledger {
  /** Random, in the environment of every try ($ETL_LEDGER_ID). */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly #database: SqliteDatabase;
  readonly #commits: LedgerCommits;
  /** The jobs of the schedule, to restore them when the file is removed. */
  #jobs: readonly JobRecord[] = [];

  /**
   * Opens the ledger at a path, or creates it.
   *
   * @throws Failure (configuration) for a file that is not a ledger, is damaged, or has a later version
   */
  static async open(path: string, { waitMs, signal, now }: LedgerSettings): Promise<Ledger> {
    const { randomBytes } = await import('node:crypto');
    // A ledger removed while in use is recreated with the same id, since running processes carry it.
    let id = randomBytes(8).toString('hex');
    let isKnown = false;
    const database = new SqliteDatabase(path, (name) => openLedgerFile(name, id, isKnown));
    try {
      id = await untilFree(
        () => database.use((open) => ledgerFile(open).sql('SELECT name FROM ledger').get().name),
        waitMs,
        signal,
      );
      isKnown = true;
      return new Ledger(id, database, new LedgerCommits(database, { name: path, waitMs }), now);
    } catch (error) {
      await database.close(signal.aborted);
      throw ledgerFailure(path, error);
    }
  }

  private constructor(id: string, database: SqliteDatabase, commits: LedgerCommits, now: () => number) {
    this.id = id;
    this.#database = database;
    this.#commits = commits;
    this.now = now;
  }

  /** Undefined before the first decision. @throws Failure */
  mark(): Promise<Mark | undefined> {
    return this.#commits.read(readMark);
  }

  /** Commits runs and the mark in one transaction. @returns the new runs, in order @throws Failure */
  decide(mark: Mark, runs: readonly NewRun[]): Promise<Run[]> {
    return this.#commits.run((file) => {
      const decided = readMark(file)?.decided;
      // The file may have been removed and recreated.
      if (decided === undefined) writeJobs(file, this.#jobs, this.now());
      writeMark(file, mark);
      return runs.flatMap((run) => addRun(file, run, { now: this.now(), decided }) ?? []);
    });
  }

  /** Commits runs that are not due by schedule. @returns the new runs, in order @throws Failure */
  add(runs: readonly NewRun[]): Promise<Run[]> {
    return this.#commits.run((file) =>
      runs.flatMap((run) => addRun(file, run, { now: this.now(), decided: undefined }) ?? []),
    );
  }

  /** Commits the intent to start tries, and marks their runs as running. @throws Failure */
  intend(tries: readonly Try[]): Promise<void> {
    return this.#commits.run((file) => {
      for (const one of tries) intendTry(file, one);
    });
  }

  /** Records that a try is not started after all, and its run is queued again; durable within 100 ms. */
  notBegun({ run, task, number }: Try): void {
    this.#commits.later((file) => withdrawTry(file, { run, task, number }));
  }

  /** Records the start of a try; durable within 100 ms. */
  started({ run, task, number }: Try, start: number): void {
    this.#commits.later((file) => startTry(file, { run, task, number }, start));
  }

  /** Records the result of a try and the next state of its run; durable within 100 ms. */
  ended(
    { run, task, number }: Try,
    result: TryResult,
    reports: readonly ToolReport[],
    next: NextState,
  ): void {
    this.#commits.later((file) => endTry(file, { run, task, number }, { result, reports, next }));
  }

  /** Records the next state of a run without a running try; durable within 100 ms. */
  changeRun(run: number, next: NextState): void {
    const now = this.now();
    this.#commits.later((file) => changeRun(file, run, { next, now }));
  }

  /** Commits all deferred work. @throws Failure; the work then stays deferred */
  flush(): Promise<void> {
    return this.#commits.run(() => {});
  }

  /** Queues an ended run again. @throws Failure, also when there is no such run */
  async retry(run: number, isOfNow: boolean): Promise<Run> {
    const again = await this.#commits.run((file) => retryRun(file, run, isOfNow));
    if (again === undefined) throw new Failure(status.noInput, `no such run: ${run}`);
    return again;
  }

  /** @throws Failure */
  run(run: number): Promise<Run | undefined> {
    return this.#commits.run((file) => runOf(file, run));
  }

  /** Call at the start of a schedule. @param boot identifies the boot of the machine @throws Failure */
  seeBoot(boot: string): Promise<void> {
    return this.#commits.run((file) => writeBoot(file, boot));
  }

  /** The queued, running and up-for-retry runs with their tries: after a crash, what to recover. @throws Failure */
  unfinished(): Promise<Unfinished[]> {
    return this.#commits.run(readUnfinished);
  }

  /** End of the data interval of the newest successful run of a job, for $ETL_SINCE. @throws Failure */
  lastSuccess(job: string): Promise<number | undefined> {
    return this.#commits.run((file) => readLastSuccess(file, job, this.now()));
  }

  /** Consecutive failures of a job, or of a task in its runs, up to now; at most `most`. @throws Failure */
  failuresInARow(job: string, most = 1000, task?: string): Promise<number> {
    return this.#commits.run((file) => readFailuresInARow(file, { job, most, task }));
  }

  /** Sets the jobs of the schedule. Its former jobs are marked as gone. @throws Failure */
  register(jobs: readonly JobRecord[]): Promise<void> {
    this.#jobs = jobs;
    return this.#commits.run((file) => writeJobs(file, jobs, this.now()));
  }

  /** All known jobs, those of the schedule first. @throws Failure */
  jobs(): Promise<KnownJob[]> {
    return this.#commits.read(readJobs);
  }

  /** Names of the paused jobs. @throws Failure */
  paused(): Promise<Set<string>> {
    return this.#commits.read(readPaused);
  }

  /** Runs `work` in a transaction. @throws Failure */
  write<Result>(work: (file: LedgerFile) => Result): Promise<Result> {
    return this.#commits.run(work);
  }

  /** Defers `work`, and retries it until it is committed; durable within 100 ms. */
  later(work: (file: LedgerFile) => void): void {
    this.#commits.later(work);
  }

  /** Runs work that only reads. @throws Failure */
  read<Result>(work: (file: LedgerFile) => Result): Promise<Result> {
    return this.#commits.read(work);
  }

  /** Commits deferred work, and leaves a single file. @param bySignal whether a signal ends the process @throws Failure */
  async close(bySignal: boolean): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.#commits.end();
      await this.#database.close(bySignal);
    }
  }
}
