/** The contract of a reader of one format: turns the lines of a source into batches, block by block. */

import type { Batch } from './batch.ts';

/** Unread bytes of a source: whole lines, except perhaps the last line of the source. */
export interface Block {
  readonly bytes: Buffer;
  /** Whether nothing follows to complete its last record. */
  readonly isLast: boolean;
  /** Maximum rows to read. */
  readonly maxRows: number;
}

/** The rows at the beginning of a block. */
export interface ReadBatch {
  /** Undefined or empty if there were no rows. */
  readonly batch: Batch | undefined;
  /** Offset of the unread bytes; 0 if more are needed. */
  readonly next: number;
}

/** A reader for one source. */
export interface RowReader {
  /** @throws Failure (data) if the source as a whole does not fit the table */
  read(block: Block): ReadBatch;
}
