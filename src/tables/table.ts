/**
 * A table: where rows of any columns are loaded.
 *
 * One driver per kind of address. Each keeps this contract: a batch is in the table whole or not at all, it is durable
 * when `load` returns, and of rows with the same key the last one counts.
 */

import type { Batch } from './input/batch.ts';
import type { OnMismatch, TableColumn } from './input/column-type.ts';

/** What a driver opens. */
export interface Table {
  /** Digits that a decimal keeps. */
  readonly decimalDigits: number;
  /** Its columns; undefined when there is no such table yet. @throws Failure (temporary, unavailable) */
  columns(): Promise<TableColumn[] | undefined>;
  /**
   * Loads a batch in one transaction; the table is created, gets columns and wider types as the batch needs them.
   *
   * @throws Failure (temporary) when trying again may help, (unavailable) when not, (I/O); nothing is loaded then
   */
  load(batch: Batch): Promise<void>;
  close(): Promise<void>;
}

/** What a driver is told beside the address. */
export interface TableSettings {
  /** The table's name. */
  readonly table: string;
  /** Names of columns; empty for none. */
  readonly key: readonly string[];
  /** Whether the table may get further columns. */
  readonly alter: boolean;
  readonly onMismatch: OnMismatch;
  /** How long to wait for other writers, and for a server to come back. */
  readonly waitMs: number;
  /** How long a server may take for one statement. */
  readonly timeoutMs: number;
  /** Retries of a batch at most. */
  readonly retries: number;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
  /** Reports a change of the table, or a retry, for --verbose. */
  explain(message: string): void;
}

/** A driver. Touches nothing yet. */
export type OpenTable = (address: string, settings: TableSettings) => Table;
