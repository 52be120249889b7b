/** Reads stats rows from all operands of a command line: files, stdin and stores. */

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

/** Time limits for stores. */
const STORE_LIMITS = { waitMs: 10_000, timeoutMs: 10_000 };

/** The part of a tool's Io that reading rows needs. */
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

/** How to read rows. */
export interface ReadSettings {
  readonly io: RowsIo;
  readonly ahead: Ahead;
  /** For files without a byte order mark; undefined for UTF-8. */
  readonly encoding: Encoding | undefined;
}

/** Reads a store without rows too far in the future. */
export interface PresentSettings extends StoreSettings {
  /** The latest time not too far ahead: epoch milliseconds, or Infinity. */
  readonly latest: number;
  /** Called when there are rows too far ahead. */
  onFuture(): void;
}

/** Consumes the rows. */
export interface RowsTaker {
  /** Adds a row of a file. */
  add(row: StatsRow): void;
  /** Reads what it needs from a store. @returns the number of rows read @throws Failure */
  addStored(address: string, settings: PresentSettings): Promise<number>;
  /** What happens to rows, for the message about those left out: `drawn`. */
  readonly done: string;
}

/**
 * Reads the rows of files and stores; `-` is stdin.
 *
 * @returns whether rows were rejected, or too far ahead of the clock @throws Failure of a file or store
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
