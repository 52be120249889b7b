/**
 * A table of a Postgres database. A batch is copied into the table itself or, with a key, into a temporary table, from
 * which the last row of each key is taken.
 *
 * When the connection is lost a batch is tried again, but only after asking, by its number, whether the lost transaction
 * was committed: so each batch is loaded once.
 */

import type { Client } from 'pg';
import { retry, spread } from '../../async/retry.ts';
import { identifier } from '../../databases/identifier.ts';
import {
  MAY_BE_COMMITTED,
  type PostgresConnection,
  postgresConnection,
} from '../../databases/postgres-connection.ts';
import { errorText, Failure, isTemporary, status } from '../../failure.ts';
import type { Batch } from '../input/batch.ts';
import { isPlainTime } from '../input/plain-time.ts';
import type { Table, TableSettings } from '../table.ts';
import {
  conflictClause,
  explainChanges,
  findChanges,
  keyNames,
  type TableChanges,
} from '../table-changes.ts';
import { copyIn } from './copy-in.ts';
import { type CopyInput, CopyText } from './copy-text.ts';
import { addStatement, createStatement, findColumns, widenStatement } from './postgres-columns.ts';

/** NUMERIC keeps every digit. */
const DECIMAL_DIGITS = 1000;
/** Number of the lock under which a table is changed: any, but the same for every load-rows. */
const CHANGES_LOCK = 7_355_609;

/** Connects with the first call, and again after a lost connection. */
export default function openPostgresTable(address: string, settings: TableSettings): Table {
  const connection = postgresConnection(address, settings);
  const copyText = new CopyText();
  return {
    decimalDigits: DECIMAL_DIGITS,
    columns() {
      return retrying(settings, () =>
        connection.transaction((client) => findColumns(client, settings.table)),
      );
    },
    async load(batch) {
      batch.toUtc(isPlainTime);
      const input = copyText.encode(batch);
      explainChanges(
        await loadOnce(connection, (client) => loadRows(client, batch, { input, settings }), settings),
        settings,
      );
    },
    async close() {
      connection.close();
    },
  };
}

/** Does the work again after each temporary failure, at most `retries` times within `waitMs`. */
function retrying<Result>(
  { retries, waitMs, signal, explain }: TableSettings,
  work: () => Promise<Result>,
): Promise<Result> {
  return retry(work, {
    retries,
    pause: spread(waitMs, retries),
    signal,
    isTransient: isTemporary,
    onRetry: (error) => explain(`${errorText(error)}: trying again`),
  });
}

interface Transaction<Result> {
  readonly id: string;
  readonly result: Result;
}

/**
 * Does the work in a transaction that is committed once, however often its connection is lost.
 *
 * @throws Failure, which says so when nobody knows in the end whether it was committed
 */
async function loadOnce<Result>(
  connection: PostgresConnection,
  work: (client: Client) => Promise<Result>,
  settings: TableSettings,
): Promise<Result> {
  /** A transaction that may have been committed. */
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
    throw new Failure(error.status, `${error.message}: before, ${MAY_BE_COMMITTED}`, { cause: error });
  }
}

async function transactionId(client: Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>('SELECT txid_current() AS id');
  return String(rows[0]?.id);
}

/** @throws Failure (temporary) while the transaction is still open */
async function isCommitted({ transaction }: PostgresConnection, id: string): Promise<boolean> {
  const state = await transaction(async (client) => {
    const { rows } = await client.query<{ state: string }>('SELECT txid_status($1) AS state', [id]);
    return rows[0]?.state;
  });
  if (state === 'in progress') throw new Failure(status.temporary, 'the batch before is still being loaded');
  return state === 'committed';
}

interface Load {
  readonly input: CopyInput;
  readonly settings: TableSettings;
}

async function loadRows(client: Client, batch: Batch, { input, settings }: Load): Promise<TableChanges> {
  const changes = await readyTable(client, batch, settings);
  const table = identifier(settings.table);
  const names = changes.targets.map(({ name }) => identifier(name)).join(', ');
  if (settings.key.length === 0) {
    await copyIn(client, `COPY ${table} (${names}) FROM STDIN${input.options}`, input.bytes);
    return changes;
  }
  await client.query(
    `CREATE TEMPORARY TABLE etl_rows ON COMMIT DROP AS SELECT ${names} FROM ${table} WITH NO DATA`,
  );
  await copyIn(client, `COPY pg_temp.etl_rows (${names}) FROM STDIN${input.options}`, input.bytes);
  const key = keyNames(changes.targets, settings.key).map(identifier).join(', ');
  // In the order of the key, so that loads at the same time do not wait for each other in a circle.
  await client.query(
    `INSERT INTO ${table} (${names}) SELECT DISTINCT ON (${key}) ${names} FROM pg_temp.etl_rows ` +
      `ORDER BY ${key}, ctid DESC ${conflictClause(changes.targets, settings.key)}`,
  );
  return changes;
}

/** Makes the table fit the batch. Only one process changes a table at a time. */
async function readyTable(client: Client, batch: Batch, settings: TableSettings): Promise<TableChanges> {
  const before = await findColumns(client, settings.table);
  const changes = findChanges(batch, before, settings, DECIMAL_DIGITS);
  if (!changes.isNew && changes.added.length === 0 && changes.widened.size === 0) return changes;
  await client.query('SELECT pg_advisory_xact_lock($1)', [CHANGES_LOCK]);
  return changeTable(client, batch, settings);
}

async function changeTable(client: Client, batch: Batch, settings: TableSettings): Promise<TableChanges> {
  const { table, key } = settings;
  const before = await findColumns(client, table);
  const changes = findChanges(batch, before, settings, DECIMAL_DIGITS);
  if (changes.isNew)
    await client.query(createStatement(table, changes.added, keyNames(changes.targets, key)));
  else for (const column of changes.added) await client.query(addStatement(table, column));
  for (const column of before ?? []) {
    const wider = changes.widened.get(column.name);
    if (wider !== undefined) await client.query(widenStatement(table, column, wider));
  }
  return changes;
}
