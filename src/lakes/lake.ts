/**
 * A lake: a place for objects, each with a name in which slashes divide folders.
 *
 * One driver per kind of address. Each keeps this contract: an object is whole or not there, whatever dies on the way; it
 * is durable when `commit` returns; the same bytes under the same name again change nothing; and no name leads out of the
 * lake. What a killed process left unfinished is seen by nobody, and removed by a later run.
 */

import { Failure, status } from '../failure.ts';

/** An object that is being written. Nothing of it is seen before it is committed. */
export interface NewObject {
  /** Takes the next bytes; they may be changed when it returns. @throws Failure (I/O, temporary) */
  write(bytes: Buffer): Promise<void>;
  /**
   * Shows the object under its name, in place of another one of this name. Ends it.
   *
   * @returns `present` when it was there already, with the same bytes
   * @throws BadName; Failure (unavailable) when another object must stay (`clobber`), or the lake is not set up; (I/O), (temporary)
   */
  commit(name: string): Promise<'stored' | 'present'>;
  /** Leaves nothing behind. Does nothing once the object is committed. */
  discard(): Promise<void>;
}

export interface Lake {
  /** Objects that are best committed at once; 1 where that gains nothing. */
  readonly commitsAtOnce: number;
  /** Begins an object. @param name undefined while it depends on bytes to come @throws Failure (unavailable, I/O, temporary) */
  begin(name: string | undefined): Promise<NewObject>;
  /** The bytes of an object. @throws Failure (no input) when there is none, (unavailable), (I/O), (temporary) */
  get(name: string): AsyncIterable<Buffer>;
  /** The address of the object of this name. */
  addressOf(name: string): string;
}

/** What a driver is told beside the address. */
export interface LakeSettings {
  /** Whether an object may take the place of another one of its name. */
  readonly clobber: boolean;
  /** How long each request to a server is tried again. */
  readonly waitMs: number;
  /** Where credentials and settings of a server come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told of what is tried again. */
  explain(message: string): void;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
}

/** A driver. Touches nothing yet. @param address ends in a slash, or is empty: then names are addresses */
export type OpenLake = (address: string, settings: LakeSettings) => Lake;

/** A name that no object can have. */
export class BadName extends Failure {
  constructor(name: string, problem: string) {
    super(status.usage, `object name ${JSON.stringify(name)} ${problem}`);
  }
}
