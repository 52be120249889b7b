/**
 * A table in a Postgres database. A batch is copied as a whole, and row by row only if a row of it is refused.
 *
 * After a lost connection a batch is retried, but only if the lost transaction, identified by its number, was not
 * committed: so each batch is loaded exactly once.
 */

import type { Client } from 'pg';
import {
  MAY_BE_COMMITTED,
  type PostgresConnection,
  postgresConnection,
} from '../../databases/postgres-connection.ts';
import { BadRows, errorText, Failure, status } from '../../failure.ts';
import type { Batch } from '../input/batch.ts';
import type { TableColumn } from '../input/column-type.ts';
import { isPlainTime } from '../input/plain-time.ts';
import { hasSpelling, spelled } from '../input/spelling.ts';
import { postgresLimits } from '../limits.ts';
import { retrying } from '../retrying.ts';
import type { Refusal, Table, TableSettings } from '../table.ts';
import { explainChanges, findChanges, keyNames, type TableChanges } from '../table-changes.ts';
import { copyEach } from './copy-each.ts';
import { copyRows } from './copy-rows.ts';
import { CopyText } from './copy-text.ts';
import { type OpenTransaction, openTransaction } from './open-transaction.ts';
import {
  addStatement,
  commentStatement,
  createStatement,
  findColumns,
  widenStatement,
} from './postgres-columns.ts';

/** The advisory lock for changes of tables: arbitrary, but the same for every load-rows. */
const CHANGES_LOCK = 7_355_609;

/** Connects lazily, and again after a lost connection. */
export default function openPostgresTable(address: string, settings: TableSettings): Table {
  const connection = postgresConnection(address, settings);
  const copyText = new CopyText();
  let mayAlter = settings.alter;
  let whole: OpenTransaction | undefined;
  return {
    limits: postgresLimits,
    async columns() {
      const columns = await retrying(settings, () =>
        connection.transaction((client) => findColumns(client, settings.table)),
      );
      mayAlter ||= columns === undefined;
      return columns;
    },
    async load(batch) {
      batch.toUtc(isPlainTime);
      const load = { batch, copyText, settings: { ...settings, alter: mayAlter } };
      if (settings.isOneTransaction) whole ??= await openTransaction(connection);
      const { changes, refused } = await (whole?.work((client) => loadInto(client, load, copyRows)) ??
        loadRows(connection, load));
      explainChanges(changes, settings);
      return refused;
    },
    async commit() {
      await whole?.commit();
      whole = undefined;
    },
    async close() {
      await whole?.rollBack();
      connection.close();
    },
  };
}

interface Transaction<Result> {
  readonly id: string;
  readonly result: Result;
}

/**
 * Does the work in a transaction that commits exactly once, even if the connection is lost.
 *
 * @throws Failure; it says so if it is unknown whether the transaction was committed
 */
async function loadOnce<Result>(
  connection: PostgresConnection,
  work: (client: Client) => Promise<Result>,
  settings: TableSettings,
): Promise<Result> {
  /** The last transaction whose outcome is unknown. */
  let last: Transaction<Result> | undefined;
  const load = async () => {
    if (last !== undefined && (await isCommitted(connection, last.id))) return last.result;
    last = undefined;
    let done: Transaction<Result> | undefined;
    try {
      return await connection.transaction(async (client) => {
        const id = await transactionId(client);
        const result = await work(client);
        done = { id, result };
        return result;
      });
    } catch (error) {
      if (errorText(error).includes(MAY_BE_COMMITTED)) last = done;
      throw error;
    }
  };
  try {
    return await retrying(settings, load);
  } catch (error) {
    if (last === undefined || !(error instanceof Failure) || error.message.includes(MAY_BE_COMMITTED))
      throw error;
    throw new Failure(error.status, `${error.message}: earlier, ${MAY_BE_COMMITTED}`, { cause: error });
  }
}

async function transactionId(client: Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>('SELECT txid_current() AS id');
  return String(rows[0]?.id);
}

