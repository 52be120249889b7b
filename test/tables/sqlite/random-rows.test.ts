import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect, it } from 'vitest';
import { privateFolder } from '../../harness.ts';
import { FIRST_SEED, seedCount } from '../../thorough.ts';
import { byValue, comparable, load, randomLoad } from '../random-rows.ts';

it('stores the same however rows fell into batches and runs', async () => {
  const path = join(await privateFolder(), 'rows.db');
  for (let seed = FIRST_SEED; seed < FIRST_SEED + seedCount(60, 400); seed++) {
    const { load: cut, whole } = randomLoad(seed);
    const rejected = [await load(path, `cut${seed}`, cut), await load(path, `whole${seed}`, whole)];
    const context = JSON.stringify({ seed, cut, whole: whole.runs }, null, 1);
    expect(rejected[0], context).toEqual(rejected[1]);
    expect(stored(path, `cut${seed}`), context).toEqual(stored(path, `whole${seed}`));
  }
}, 600_000);

/** Values with their types, and the types of the columns. */
function stored(path: string, table: string): unknown {
  const database = new DatabaseSync(path);
  try {
    const columns = database
      .prepare(`SELECT name, type, dflt_value FROM pragma_table_info('${table}')`)
      .all();
    const names = columns.map(({ name }) => String(name)).sort();
    if (names.length === 0) return [];
    const values = names.map((name) => `typeof(${name}), CAST(${name} AS TEXT)`).join();
    const rows = database.prepare(`SELECT ${values} FROM ${table}`);
    rows.setReturnArrays(true);
    const all = rows.all() as unknown as (string | null)[][];
    return {
      types: columns.map((column) => JSON.stringify(column)).sort(),
      rows: comparable(
        all.map((row) =>
          row.map((text, at) => (row[at - 1] === 'real' ? byValue(text ?? '') : String(text))),
        ),
      ),
    };
  } finally {
    database.close();
  }
}
