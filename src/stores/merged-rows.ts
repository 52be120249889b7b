/** Rows that are stored under several names of one window, merged by their ends. */

import type { StatsRow } from '../readings/stats-row.ts';
import { decide } from './store.ts';

/** Rows of one name, by their ends. */
export interface MergedPart {
  readonly window: string;
  readonly batches: AsyncIterable<StatsRow[]>;
}

interface Head {
  readonly iterator: AsyncIterator<StatsRow[]>;
  rows: readonly StatsRow[];
  at: number;
  /** The end of the next row, in epoch milliseconds. */
  end: number;
}

/** In one batch. */
const MOST = 2000;

/** The rows of all parts by their ends; of those with the same end the one that counts most readings. */
export async function* mergedRows(parts: readonly MergedPart[]): AsyncGenerator<StatsRow[]> {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) {
    yield* only.batches;
    return;
  }
  const heads = parts.map(
    ({ batches }): Head => ({ iterator: batches[Symbol.asyncIterator](), rows: [], at: 0, end: 0 }),
  );
  for (const head of heads) await fill(head);
  let batch: StatsRow[] = [];
  for (;;) {
    const end = Math.min(...heads.map((head) => head.end));
    if (end === Number.POSITIVE_INFINITY) break;
    let best: StatsRow | undefined;
    for (const head of heads) {
      const row = head.end === end ? head.rows[head.at] : undefined;
      if (row === undefined) continue;
      if (decide('more', best?.count, row.count) !== 'kept') best = row;
      head.at += 1;
      if (head.at < head.rows.length) head.end = endOf(head.rows[head.at]);
      else await fill(head);
    }
    if (best !== undefined) batch.push(best);
    if (batch.length < MOST) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function fill(head: Head): Promise<void> {
  let next = await head.iterator.next();
  while (!next.done && next.value.length === 0) next = await head.iterator.next();
  head.rows = next.done ? [] : next.value;
  head.at = 0;
  head.end = next.done ? Number.POSITIVE_INFINITY : endOf(head.rows[0]);
}

function endOf(row: StatsRow | undefined): number {
  return row === undefined ? Number.POSITIVE_INFINITY : Date.parse(row.end);
}
