/**
 * A table: where rows of any columns are loaded.
 *
 * One driver per kind of address. Each keeps this contract: a batch, less the rows that the database refuses, is in the
 * table whole or not at all; it is durable when `load` returns; of rows with the same key the last one counts; and what
 * is in the table does not depend on how rows fell into batches.
 */

import type { Batch } from './input/batch.ts';
import type { OnMismatch, TableColumn, TableLimits } from './input/column-type.ts';

/** A row that the database refuses, by a constraint or a type of the table for example. */
export interface Refusal {
  /** Its index in the batch. */
  readonly row: number;
  /** In the words of the database. */
  readonly reason: string;
}

/** What a driver opens. */
export interface Table {
  readonly limits: TableLimits;
  /** Its columns; undefined when there is no such table yet. @throws Failure (temporary, unavailable) */
  columns(): Promise<TableColumn[] | undefined>;
  /**
   * Loads a batch in one transaction; the table is created, gets columns and wider types as the batch needs them.
   *
   * @returns the rows that the database refuses, in their order: all others are loaded
   * @throws Failure (temporary) when trying again may help, (unavailable) when not, (I/O); nothing is loaded then
   */
  load(batch: Batch): Promise<readonly Refusal[]>;
  /** Makes what was loaded durable where all batches are one transaction; otherwise it is already. @throws as `load` does */
  commit(): Promise<void>;
  /** Where all batches are one transaction, nothing is loaded unless it was committed. */
  close(): Promise<void>;
}

/** What a driver is told beside the address. */
export interface TableSettings {
  /** The table's name. */
  readonly table: string;
  /** Names of columns; empty for none. */
  readonly key: readonly string[];
  /** Whether a table that is not new may get further columns. */
  readonly alter: boolean;
  readonly onMismatch: OnMismatch;
  /** How long to wait for other writers, and for a server to come back. */
  readonly waitMs: number;
  /** How long a server may take for one statement. */
  readonly timeoutMs: number;
  /** Maximum retries of a batch. */
  readonly retries: number;
  /** Whether all batches are one transaction, which a refused row ends: then `load` throws BadRows, and retries nothing. */
  readonly isOneTransaction: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
  /** Reports a column that is made wider. */
  warn(message: string): void;
  /** Reports another change of the table, or a retry, for --verbose. */
  explain(message: string): void;
}

/** A driver. Touches nothing yet. */
export type OpenTable = (address: string, settings: TableSettings) => Table;
