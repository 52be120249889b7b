/**
 * Loads the rows of a batch that the table does not refuse.
 *
 * The rows are copied into a temporary table of text. From there the server inserts them in small groups, and one by one
 * where a group is refused.
 */

import type { Client } from 'pg';
import type { Part } from '../input/batch.ts';
import { allRows } from '../input/batch.ts';
import type { Refusal } from '../table.ts';
import { copyIn } from './copy-in.ts';
import { type Copy, insertStatement } from './copy-rows.ts';
import { findColumns } from './postgres-columns.ts';

const GROUP = 500;

/** The conditions of BadRows in postgres-failure.ts, in PL/pgSQL. */
const CONDITIONS = [
  'data_exception',
  'integrity_constraint_violation',
  'with_check_option_violation',
  'program_limit_exceeded',
  'raise_exception',
];

/** @returns the refused rows @throws the server's error; then the transaction must be rolled back */
export async function copyEach(client: Client, copy: Copy): Promise<Refusal[]> {
  const { batch, copyText, settings } = copy;
  const columns = batch.names.map((_, at) => `c${at}`);
  batch.undouble();
  // A deferred constraint would fail only at commit, without saying for which row.
  await client.query('SET CONSTRAINTS ALL IMMEDIATE');
  await client.query(
    `CREATE TEMPORARY TABLE etl_text (n SERIAL PRIMARY KEY, ${columns.join(' TEXT, ')} TEXT) ON COMMIT DROP`,
  );
  await client.query('CREATE TEMPORARY TABLE etl_refused (n INTEGER, reason TEXT) ON COMMIT DROP');
  const bytes = copyText.encodeParts(batch, [allRows(batch)]);
  await copyIn(client, `COPY pg_temp.etl_text (${columns.join(', ')}) FROM STDIN`, bytes);
  const casts = new Map((await findColumns(client, settings.table))?.map(({ name, cast }) => [name, cast]));
  for (const part of batch.parts) {
    const values = part.columns.map((at) => `c${at}::${casts.get(copy.targets[at]?.name ?? '') ?? 'text'}`);
    await client.query(`DO ${literal(program(copy, part, values))}`);
  }
  const { rows } = await client.query<{ n: string; reason: string }>(
    'SELECT n, reason FROM pg_temp.etl_refused ORDER BY n',
  );
  return rows.map(({ n, reason }) => ({ row: Number(n) - 1, reason: reason.split('\n', 1)[0] ?? '' }));
}

function program(copy: Copy, part: Part, values: readonly string[]): string {
  const insert = (first: string, last: string) =>
    insertStatement(copy, part, {
      values,
      from: `pg_temp.etl_text WHERE n BETWEEN ${first} AND ${last}`,
      row: 'n',
    });
  const refused = `EXCEPTION WHEN ${CONDITIONS.join(' OR ')} THEN`;
  return `
    #variable_conflict use_column
    DECLARE
      etl_first INTEGER := ${part.start + 1};
      etl_last INTEGER;
    BEGIN
      WHILE etl_first <= ${part.end} LOOP
        etl_last := least(etl_first + ${GROUP - 1}, ${part.end});
        BEGIN
          ${insert('etl_first', 'etl_last')};
        ${refused}
          FOR etl_row IN etl_first .. etl_last LOOP
            BEGIN
              ${insert('etl_row', 'etl_row')};
            ${refused}
              INSERT INTO pg_temp.etl_refused VALUES (etl_row, SQLERRM);
            END;
          END LOOP;
        END;
        etl_first := etl_last + 1;
      END LOOP;
    END`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
