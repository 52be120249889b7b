import { Batch, NULL } from '../../src/tables/input/batch.ts';
import type { ColumnType } from '../../src/tables/input/column-type.ts';

/** A batch with these fields, null or text; columns are of type text unless `types` says otherwise. */
export function batchOf(
  rows: readonly (readonly (string | null)[])[],
  names: readonly string[] = rows[0]?.map((_, at) => `c${at}`) ?? [],
  types: readonly ColumnType[] = names.map(() => 'text' as const),
): Batch {
  const batch = new Batch(names, Buffer.from(rows.flat().join('')), 0);
  batch.types = types;
  let end = 0;
  for (const row of rows) {
    const first = batch.room();
    for (const [at, text] of row.entries()) {
      batch.starts[first + at] = text === null ? NULL : end;
      end += Buffer.byteLength(text ?? '');
      batch.ends[first + at] = end;
    }
    batch.rows++;
  }
  return batch;
}
