/** What a reader of one format does: turns the lines of a source into batches of rows, block by block. */

import type { Batch } from './batch.ts';

/** Bytes of a source that have not been read yet: whole lines, except the last line of the source. */
export interface Block {
  readonly bytes: Buffer;
  /** Whether nothing follows that could complete its last record. */
  readonly isLast: boolean;
  /** Maximum rows to read. */
  readonly maxRows: number;
}

/** The rows at the beginning of a block. */
export interface ReadBatch {
  /** Undefined, or without rows, when there were none. */
  readonly batch: Batch | undefined;
  /** Offset of the bytes that were not read; 0 when more must come first. */
  readonly next: number;
}

/** A reader for one source. */
export interface RowReader {
  /** @throws Failure (data) when the source as a whole does not fit the table */
  read(block: Block): ReadBatch;
}
