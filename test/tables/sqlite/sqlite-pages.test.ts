import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RowFile } from '../../../src/tables/sqlite/sqlite-pages.ts';
import { privateFolder } from '../../harness.ts';
import { batchOf } from '../batch-of.ts';

/** Around the lengths at which a varint gets longer, or a record gets pages of its own. */
const lengths = [0, 1, 56, 57, 58, 127, 128, 8184, 8185, 8186, 65_490, 65_501, 65_600, 131_030, 300_000];

async function check(rows: readonly (readonly (string | null)[])[], file = new RowFile()): Promise<void> {
  const path = join(await privateFolder(), 'rows');
  writeFileSync(path, file.encode(batchOf(rows)));
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const [answer] = database.prepare('PRAGMA integrity_check').all();
    expect({ ...answer }).toEqual({ integrity_check: 'ok' });
    const stored = database.prepare('SELECT * FROM rows ORDER BY rowid').all();
    expect(stored.map((row) => Object.values(row))).toEqual(rows);
  } finally {
    database.close();
  }
}

it('is a database that SQLite finds in order', async () => {
  const field = fc.oneof(
    fc.constant(null),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(...lengths).map((length) => 'x'.repeat(length)),
  );
  const table = fc
    .integer({ min: 1, max: 6 })
    .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1 }));
  const file = new RowFile();
  await fc.assert(
    fc.asyncProperty(table, (rows) => check(rows, file)),
    { numRuns: 100 },
  );
});

it.each(lengths)('holds fields of %d bytes', async (length) => {
  await check([['a'], ['x'.repeat(length)], [null], ['é'.repeat(length)]]);
});

it('holds many rows, and many columns', async () => {
  await check(Array.from({ length: 40_000 }, (_, at) => [`${at}`, null, 'x'.repeat(at % 300)]));
  await check([Array.from({ length: 1500 }, (_, at) => `${at}`)]);
});
