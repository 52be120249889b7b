/** Deletes blocks that all groups have taken. Everything runs within the caller's transaction. */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { Shape } from '../driver.ts';
import type { Block } from './block.ts';
import type { Blocks } from './blocks.ts';

/** Bytes acknowledged before blocks are deleted: deleting on each acknowledgement would double its cost. */
const TRIM_BYTES = 1 << 20;
/** Free pages that a file keeps for new messages: 16 MiB. */
const FREE_PAGES = 4096;
/** Trims per check of the file's size. */
const TRIMS_PER_SHRINK = 16;

/** Maximum number of blocks to delete at a time, so that acknowledgements stay fast. */
const BLOCKS_PER_TRIM = 256;

interface Trim {
  /** Epoch milliseconds; undefined: ignore the retention. */
  readonly now: number | undefined;
  /** Maximum number of blocks to delete. */
  readonly most?: number;
}

interface Progress {
  /** Bytes acknowledged since the last trim. */
  acknowledged: number;
  trims: number;
}

/** By open file and kind of messages. Starts at the limit: other processes may have left blocks to delete. */
const progress = new WeakMap<Blocks, Progress>();

function progressOf(blocks: Blocks): Progress {
  let own = progress.get(blocks);
  if (own === undefined) {
    own = { acknowledged: TRIM_BYTES, trims: 0 };
    progress.set(blocks, own);
  }
  return own;
}

/** Counts acknowledged bytes. @returns whether it is time to trim */
export function isTimeToTrim(blocks: Blocks, bytes: number): boolean {
  const own = progressOf(blocks);
  own.acknowledged += bytes;
  if (own.acknowledged < TRIM_BYTES) return false;
  own.acknowledged = 0;
  return true;
}

/** Deletes messages of a partition that all groups have acknowledged. @returns whether there may be more */
export function trimTaken(blocks: Blocks, partition: number, { now, most = BLOCKS_PER_TRIM }: Trim): boolean {
  const { low } = blocks
    .sql(
      `SELECT min(min(next, coalesce((SELECT min(first) FROM range AS r
         WHERE r.dead = p.dead AND r."group" = p."group" AND r.partition = p.partition), next))) AS low
       FROM position AS p WHERE dead = ? AND partition = ?`,
    )
    .get(blocks.dead, partition);
  return low !== null && trim(blocks, partition, low, { now, most });
}

/** @param before the first message that some group has not taken */
function trim(blocks: Blocks, partition: number, before: number, { now, most }: Required<Trim>): boolean {
  const keep = blocks.dead === 1 || now === undefined ? undefined : blocks.shape.keep;
  const own = [blocks.dead, partition];
  const rows: readonly Pick<Block, 'first' | 'count' | 'time' | 'bytes'>[] = blocks
    .sql(
      'SELECT first, count, time, bytes FROM block WHERE dead = ? AND partition = ? AND first < ? ORDER BY first LIMIT ?',
    )
    .all(...own, before, most);
  let left = keep !== undefined && 'bytes' in keep ? blocks.bytes() : 0;
  let freed = 0;
  let count = 0;
  for (const row of rows) {
    if (row.first + row.count > before) break;
    if (keep !== undefined && isKept(row, keep, { now: now ?? 0, left })) break;
    left -= row.bytes;
    freed += row.bytes;
    count++;
  }
  const last = rows[count - 1];
  if (last === undefined) return false;
  blocks.sql('DELETE FROM block WHERE dead = ? AND partition = ? AND first <= ?').run(...own, last.first);
  blocks.sql('UPDATE partition SET bytes = bytes - ? WHERE dead = ? AND partition = ?').run(freed, ...own);
  if (progressOf(blocks).trims++ % TRIMS_PER_SHRINK === 0) shrink(blocks.database);
  return count === most;
}

/** @param left bytes in the queue, including the block */
function isKept(
  { time }: Pick<Block, 'time'>,
  keep: NonNullable<Shape['keep']>,
  { now, left }: { readonly now: number; readonly left: number },
): boolean {
  return 'ms' in keep ? now - time < keep.ms : left <= keep.bytes;
}

/** Returns pages to the file system when three quarters of a large file are free. */
function shrink(database: DatabaseSyncInstance): void {
  const { freelist_count: free } = database.prepare('PRAGMA freelist_count').get();
  const { page_count: pages } = database.prepare('PRAGMA page_count').get();
  if (free > FREE_PAGES && free > pages * 0.75)
    database.exec(`PRAGMA incremental_vacuum(${Math.ceil(free / 4)})`);
}
