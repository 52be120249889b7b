/** Graph files, as they were when a run of them began. */

import type { LedgerFile } from './ledger-file.ts';

/** A graph as stored in a ledger. */
export interface GraphRecord {
  /** SHA-256 of the text. */
  readonly hash: string;
  readonly file: string;
  readonly text: string;
  /** What to display of each task. */
  readonly tasks: readonly object[];
}

/** Stores a version of a graph file, once. */
export function writeGraph({ sql }: LedgerFile, { hash, file, text, tasks }: GraphRecord): void {
  sql('INSERT INTO graph (hash, file, text, tasks) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING').run(
    ...[hash, file, text, JSON.stringify(tasks)],
  );
}

/** A stored graph file. @throws the library's error */
export function graphOf({ sql }: LedgerFile, hash: string | null): GraphRecord | undefined {
  const row = sql('SELECT hash, file, text, tasks FROM graph WHERE hash = ?').get(hash);
  return row && { ...row, tasks: JSON.parse(row.tasks) };
}
