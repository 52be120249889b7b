/** Reads text as load-rows does, in this process, from chunks that end anywhere. */

import { usualLines } from '../../../src/lines/text-form.ts';
import type { Batch } from '../../../src/tables/input/batch.ts';
import type { ColumnType, TableColumn } from '../../../src/tables/input/column-type.ts';
import { readRows } from '../../../src/tables/input/read-rows.ts';
import { Schema, type SchemaSettings } from '../../../src/tables/input/schema.ts';
import { sqliteLimits } from '../../../src/tables/limits.ts';

interface Setting extends Partial<SchemaSettings> {
  /** Chunk size in bytes. */
  readonly chunk?: number;
  readonly maxRows?: number;
  readonly table?: readonly TableColumn[];
}

export interface ReadRows {
  readonly header: string[];
  readonly rows: (string | null)[][];
  readonly types: ColumnType[];
  /** Line numbers with reasons. */
  readonly rejected: string[];
}

const usual: SchemaSettings = {
  types: new Map(),
  key: [],
  alter: false,
  onMismatch: 'widen',
  limits: sqliteLimits,
};

export async function read(input: string | Buffer, setting: Setting = {}): Promise<ReadRows> {
  const { chunk = 1 << 16, maxRows = 50_000, table, ...settings } = setting;
  const rejected: string[] = [];
  const schema = new Schema({ ...usual, ...settings }, table);
  const result: ReadRows = { header: [], rows: [], types: [], rejected };
  const batches = readRows(source(Buffer.from(input), chunk), {
    schema,
    form: { delimiter: ',' },
    warn: () => {},
    explain: () => {},
    maxRows,
    lingerMs: 60_000,
    reject: (line, { detail }) => rejected.push(`${line.number}: ${detail}`),
  });
  for await (const batch of batches) {
    batch.undouble();
    result.rows.push(...rowsOf(batch));
    result.header.splice(0, result.header.length, ...batch.names);
    result.types.splice(0, result.types.length, ...batch.types);
  }
  return result;
}

async function* source(bytes: Buffer, chunk: number) {
  const chunks = async function* () {
    // Like a pipe, reuses the memory of a chunk for the next.
    const space = Buffer.alloc(chunk);
    for (let at = 0; at < bytes.length; at += chunk)
      yield space.subarray(0, bytes.copy(space, 0, at, at + chunk));
  };
  yield { name: 'input', file: undefined, pipe: undefined, ...usualLines, chunks };
}

function rowsOf(batch: Batch): (string | null)[][] {
  return Array.from({ length: batch.rows }, (_, row) =>
    batch.names.map((_, column) => batch.text(row, column) ?? null),
  );
}
