/** Files of graphs, each kept as it was when a run of it began. */

import type { LedgerFile } from './ledger-file.ts';

/** A graph as a ledger keeps it. */
export interface GraphRecord {
  /** SHA-256 of its text. */
  readonly hash: string;
  readonly file: string;
  readonly text: string;
  /** What there is to show of each task. */
  readonly tasks: readonly object[];
}

/** Keeps the file of a graph as it is now. */
export function writeGraph({ sql }: LedgerFile, { hash, file, text, tasks }: GraphRecord): void {
  sql('INSERT INTO graph (hash, file, text, tasks) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING').run(
    ...[hash, file, text, JSON.stringify(tasks)],
  );
}

/** A file that a ledger has kept. @throws the library's error */
export function graphOf({ sql }: LedgerFile, hash: string | null): GraphRecord | undefined {
  const row = sql('SELECT hash, file, text, tasks FROM graph WHERE hash = ?').get(hash);
  return row && { ...row, tasks: JSON.parse(row.tasks) };
}
