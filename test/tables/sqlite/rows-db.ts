import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { privateFolder, run } from '../../harness.ts';

/** A database `rows.db` in a private folder, created by these statements, if any; load-rows loads into its table `t`. */
export async function opened(...statements: string[]) {
  const cwd = await privateFolder();
  const path = join(cwd, 'rows.db');
  if (statements.length > 0) await sql(path, ...statements);
  const load = (stdin: string | Buffer, ...words: string[]) =>
    run('load-rows', ['--to', 'rows.db', '--table', 't', ...words], { cwd, stdin });
  return { cwd, path, load, query: (text: string) => sql(path, text) };
}

/** The result of the last statement. */
export async function sql(path: string, ...statements: string[]): Promise<unknown[][]> {
  const database = new DatabaseSync(path, { timeout: 10_000 });
  try {
    const answers = statements.map((text) => database.prepare(text).all());
    return (answers.at(-1) ?? []).map((row) => Object.values(row));
  } finally {
    database.close();
  }
}
