import { readdirSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, expect, it, vi } from 'vitest';
import { BatchFile } from '../../../src/tables/sqlite/batch-file.ts';
import { RowFile } from '../../../src/tables/sqlite/sqlite-pages.ts';
import { privateFolder } from '../../harness.ts';
import { batchOf } from '../batch-of.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('shows each connection the batch that was put last, and has no name', async () => {
  const folder = await privateFolder();
  vi.stubEnv('TMPDIR', folder);
  const [rowFile, batchFile] = [new RowFile(), new BatchFile()];
  const databases = [new DatabaseSync(':memory:'), new DatabaseSync(':memory:')];
  const long = Array.from({ length: 5000 }, (_, at) => [`${at}`, 'x'.repeat(50)]);
  for (const database of databases)
    for (const rows of [[['a']], [['b', null]], long, [['c'], ['d']]]) {
      batchFile.put(database, rowFile.encode(batchOf(rows)));
      const stored = database.prepare('SELECT * FROM batch.rows').all();
      expect(stored.map((row) => Object.values(row))).toEqual(rows);
      expect(readdirSync(folder)).toEqual([]);
    }
  batchFile.close();
  for (const database of databases) database.close();
});

it('fails (74) where it cannot be created', () => {
  vi.stubEnv('TMPDIR', '/nonexistent');
  const database = new DatabaseSync(':memory:');
  expect(() => new BatchFile().put(database, Buffer.alloc(100))).toThrow(
    expect.objectContaining({ status: 74, message: '/nonexistent: no such file or directory' }),
  );
});
