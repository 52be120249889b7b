/** Bisects batches that a store refuses: only the bad rows are lost, at two requests per split. */

import { eventLoopYielder } from '../async/yield-to-event-loop.ts';
import { BadRows } from '../failure.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { nothingDone, type OnConflict, type Outcome, type Store } from './store.ts';

/** Wraps a store so that it reports each bad row, where the driver refuses a whole batch. */
export function inHalves(store: Store): Store {
  const yieldToEventLoop = eventLoopYielder();
  const upsert = async (rows: readonly StatsRow[], onConflict: OnConflict): Promise<Outcome | undefined> => {
    try {
      return await store.upsert(rows, onConflict);
    } catch (error) {
      const [row] = rows;
      if (!(error instanceof BadRows) || row === undefined) throw error;
      if (rows.length === 1) return { ...nothingDone, refused: [{ row, failure: error }] };
      await yieldToEventLoop();
      const middle = rows.length >> 1;
      const first = await upsert(rows.slice(0, middle), onConflict);
      return sum(first, await upsert(rows.slice(middle), onConflict));
    }
  };
  return { ...store, upsert };
}

function sum(a: Outcome | undefined, b: Outcome | undefined): Outcome | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    inserted: a.inserted + b.inserted,
    replaced: a.replaced + b.replaced,
    kept: a.kept + b.kept,
    refused: [...a.refused, ...b.refused],
  };
}
