/** Loads all rows of a batch at once. With a key, the last row of each key is selected from a temporary table. */

import type { Client } from 'pg';
import { identifier } from '../../databases/identifier.ts';
import type { Batch, Part } from '../input/batch.ts';
import type { TableColumn } from '../input/column-type.ts';
import type { TableSettings } from '../table.ts';
import { conflictClause, keyNames } from '../table-changes.ts';
import { copyIn } from './copy-in.ts';
import type { CopyText } from './copy-text.ts';

/** What to copy, and where. */
export interface Copy {
  readonly batch: Batch;
  readonly copyText: CopyText;
  /** The table's column for each column of the batch. */
  readonly targets: readonly TableColumn[];
  readonly settings: TableSettings;
}

/** @throws the server's error; then the transaction must be rolled back */
export async function copyRows(client: Client, copy: Copy): Promise<void> {
  const { batch, copyText, settings } = copy;
  if (settings.key.length > 0) return copyByKey(client, copy);
  const groups = groupsOf(batch.parts);
  for (const parts of groups) {
    const columns = parts[0]?.columns ?? [];
    const { bytes, options } =
      groups.length === 1
        ? copyText.encode(batch)
        : { bytes: copyText.encodeParts(batch, parts), options: '' };
    const names = targetsOf(copy, columns).map(({ name }) => identifier(name));
    await copyIn(
      client,
      `COPY ${identifier(settings.table)} (${names.join(', ')}) FROM STDIN${options}`,
      bytes,
    );
  }
}

async function copyByKey(client: Client, copy: Copy): Promise<void> {
  const { batch, copyText, targets, settings } = copy;
  const fields = targets.map(({ name }, at) => `${identifier(name)} AS c${at}`).join(', ');
  // The temporary table of the previous batch.
  if (settings.isOneTransaction) await client.query('DROP TABLE IF EXISTS pg_temp.etl_rows');
  await client.query(
    `CREATE TEMPORARY TABLE etl_rows ON COMMIT DROP AS SELECT ${fields} FROM ${identifier(settings.table)} WITH NO DATA`,
  );
  const isWhole = batch.parts.length === 1;
  if (!isWhole) await client.query('ALTER TABLE pg_temp.etl_rows ADD COLUMN n SERIAL PRIMARY KEY');
  const { bytes, options } = copyText.encode(batch);
  const columns = targets.map((_, at) => `c${at}`).join(', ');
  await copyIn(client, `COPY pg_temp.etl_rows (${columns}) FROM STDIN${options}`, bytes);
  for (const part of batch.parts) {
    const range = isWhole ? '' : ` WHERE n BETWEEN ${part.start + 1} AND ${part.end}`;
    const values = part.columns.map((at) => `c${at}`);
    await client.query(
      insertStatement(copy, part, { values, from: `pg_temp.etl_rows${range}`, row: 'ctid' }),
    );
  }
}

/** The source of an INSERT. */
interface Selection {
  /** SQL for each column of the part. */
  readonly values: readonly string[];
  readonly from: string;
  /** SQL that is greater for later rows. */
  readonly row: string;
}

/**
 * An INSERT in which the last row of each key wins.
 *
 * Sorted by key, so that concurrent loads do not deadlock.
 */
export function insertStatement(copy: Copy, { columns }: Part, { values, from, row }: Selection): string {
  const { table, key } = copy.settings;
  const targets = targetsOf(copy, columns);
  const names = targets.map(({ name }) => identifier(name)).join(', ');
  const insert = `INSERT INTO ${identifier(table)} (${names}) SELECT`;
  if (key.length === 0) return `${insert} ${values.join(', ')} FROM ${from} ORDER BY ${row}`;
  const keys = keyNames(targets, key).map(
    (name) => values[targets.findIndex((target) => target.name === name)],
  );
  return (
    `${insert} DISTINCT ON (${keys.join(', ')}) ${values.join(', ')} FROM ${from} ` +
    `ORDER BY ${keys.join(', ')}, ${row} DESC ${conflictClause(targets, key)}`
  );
}

function targetsOf({ targets }: Copy, columns: readonly number[]): TableColumn[] {
  return columns.flatMap((at) => targets[at] ?? []);
}

/** Groups the parts by their columns: without a key, the order of rows does not matter. */
function groupsOf(parts: readonly Part[]): Part[][] {
  const groups = new Map<string, Part[]>();
  for (const part of parts) {
    const group = groups.get(part.columns.join()) ?? [];
    group.push(part);
    groups.set(part.columns.join(), group);
  }
  return [...groups.values()];
}
