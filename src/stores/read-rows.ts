/** Reads stats rows from all that a command line names: files, stdin and stores. */

import { isAddress } from '../addresses/parse.ts';
import { showAddress } from '../addresses/show.ts';
import { isSqliteFile } from '../databases/sqlite-file.ts';
import type { Encoding } from '../lines/encoding.ts';
import type { Line, Reject } from '../lines/line.ts';
import type { TextForm } from '../lines/text-form.ts';
import { type Ahead, FutureCheck } from '../readings/ahead.ts';
import { readStatsRows } from '../readings/stats-lines.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import type { StoreSettings } from './store.ts';

/** How long to wait for a store. */
const STORE_LIMITS = { waitMs: 10_000, timeoutMs: 10_000 };

/** What a tool's Io has for those that read rows. */
interface RowsIo {
  lines(files: readonly string[], form?: TextForm): AsyncIterable<Line[]>;
  readonly reject: Reject;
  accept(count: number): void;
  count(rows: { readonly in: number }): void;
  warn(message: string): void;
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  now(): number;
}

/** How rows are read. */
export interface ReadSettings {
  readonly io: RowsIo;
  readonly ahead: Ahead;
  /** Of files without a byte order mark; undefined for UTF-8. */
  readonly encoding: Encoding | undefined;
}

/** How a store is read: without rows that are too far ahead of the clock. */
export interface PresentSettings extends StoreSettings {
  /** The latest time that is not too far ahead: epoch milliseconds, or Infinity. */
  readonly latest: number;
  /** Called when there are some. */
  onFuture(): void;
}

/** What takes the rows. */
export interface RowsTaker {
  /** Takes a row of a file. */
  add(row: StatsRow): void;
  /** Takes what it needs from a store. @returns how many rows were read @throws Failure */
  addStored(address: string, settings: PresentSettings): Promise<number>;
  /** What is done with rows, for a message about those that are not: `drawn`. */
  readonly done: string;
}

/**
 * Reads the rows of these files and stores; `-` is stdin.
 *
 * @returns whether some were rejected, or are too far ahead of the clock @throws Failure of a file or a store
 */
export async function readRows(
  operands: readonly string[],
  taker: RowsTaker,
  { io, ahead, encoding }: ReadSettings,
): Promise<boolean> {
  const future = new FutureCheck({ ...io, ahead });
  const check = (row: StatsRow) => future.rowRejection(row);
  let rejected = false;
  const reject: Reject = (line, rejection) => {
    rejected = true;
    io.reject(line, rejection);
  };
  const form = { encoding, mayEndInReturns: true };
  for (const operand of operands) {
    const onFuture = () => {
      rejected = true;
      io.warn(
        `${showAddress(operand)}: rows more than ${ahead.text} ahead of the clock are not ${taker.done}`,
      );
    };
    if (operand !== '-' && (isAddress(operand) || isSqliteFile(operand))) {
      const { signal } = io;
      const settings = { ...STORE_LIMITS, token: undefined, signal, latest: future.latest, onFuture };
      io.count({ in: await taker.addStored(operand, settings) });
    } else
      for await (const rows of readStatsRows(io.lines([operand], form), reject, { check })) {
        for (const row of rows) taker.add(row);
        io.accept(rows.length);
      }
  }
  return rejected;
}
