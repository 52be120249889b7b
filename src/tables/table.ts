/**
 * The contract of a table driver, one per kind of address. A table takes rows with any columns.
 *
 * A batch, without the rows that the database refuses, is loaded as a whole or not at all; it is durable when `load`
 * returns; of rows with the same key the last one wins; and the result does not depend on how rows were split into
 * batches.
 */

import type { Batch } from './input/batch.ts';
import type { OnMismatch, TableColumn, TableLimits } from './input/column-type.ts';

/** A row that the database refuses, for example because of a constraint. */
export interface Refusal {
  /** Its index in the batch. */
  readonly row: number;
  /** The database's message. */
  readonly reason: string;
}

/** An open table. */
export interface Table {
  readonly limits: TableLimits;
  /** Its columns; undefined if it does not exist yet. @throws Failure (temporary, unavailable) */
  columns(): Promise<TableColumn[] | undefined>;
  /**
   * Loads a batch in one transaction, which also creates the table, adds columns and widens them as needed.
   *
   * @returns the refused rows, in order; all others are loaded
   * @throws Failure (temporary) when a retry may help, (unavailable) when not, (I/O); then nothing is loaded
   */
  load(batch: Batch): Promise<readonly Refusal[]>;
  /** Commits, if all batches are one transaction; otherwise they already are. @throws as `load` does */
  commit(): Promise<void>;
  /** If all batches are one transaction that was not committed, rolls it back. */
  close(): Promise<void>;
}

/** The settings of a driver besides the address. */
export interface TableSettings {
  /** The table's name. */
  readonly table: string;
  /** Column names; empty for none. */
  readonly key: readonly string[];
  /** Whether columns may be added to an existing table. */
  readonly alter: boolean;
  readonly onMismatch: OnMismatch;
  /** How long to wait for other writers, and for a server to come back. */
  readonly waitMs: number;
  /** The time limit of one statement on a server. */
  readonly timeoutMs: number;
  /** Maximum retries of a batch. */
  readonly retries: number;
  /** Whether all batches are one transaction, which a refused row ends: `load` then throws BadRows, and retries nothing. */
  readonly isOneTransaction: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
  /** Reports a widened column. */
  warn(message: string): void;
  /** For --verbose: reports another change of the table, or a retry. */
  explain(message: string): void;
}

/** Opens a table lazily: nothing is touched yet. */
export type OpenTable = (address: string, settings: TableSettings) => Table;
