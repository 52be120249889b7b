/** Reads the rows of a chart from files and stores. */

import { isAddress } from '../addresses/parse.ts';
import { showAddress } from '../addresses/show.ts';
import { isSqliteFile } from '../databases/sqlite-file.ts';
import { Failure, status } from '../failure.ts';
import type { Encoding } from '../lines/encoding.ts';
import type { Line, Reject } from '../lines/line.ts';
import { type Ahead, FutureCheck } from '../readings/ahead.ts';
import { readStatsRows } from '../readings/stats-lines.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import type { ChartRows } from './chart-rows.ts';

/** How long to wait for a store. */
const STORE_LIMITS = { waitMs: 10_000, timeoutMs: 10_000 };

/** What a tool's Io has for those that read rows. */
interface RowsIo {
  lines(files: readonly string[], encoding?: Encoding): AsyncIterable<Line[]>;
  readonly reject: Reject;
  accept(count: number): void;
  count(rows: { readonly in: number }): void;
  warn(message: string): void;
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  now(): number;
}

interface ReadSettings {
  readonly io: RowsIo;
  readonly ahead: Ahead;
  /** Of files without a byte order mark; undefined for UTF-8. */
  readonly encoding: Encoding | undefined;
}

/**
 * Adds the rows of these files and stores to a chart; `-` is stdin.
 *
 * @throws Failure (no input) when there are none, (data) when all are rejected, and of a store
 */
export async function readChartRows(
  operands: readonly string[],
  chartRows: ChartRows,
  { io, ahead, encoding }: ReadSettings,
): Promise<void> {
  const future = new FutureCheck({ ...io, ahead });
  const check = (row: StatsRow) => future.rowRejection(row);
  let rejected = false;
  const reject: Reject = (line, rejection) => {
    rejected = true;
    io.reject(line, rejection);
  };
  for (const operand of operands) {
    const onFuture = () => {
      rejected = true;
      io.warn(`${showAddress(operand)}: rows more than ${ahead.text} ahead of the clock are not drawn`);
    };
    if (operand !== '-' && (isAddress(operand) || isSqliteFile(operand))) {
      const { addStoredRows } = await import('./from-store.ts');
      const { signal } = io;
      const settings = { ...STORE_LIMITS, token: undefined, signal, latest: future.latest, onFuture };
      io.count({ in: await addStoredRows(operand, settings, chartRows) });
    } else
      for await (const rows of readStatsRows(io.lines([operand], encoding), reject, { check })) {
        for (const row of rows) chartRows.add(row);
        io.accept(rows.length);
      }
  }
  if (chartRows.isEmpty) throw new Failure(rejected ? status.data : status.noInput, 'no stats rows');
}
