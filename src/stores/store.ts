/**
 * A store: where stats rows are kept by their key.
 *
 * One driver per kind of address. Each keeps this contract: a call of `upsert` takes effect whole or not at all, it is
 * safe beside other processes that do the same, and the same call again changes nothing.
 */

import type { BadRows } from '../failure.ts';
import type { StatsRow } from '../readings/stats-row.ts';

/**
 * What a row does to a stored row with its key: `more` replaces it when it counts at least as many readings, so that a
 * window seen in part never overwrites the full one; `replace` always; `skip` never.
 */
export type OnConflict = 'more' | 'replace' | 'skip';

/** How many rows were inserted, replaced or kept. */
export interface Counts {
  readonly inserted: number;
  /** Replaced as a whole: values that the new row lacks are gone. */
  readonly replaced: number;
  /** Rows that lost to the stored one. */
  readonly kept: number;
}

/** What became of all rows. */
export interface Outcome extends Counts {
  /** The rows that the store does not take, for each of which the others were loaded without it. */
  readonly refused: readonly Refused[];
}

/** A row that the store does not take, and why: the message begins with the address, its cause does not. */
export interface Refused {
  readonly row: StatsRow;
  readonly failure: BadRows;
}

/** The outcome of no rows. */
export const nothingDone: Outcome = { inserted: 0, replaced: 0, kept: 0, refused: [] };

export interface Store {
  /**
   * Loads rows in one transaction, in their order; columns that the store lacks are added. Rows that are refused together
   * are loaded in halves, until each bad one stands alone.
   *
   * @returns undefined when the store does not say
   * @throws Failure about the store: (temporary) when trying again may help, (unavailable) when it may not be used or is
   * not set up, (I/O) when its disk is full. Nothing is loaded then, or some halves, whose rows may come again
   */
  upsert(rows: readonly StatsRow[], onConflict: OnConflict): Promise<Outcome | undefined>;
  /**
   * Removes the rows with these keys in one transaction, except those that count more readings: they were loaded after these
   * were read. Undefined for a server.
   *
   * @returns the number of removed rows @throws Failure about the store, as `upsert` does
   */
  remove?(rows: readonly StatsRow[]): Promise<number>;
  close(): Promise<void>;
}

export interface StoreSettings {
  /** How long to wait for other writers. */
  readonly waitMs: number;
  /** How long a server may take for one batch. */
  readonly timeoutMs: number;
  /** Sent to servers, unless the address has credentials; undefined for none. */
  readonly token: string | undefined;
  /** Maximum size in bytes of a file that is read into memory; undefined for any. */
  readonly mostBytes?: number;
  /** Whether rows that are refused together all fail, by BadRows; otherwise they are halved until each bad one stands alone. */
  readonly allOrNothing?: boolean;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
}

/**
 * A driver, whose `upsert` takes effect whole or not at all, and throws BadRows for rows that are refused together. Touches
 * nothing yet. @throws Failure (usage) for an address that is malformed
 */
export type OpenStore = (address: string, settings: StoreSettings) => Store;

/** What becomes of a row. @param stored the count of the stored row with its key; undefined without one */
export function decide(onConflict: OnConflict, stored: number | undefined, count: number): keyof Counts {
  if (stored === undefined) return 'inserted';
  if (onConflict === 'replace') return 'replaced';
  return onConflict === 'more' && count >= stored ? 'replaced' : 'kept';
}
