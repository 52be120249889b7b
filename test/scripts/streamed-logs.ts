/** Runs `weblogs_streaming.sh` with all kinds of queues and databases: the table must have what was generated. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect } from 'vitest';
import { root, shell, start } from '../harness.ts';

/** Counts by a column, as from `log-gen --truth`. */
type Counts = Readonly<Record<string, number>>;

/** The counts of the rows of table `logs`, by a column. */
export type CountRows = (column: 'status' | 'request_type') => Promise<Counts>;

/** Loads a batch as the script does; the first time, kills its taker before the acknowledgement. */
const LOAD =
  'parse-log --envelope --schema bigquery | load-rows --table logs --key message_id --types message_id=text';
const KILLED_ONCE = `${LOAD} && if mkdir once 2>/dev/null; then kill -KILL $PPID; fi`;

/** Runs the script twice: redelivered rows replace themselves, new ones are added. */
export async function expectStreamed(
  home: string,
  env: Record<string, string>,
  countRows: CountRows,
): Promise<void> {
  const total: Record<'by_status' | 'by_method', Record<string, number>> = { by_status: {}, by_method: {} };
  for (let time = 0; time < 2; time++) {
    const settings = { ETL_HOME: home, RATE: '1000', LINES: '300', BATCH: '100', ...env };
    const end = await shell(join(root, 'scripts/weblogs_streaming.sh'), { env: settings });
    expect(end).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
    const truth = JSON.parse(readFileSync(join(home, 'truth.json'), 'utf8'));
    expect(truth.lines).toBe(Number(settings.LINES));
    for (const by of ['by_status', 'by_method'] as const)
      for (const [name, count] of Object.entries<number>(truth[by]))
        total[by][name] = (total[by][name] ?? 0) + count;
    expect(await countRows('status')).toEqual(total.by_status);
    expect(await countRows('request_type')).toEqual(total.by_method);
  }
}

/** Counts rows in a SQLite file. */
export function countsOfSqlite(path: string): CountRows {
  return async (column) => {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const rows = database.prepare(`SELECT ${column} AS name, count(*) AS count FROM logs GROUP BY 1`).all();
      return Object.fromEntries(rows.map(({ name, count }) => [String(name), Number(count)]));
    } finally {
      database.close();
    }
  };
}

/** A taker that handles batches as the script does. @param words its options */
export function startLoading(
  queue: string,
  words: readonly string[],
  cwd: string,
  env: Record<string, string>,
) {
  const command = ['bash', '-o', 'pipefail', '-c', KILLED_ONCE];
  return start('queue-take', [queue, '--envelope', ...words, '--', ...command], { cwd, env });
}
