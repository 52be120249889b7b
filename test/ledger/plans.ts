/** Query plans of SQLite. */

import type { Ledger } from '../../src/ledger/ledger.ts';
import type { LedgerFile } from '../../src/ledger/ledger-file.ts';

/** The plan steps of all statements that the work runs, each with its statement. */
export async function plansOf(ledger: Ledger, work: (file: LedgerFile) => void): Promise<string[]> {
  const plans: string[] = [];
  await ledger.read((file) =>
    work({
      ...file,
      sql: (text) => {
        const values = [...text.matchAll(/\?/g)].map(() => 1);
        const plan = file.database.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values);
        plans.push(...plan.map(({ detail }) => `${detail}: ${text}`));
        return file.sql(text);
      },
    }),
  );
  return plans;
}
