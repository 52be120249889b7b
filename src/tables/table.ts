/**
 * A table: where rows of any columns are loaded.
 *
 * One driver per kind of address. Each keeps this contract: a batch is in the table whole or not at all, it is durable
 * when `load` returns, and of rows with the same key the last one counts.
 */

import type { Batch } from './input/batch.ts';
import type { ColumnType, Exactness } from './input/column-type.ts';
import type { OnMismatch } from './input/schema.ts';

export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
}

export interface Table {
  readonly exact: Exactness;
  /** Its columns; undefined when there is no such table yet. @throws Failure */
  columns(): Promise<TableColumn[] | undefined>;
  /**
   * Loads a batch in one transaction; the table is created, gets columns and wider types as the batch needs them.
   *
   * @throws Failure (temporary) when trying again may help, (unavailable) when not, (I/O); nothing is loaded then
   */
  load(batch: Batch): Promise<void>;
  close(): Promise<void>;
}

export interface TableSettings {
  readonly table: string;
  /** Names of columns; empty for none. */
  readonly key: readonly string[];
  /** Whether it may get further columns. */
  readonly alter: boolean;
  readonly onMismatch: OnMismatch;
  /** How long to wait for other writers, and for a server to come back. */
  readonly waitMs: number;
  /** How long a server may take for one statement. */
  readonly timeoutMs: number;
  /** How often a batch is tried again. */
  readonly retries: number;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
  /** Says what was done, for --verbose. */
  explain(message: string): void;
}

/** A driver. Touches nothing yet. */
export type OpenTable = (address: string, settings: TableSettings) => Table;
