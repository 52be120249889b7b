/** Reads text as load-rows does, in this process, from chunks that are cut anywhere. */

import { Batch, NULL } from '../../../src/tables/input/batch.ts';
import type { ColumnType } from '../../../src/tables/input/column-type.ts';
import { readRows } from '../../../src/tables/input/read-rows.ts';
import { Columns, type Wishes } from '../../../src/tables/input/schema.ts';
import type { TableColumn } from '../../../src/tables/table.ts';

interface Setting extends Partial<Wishes> {
  /** The length of a chunk. */
  readonly chunk?: number;
  readonly most?: number;
  readonly table?: readonly TableColumn[];
}

export interface ReadRows {
  readonly header: string[];
  readonly rows: (string | null)[][];
  readonly types: ColumnType[];
  /** Number of line, and why. */
  readonly rejected: string[];
}

const usual: Wishes = { types: new Map(), key: [], alter: false, onMismatch: 'widen', exact: { digits: 15 } };

export async function read(input: string | Buffer, setting: Setting = {}): Promise<ReadRows> {
  const { chunk = 1 << 16, most = 50_000, table, ...wishes } = setting;
  const rejected: string[] = [];
  const columns = new Columns({ ...usual, ...wishes }, table);
  const result: ReadRows = { header: [], rows: [], types: [], rejected };
  const batches = readRows(source(Buffer.from(input), chunk), {
    columns,
    delimiter: 44,
    most,
    lingerMs: 60_000,
    reject: (line, { detail }) => rejected.push(`${line.number}: ${detail}`),
  });
  for await (const batch of batches) {
    batch.undouble();
    result.rows.push(...rowsOf(batch));
    result.header.splice(0, result.header.length, ...batch.columns.map(({ name }) => name));
    result.types.splice(0, result.types.length, ...batch.types);
  }
  return result;
}

async function* source(bytes: Buffer, chunk: number) {
  const chunks = async function* () {
    // As a pipe has it: the next chunk lies where this one did.
    const space = Buffer.alloc(chunk);
    for (let at = 0; at < bytes.length; at += chunk)
      yield space.subarray(0, bytes.copy(space, 0, at, at + chunk));
  };
  yield { name: 'input', file: undefined, pipe: undefined, chunks };
}

function rowsOf(batch: Batch): (string | null)[][] {
  return Array.from({ length: batch.rows }, (_, row) =>
    batch.columns.map((_, column) => batch.text(row, column) ?? null),
  );
}

/** A batch of these fields. */
export function batchOf(rows: readonly (readonly (string | null)[])[], columns: readonly string[]): Batch {
  const bytes = Buffer.from(rows.flat().join(''));
  const batch = new Batch(
    columns.map((name) => ({ name, type: 'text', fixed: false, settled: true })),
    bytes,
    0,
  );
  let end = 0;
  for (const row of rows) {
    const place = batch.room();
    for (const [at, text] of row.entries()) {
      batch.starts[place + at] = text === null ? NULL : end;
      end += Buffer.byteLength(text ?? '');
      batch.ends[place + at] = end;
    }
    batch.rows++;
  }
  return batch;
}
