import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { privateFolder } from '../harness.ts';
import { tableContract } from './contract.ts';

tableContract('SQLite', async () => {
  const address = join(await privateFolder(), 'rows.db');
  return { address, query: async (sql) => querySqlite(address, sql) };
});

function querySqlite(path: string, sql: string): string[][] {
  const database = new DatabaseSync(path, { timeout: 10_000 });
  try {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    return statement
      .all()
      .map((row) => Object.values(row).map((value) => (value === null ? 'NULL' : String(value))));
  } finally {
    database.close();
  }
}
