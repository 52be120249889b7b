/**
 * A store of stats rows by key.
 *
 * Each address scheme has a driver. All of them guarantee: `upsert` is atomic, idempotent, and safe with concurrent
 * processes.
 */

import type { BadRows } from '../failure.ts';
import type { StatsRow } from '../readings/stats-row.ts';

/**
 * What a row does to a stored row with its key: `more` replaces it if it counts at least as many readings, so that a
 * partly seen window never overwrites a complete one; `replace` always; `skip` never.
 */
export type OnConflict = 'more' | 'replace' | 'skip';

/** How many rows were inserted, replaced or kept. */
export interface Counts {
  readonly inserted: number;
  /** Replaced as a whole: values that the new row lacks are deleted. */
  readonly replaced: number;
  /** Rows that lost to the stored one. */
  readonly kept: number;
}

/** The outcome of all rows. */
export interface Outcome extends Counts {
  /** Rows that the store refused; the others were loaded. */
  readonly refused: readonly Refused[];
}

/** A refused row with the reason: the message starts with the address, its cause does not. */
export interface Refused {
  readonly row: StatsRow;
  readonly failure: BadRows;
}

/** The outcome of no rows. */
export const nothingDone: Outcome = { inserted: 0, replaced: 0, kept: 0, refused: [] };

export interface Store {
  /**
   * Loads rows in order, in one transaction; adds missing columns. A refused batch is bisected until each bad row
   * stands alone.
   *
   * @returns undefined when the store does not report the outcome
   * @throws Failure about the store: (temporary) when a retry may help, (unavailable) when it may not be used or is not
   * set up, (I/O) when its disk is full. Then nothing was loaded, or part of a bisected batch, which is safe to repeat
   */
  upsert(rows: readonly StatsRow[], onConflict: OnConflict): Promise<Outcome | undefined>;
  /**
   * Removes the rows with these keys in one transaction, except those that count more readings: they were loaded after
   * these were read. Undefined for a server.
   *
   * @returns the number of removed rows @throws Failure about the store, like `upsert`
   */
  remove?(rows: readonly StatsRow[]): Promise<number>;
  close(): Promise<void>;
}

export interface StoreSettings {
  /** How long to wait for other writers' locks. */
  readonly waitMs: number;
  /** Timeout of a server for one batch. */
  readonly timeoutMs: number;
  /** Bearer token for servers, unless the address has credentials; undefined for none. */
  readonly token: string | undefined;
  /** Maximum size in bytes of a file that is read into memory; undefined for no limit. */
  readonly mostBytes?: number;
  /** Whether a refused batch fails as a whole, with BadRows; otherwise it is bisected down to the bad rows. */
  readonly allOrNothing?: boolean;
  /** Cancels all waiting. */
  readonly signal: AbortSignal;
}

/**
 * A driver. Its `upsert` is atomic, and throws BadRows for a refused batch. Does no I/O yet.
 *
 * @throws Failure (usage) when the address is malformed
 */
export type OpenStore = (address: string, settings: StoreSettings) => Store;

/** The outcome for a row. @param stored the count of the stored row with its key; undefined without one */
export function decide(onConflict: OnConflict, stored: number | undefined, count: number): keyof Counts {
  if (stored === undefined) return 'inserted';
  if (onConflict === 'replace') return 'replaced';
  return onConflict === 'more' && count >= stored ? 'replaced' : 'kept';
}
