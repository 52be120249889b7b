import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/databases/sqlite-connection.ts';
import { isSqliteFile } from '../../src/databases/sqlite-file.ts';
import { privateFolder } from '../harness.ts';

describe('isSqliteFile', () => {
  it.each(['', 'SQLite format 3', 'SQLite format 3\n, as text', 'sensor,window'])(
    'knows a file that begins with %j for none',
    async (text) => {
      const path = join(await privateFolder(), 'stats.db');
      await writeFile(path, text);
      expect(isSqliteFile(path)).toBe(false);
    },
  );

  it('knows a database, whatever its name', async () => {
    const path = join(await privateFolder(), 'rows.csv');
    openDatabase(path).close();
    expect(isSqliteFile(path)).toBe(true);
  });

  it('reads nothing of what is no regular file', async () => {
    expect(isSqliteFile(await privateFolder())).toBe(false);
    expect(isSqliteFile('/dev/zero')).toBe(false);
  });

  it('fails (66) without a file', async () => {
    const path = join(await privateFolder(), 'no.db');
    expect(() => isSqliteFile(path)).toThrow(
      expect.objectContaining({ status: 66, message: `${path}: no such file or directory` }),
    );
  });
});
