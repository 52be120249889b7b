/** Prints the rows of get-stats, and publishes the newest ones. */

import type { RowLayout } from '../counting/kernel/row-pieces.ts';
import { type Column, formatRows, type Row } from '../lines/format-rows.ts';
import type { Precision } from '../lines/line-protocol.ts';
import type { RowShape } from '../readings/summary-row.ts';
import { alsoInFile } from './metrics-option.ts';
import { rowFormat } from './row-options.ts';

/** How long `-o FILE` waits for another writer of the file. */
const LOCK = { waitMs: 10_000 };

interface StatsOutput {
  readonly json: boolean;
  readonly table: boolean;
  readonly influx: boolean;
  readonly precision: Precision;
  readonly prometheus: string | undefined;
  /** Whether rows arrive over time, instead of at the end. */
  readonly live: boolean;
}

/** The layout in which the kernel writes rows as text; undefined if the metrics need the rows themselves. */
export function kernelLayout(
  shape: RowShape,
  { json, influx, precision, prometheus }: Omit<StatsOutput, 'live'>,
): RowLayout | undefined {
  const notation = influx ? 'influx' : json ? 'json' : 'csv';
  return prometheus === undefined ? { ...shape, notation, precision } : undefined;
}

/** The rows as text. @throws Failure if the metrics cannot be written */
export async function* statsText(
  rows: AsyncIterable<Row[] | Buffer>,
  columns: readonly Column[],
  options: StatsOutput,
): AsyncGenerator<string | Buffer> {
  const { influx, precision, prometheus: file, live, table } = options;
  const published = file === undefined ? rows : publishedRows(arrays(rows), columns, { file, live });
  const format = live && table ? 'live-table' : rowFormat(options);
  if (!influx) yield* formatRows(published, columns, format);
  else yield* (await import('../readings/influx-rows.ts')).formatRowsInflux(published, columns, precision);
}

async function* arrays(rows: AsyncIterable<Row[] | Buffer>): AsyncGenerator<Row[]> {
  for await (const batch of rows) if (Array.isArray(batch)) yield batch;
}

async function* publishedRows(
  rows: AsyncIterable<Row[]>,
  columns: readonly Column[],
  { file, live }: { readonly file: string; readonly live: boolean },
): AsyncGenerator<Row[]> {
  const { NewestRows } = await import('../readings/metrics.ts');
  yield* alsoInFile(rows, file, new NewestRows(columns), !live);
}

/** Replaces a file; if there is no output at all, it is left alone. */
export async function writeTo(file: string, text: AsyncIterable<string | Buffer>): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of text) pieces.push(Buffer.from(piece));
  const { replaceFile } = await import('../files/replace.ts');
  if (pieces.length > 0) await replaceFile(file, Buffer.concat(pieces), LOCK);
}
