/** Merges rows stored under several names of a window, ordered by their ends. */

import type { StatsRow } from '../readings/stats-row.ts';
import { parseTime } from '../readings/time.ts';
import type { Range, StoreReader } from './reader.ts';
import { decide } from './store.ts';

interface TimedRow {
  readonly row: StatsRow;
  /** Epoch milliseconds. */
  readonly end: number;
}

/**
 * The rows of a range under all names, ordered by end. Of rows with the same end the one with most readings wins; at
 * equal counts that of the last name.
 *
 * All names are read again from the end of each batch. A writer may concurrently move rows to the last name, which is
 * read last, so a moving row is found at least once.
 */
export async function* mergedRows(
  reader: StoreReader,
  range: Range,
  names: readonly string[],
): AsyncGenerator<StatsRow[]> {
  for (let { from } = range; ; ) {
    const pages: TimedRow[][] = [];
    for (const window of names)
      pages.push(timed(await firstBatch(reader.rows({ ...range, window, from })), from));
    const until = Math.min(...pages.map((page) => page.at(-1)?.end ?? Number.POSITIVE_INFINITY));
    if (until === Number.POSITIVE_INFINITY) return;
    yield merged(pages.flatMap((page) => page.filter(({ end }) => end <= until)));
    from = until + 1;
  }
}

async function firstBatch(batches: AsyncIterable<StatsRow[]>): Promise<readonly StatsRow[]> {
  for await (const rows of batches) if (rows.length > 0) return rows;
  return [];
}

/** Parses the ends, and drops rows with unreadable ones, or with ends before the page. */
function timed(rows: readonly StatsRow[], from: number): TimedRow[] {
  return rows.flatMap((row) => {
    const end = parseTime(row.end);
    return end === undefined || end < from ? [] : [{ row, end }];
  });
}

function merged(rows: readonly TimedRow[]): StatsRow[] {
  const best = new Map<number, StatsRow>();
  for (const { row, end } of rows)
    if (decide('more', best.get(end)?.count, row.count) !== 'kept') best.set(end, row);
  return [...best].sort(([one], [other]) => one - other).map(([, row]) => row);
}
