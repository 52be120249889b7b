/** Reads the last rows of each sensor and window from a store. */

import type { StatsRow } from '../readings/stats-row.ts';
import { openReader } from '../stores/open.ts';
import { presentSeries } from '../stores/present-series.ts';
import type { PresentSettings } from '../stores/read-rows.ts';
import type { Series, StoreReader } from '../stores/reader.ts';
import type { LastRowsOf, Wanted } from './last-rows.ts';

/** Adds the last rows of a store. @returns how many @throws Failure like the reader */
export async function addLastRows(
  address: string,
  settings: PresentSettings,
  { rows, wanted }: { rows: LastRowsOf; wanted: Wanted },
): Promise<number> {
  const reader = await openReader(address, settings);
  let read = 0;
  const add = (row: StatsRow) => {
    rows.add(row);
    read++;
  };
  try {
    for await (const page of presentSeries(reader, settings.latest, {}, settings.onFuture))
      for (const series of page)
        if (wanted.isWanted(series.sensor)) await addSeries(reader, series, wanted, add);
  } finally {
    await reader.close();
  }
  return read;
}

/** Reads by time, so a missing row interrupts a run of rows. */
async function addSeries(
  reader: StoreReader,
  { sensor, window, newest, to, every }: Series,
  { window: asked, most }: Wanted,
  add: (row: StatsRow) => void,
): Promise<void> {
  if (asked !== undefined && window !== asked) return;
  if (most > 1 && every !== undefined) {
    const range = { sensor, window, from: to - every * (most - 1), to };
    for await (const batch of reader.rows(range)) for (const row of batch) add(row);
  }
  add(newest);
}
