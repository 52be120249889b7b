/**
 * A ledger, as the runners of jobs write it: what is to run, committed before it runs, and how it ended. It may be written
 * by several processes, and be read meanwhile.
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
  /** Random; in the environment of every try. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly #database: SqliteDatabase;
  readonly #commits: LedgerCommits;
  /** Those of the schedule. */
  #jobs: readonly JobRecord[] = [];

  /**
   * Opens the ledger at a path, or creates it.
   *
   * @throws Failure: configuration for a file that is no ledger, a damaged one, and one of a later version
   */
  static async open(path: string, { waitMs, signal, now }: LedgerSettings): Promise<Ledger> {
    const { randomBytes } = await import('node:crypto');
    // A ledger that is removed while it is used is made again by the same name, as processes with that name are running.
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

  /** Commits runs, with the mark in the same transaction. @returns those that were not there yet, in order @throws Failure */
  decide(mark: Mark, runs: readonly NewRun[]): Promise<Run[]> {
    return this.#commits.run((file) => {
      const decided = readMark(file)?.decided;
      // The file may have been removed, and made again.
      if (decided === undefined) writeJobs(file, this.#jobs, this.now());
      writeMark(file, mark);
      return runs.flatMap((run) => addRun(file, run, { now: this.now(), decided }) ?? []);
    });
  }

  /** Commits runs that no minute asks for. @returns those that were not there yet, in order @throws Failure */
  add(runs: readonly NewRun[]): Promise<Run[]> {
    return this.#commits.run((file) =>
      runs.flatMap((run) => addRun(file, run, { now: this.now(), decided: undefined }) ?? []),
    );
  }

  /** Commits the intent to start tries, which makes their runs running. @throws Failure */
  intend(tries: readonly Try[]): Promise<void> {
    return this.#commits.run((file) => {
      for (const one of tries) intendTry(file, one);
    });
  }

  /** Remembers that a try is not started after all, so that its run waits for its turn; it is on disk within 100 ms. */
  notBegun({ run, task, number }: Try): void {
    this.#commits.later((file) => withdrawTry(file, { run, task, number }));
  }

  /** Remembers that a try was started; it is on disk within 100 ms. */
  started({ run, task, number }: Try, start: number): void {
    this.#commits.later((file) => startTry(file, { run, task, number }, start));
  }

  /** Remembers how a try ended, and what that makes of its run; it is on disk within 100 ms. */
  ended(
    { run, task, number }: Try,
    result: TryResult,
    reports: readonly ToolReport[],
    next: NextState,
  ): void {
    this.#commits.later((file) => endTry(file, { run, task, number }, { result, reports, next }));
  }

  /** Remembers what becomes of a run of which no try is running; it is on disk within 100 ms. */
  changeRun(run: number, next: NextState): void {
    const now = this.now();
    this.#commits.later((file) => changeRun(file, run, { next, now }));
  }

  /** All that was remembered is on disk. @throws Failure when that cannot be; it stays remembered */
  flush(): Promise<void> {
    return this.#commits.run(() => {});
  }

  /** Puts a run that has ended in the queue again. @throws Failure, also when there is no such run */
  async retry(run: number, isOfNow: boolean): Promise<Run> {
    const again = await this.#commits.run((file) => retryRun(file, run, isOfNow));
    if (again === undefined) throw new Failure(status.noInput, `no such run: ${run}`);
    return again;
  }

  /** @throws Failure */
  run(run: number): Promise<Run | undefined> {
    return this.#commits.run((file) => runOf(file, run));
  }

  /** To be called at the start of a schedule. @param boot tells the starts of the machine apart @throws Failure */
  seeBoot(boot: string): Promise<void> {
    return this.#commits.run((file) => writeBoot(file, boot));
  }

  /** Runs that are queued, running and up for retry, with their tries: after a crash, what was left. @throws Failure */
  unfinished(): Promise<Unfinished[]> {
    return this.#commits.run(readUnfinished);
  }

  /** The end of what the newest successful run of a job has worked on, for $ETL_SINCE. @throws Failure */
  lastSuccess(job: string): Promise<number | undefined> {
    return this.#commits.run((file) => readLastSuccess(file, job, this.now()));
  }

  /** How many runs of a job, or a task in them, failed since one succeeded; at most `most`. @throws Failure */
  failuresInARow(job: string, most = 1000, task?: string): Promise<number> {
    return this.#commits.run((file) => readFailuresInARow(file, { job, most, task }));
  }

  /** The jobs that the schedule has now; all others that it had are gone. @throws Failure */
  register(jobs: readonly JobRecord[]): Promise<void> {
    this.#jobs = jobs;
    return this.#commits.run((file) => writeJobs(file, jobs, this.now()));
  }

  /** All jobs that it knows, those of the schedule first. @throws Failure */
  jobs(): Promise<KnownJob[]> {
    return this.#commits.read(readJobs);
  }

  /** The names of the jobs that are paused. @throws Failure */
  paused(): Promise<Set<string>> {
    return this.#commits.read(readPaused);
  }

  /** Does work of another part of the ledger in a transaction. @throws Failure */
  write<Result>(work: (file: LedgerFile) => Result): Promise<Result> {
    return this.#commits.run(work);
  }

  /** Does such work, however often it fails; it is on disk within 100 ms. */
  later(work: (file: LedgerFile) => void): void {
    this.#commits.later(work);
  }

  /** Does work that only reads. @throws Failure */
  read<Result>(work: (file: LedgerFile) => Result): Promise<Result> {
    return this.#commits.read(work);
  }

  /** Writes what was remembered, and leaves one file. @param bySignal whether a signal ends the process @throws Failure */
  async close(bySignal: boolean): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.#commits.end();
      await this.#database.close(bySignal);
    }
  }
}