/** @throws Failure (temporary) while the transaction is still in progress */
async function isCommitted({ transaction }: PostgresConnection, id: string): Promise<boolean> {
  const state = await transaction(async (client) => {
    const { rows } = await client.query<{ state: string }>('SELECT txid_status($1) AS state', [id]);
    return rows[0]?.state;
  });
  if (state === 'in progress')
    throw new Failure(status.temporary, 'the previous batch is still being loaded');
  return state === 'committed';
}

interface Load {
  readonly batch: Batch;
  readonly copyText: CopyText;
  readonly settings: TableSettings;
}

interface Loaded {
  readonly changes: TableChanges;
  readonly refused: readonly Refusal[];
}

type CopyBatch = typeof copyRows | typeof copyEach;

async function loadInto(client: Client, load: Load, copy: CopyBatch): Promise<Loaded> {
  const changes = await readyTable(client, load);
  spell(load.batch, changes.targets);
  const refused = (await copy(client, { ...load, targets: changes.targets })) ?? [];
  await checkUnchanged(client, load, changes.targets);
  return { changes, refused };
}

async function loadRows(connection: PostgresConnection, load: Load): Promise<Loaded> {
  const once = (copy: CopyBatch) =>
    loadOnce(connection, (client) => loadInto(client, load, copy), load.settings);
  try {
    return await once(copyRows);
  } catch (error) {
    if (!(error instanceof BadRows)) throw error;
    return once(copyEach);
  }
}

/** Respells values for text columns of the table: another process may have widened them. */
function spell(batch: Batch, targets: readonly TableColumn[]): void {
  for (const [at, { type }] of targets.entries()) {
    const found = batch.types[at] ?? 'text';
    if (type === 'text' && hasSpelling(found))
      batch.rewrite(at, (start, end) => spelled(batch.bytes.toString('latin1', start, end), found));
  }
}

/** With the table locked, checks that no target became text after the values were spelled; if so, the batch must be retried. */
async function checkUnchanged(
  client: Client,
  { batch, settings }: Load,
  targets: readonly TableColumn[],
): Promise<void> {
  if (!batch.types.some(hasSpelling)) return;
  const now = await findColumns(client, settings.table);
  const isText = new Map(now?.map(({ name, type }) => [name, type === 'text']));
  if (targets.some(({ name, type }) => type !== 'text' && isText.get(name)))
    throw new Failure(status.temporary, 'the table was changed meanwhile');
}

/** Creates or alters the table to fit the batch. Only one process changes tables at a time. */
async function readyTable(client: Client, load: Load): Promise<TableChanges> {
  const changes = await changesFor(client, load);
  if (!changes.isNew && changes.added.length === 0 && changes.widened.size === 0) return changes;
  await client.query('SELECT pg_advisory_xact_lock($1)', [CHANGES_LOCK]);
  return changeTable(client, load);
}

async function changesFor(client: Client, { batch, settings }: Load): Promise<TableChanges> {
  const before = await findColumns(client, settings.table);
  return findChanges(batch, before, settings, postgresLimits.decimalDigits);
}

async function changeTable(client: Client, load: Load): Promise<TableChanges> {
  const { table, key } = load.settings;
  const before = await findColumns(client, table);
  const changes = findChanges(load.batch, before, load.settings, postgresLimits.decimalDigits);
  if (changes.isNew)
    await client.query(createStatement(table, changes.added, keyNames(changes.targets, key)));
  else for (const column of changes.added) await client.query(addStatement(table, column));
  const comments = changes.added.map((column) => commentStatement(table, column, null));
  for (const column of before ?? []) {
    const type = changes.widened.get(column.name);
    if (type === undefined) continue;
    await client.query(widenStatement(table, column, type));
    comments.push(commentStatement(table, { name: column.name, type }, column.comment));
  }
  for (const statement of comments) if (statement !== undefined) await client.query(statement);
  return changes;
}
