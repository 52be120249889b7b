/** Reads the rows of a chart from files and stores. */

import { Failure, status } from '../failure.ts';
import { type ReadSettings, readRows } from '../stores/read-rows.ts';
import type { ChartRows } from './chart-rows.ts';

/**
 * Adds the rows of these files and stores to a chart. `-` is stdin.
 *
 * @throws Failure (no input) when there are no rows, (data) when all are rejected, and those of a store
 */
export async function readChartRows(
  operands: readonly string[],
  chartRows: ChartRows,
  settings: ReadSettings,
): Promise<void> {
  const rejected = await readRows(
    operands,
    {
      done: 'drawn',
      add: (row) => chartRows.add(row),
      addStored: async (address, present) => {
        const { addStoredRows } = await import('./from-store.ts');
        return addStoredRows(address, present, chartRows);
      },
    },
    settings,
  );
  if (chartRows.isEmpty) throw new Failure(rejected ? status.data : status.noInput, 'no stats rows');
}
