/** The files of graphs, as they were when runs of them began. */

import type { LedgerFile } from './ledger-file.ts';

export interface ReadGraph {
  readonly hash: string;
  readonly file: string;
  readonly text: string;
  readonly tasks: readonly GraphTask[];
}

/** What of a task there is to be shown. */
interface GraphTask {
  readonly name: string;
  readonly needs: readonly string[];
  readonly triggerRule: string;
  readonly command: string;
  /** Whether it waits for something. */
  readonly waits: boolean;
  /** Whether it is split into items. */
  readonly isSplit: boolean;
  readonly pool: string | null;
  /** From 1. */
  readonly line: number;
}

/** @throws the library's error */
export function readGraph({ sql }: LedgerFile, hash: string): ReadGraph | undefined {
  const row = sql('SELECT hash, file, text, tasks FROM graph WHERE hash = ?').get(hash);
  return row === undefined ? undefined : { ...row, tasks: JSON.parse(row.tasks) };
}
