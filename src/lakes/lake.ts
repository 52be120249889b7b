/**
 * A lake: a store of objects, whose names contain slashes for folders.
 *
 * There is one driver per address scheme. Each guarantees: objects appear atomically, even after a crash; an object is
 * durable when `commit` resolves; storing the same bytes again changes nothing; and no name leads out of the lake. What
 * a killed process left unfinished is invisible, and removed by a later run.
 */

import { Failure, status } from '../failure.ts';

/** An object being written. Invisible until it is committed. */
export interface NewObject {
  /** Appends bytes; the buffer may be reused afterwards. @throws Failure (I/O, temporary) */
  write(bytes: Buffer): Promise<void>;
  /**
   * Publishes the object under its name, replacing any other. Call it once.
   *
   * @returns `present` when an object with the same bytes was already there
   * @throws BadName; Failure (unavailable) when another object must not be replaced (`clobber`), or the lake is not set
   * up; (I/O), (temporary)
   */
  commit(name: string): Promise<'stored' | 'present'>;
  /** Removes everything written. Does nothing after a commit. */
  discard(): Promise<void>;
}

export interface Lake {
  /** How many commits to run concurrently; 1 where more gain nothing. */
  readonly commitsAtOnce: number;
  /** Begins an object. @param name undefined while it is unknown @throws Failure (unavailable, I/O, temporary) */
  begin(name: string | undefined): Promise<NewObject>;
  /** The bytes of an object. @throws Failure (no input) when it does not exist, (unavailable), (I/O), (temporary) */
  get(name: string): AsyncIterable<Buffer>;
  /** The address of an object. */
  addressOf(name: string): string;
}

/** Settings of a lake besides its address. */
export interface LakeSettings {
  /** Whether an object may replace another of the same name. */
  readonly clobber: boolean;
  /** How long to retry each request to a server. */
  readonly waitMs: number;
  /** The environment, for credentials and settings of a server. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told of retries. */
  explain(message: string): void;
  /** Cancels all waiting. */
  readonly signal: AbortSignal;
}

/** A driver. Does no I/O yet. @param address ends in a slash, or is empty: then names are addresses */
export type OpenLake = (address: string, settings: LakeSettings) => Lake;

/** An invalid object name. */
export class BadName extends Failure {
  constructor(name: string, problem: string) {
    super(status.usage, `object name ${JSON.stringify(name)} ${problem}`);
  }
}
