/** Creates the table `stats` in Postgres, and adapts it to incoming rows. */

import type { Client } from 'pg';
import { identifier, newPostgresIdentifier } from '../databases/identifier.ts';
import { parseDecimal, STATISTIC_LIMITS } from '../stats/decimal.ts';
import { type FittedColumns, fitColumns, type StoredColumn } from './row-to-sql.ts';

// Collation "C" compares bytes: fast, and the same on every server.
const CREATE = `
CREATE TABLE "stats" (
  "sensor" TEXT COLLATE "C" NOT NULL,
  "window" TEXT COLLATE "C" NOT NULL,
  "start" TIMESTAMPTZ,
  "end" TIMESTAMPTZ NOT NULL,
  "count" BIGINT NOT NULL,
  "min" NUMERIC,
  "max" NUMERIC,
  "avg" NUMERIC,
  PRIMARY KEY ("sensor", "window", "end")
)`;

const COLUMNS = `
SELECT attname AS name, format_type(atttypid, atttypmod) AS type, format_type(atttypid, -1) AS base, NOT attnotnull AND attgenerated = '' AS optional
FROM pg_attribute WHERE attrelid = to_regclass('"stats"') AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;

interface PostgresColumn extends StoredColumn {
  /** The SQL type. */
  readonly type: string;
  /** The SQL type without length: a cast to a type with a length would silently truncate. */
  readonly base: string;
}

export interface ReadyTable extends FittedColumns {
  /** The SQL types of the targets, without lengths. */
  readonly types: readonly string[];
}

/** The columns of the table; empty when there is no table. */
export async function tableColumns(client: Client): Promise<PostgresColumn[]> {
  const { rows } = await client.query<Record<'name' | 'type' | 'base' | 'optional', string>>(COLUMNS);
  return rows.map(({ optional, ...column }) => ({ ...column, optional: optional === 't' }));
}

/**
 * Prepares the table for these columns: creates it, adds columns, changes types. The caller must hold the lock.
 *
 * @param values the values of a column, by index
 */
export async function readyTable(
  client: Client,
  columns: readonly string[],
  values: (at: number) => readonly (string | null)[],
): Promise<ReadyTable> {
  let table = await tableColumns(client);
  if (table.length === 0) {
    await client.query(CREATE);
    table = await tableColumns(client);
  }
  const fit = fitColumns(table, columns);
  const types: string[] = [];
  for (const [at, name] of fit.targets.entries()) {
    const column = table.find((each) => each.name === name);
    const fitting = fittingType(column?.type, () => values(at));
    if (fitting !== column?.type) await client.query(change(name, column?.type, fitting));
    types.push(fitting === column?.type ? column.base : fitting);
  }
  return { ...fit, types };
}

/** NUMERIC while all values are numbers. Keeps any other type: a user chose it for a reason. */
function fittingType(type: string | undefined, values: () => readonly (string | null)[]): string {
  if (type !== undefined && type !== 'numeric') return type;
  return values().every((value) => value === null || isStatistic(value)) ? 'numeric' : 'text';
}

function isStatistic(text: string): boolean {
  return parseDecimal(text, STATISTIC_LIMITS) !== undefined;
}

function change(name: string, from: string | undefined, to: string): string {
  return from === undefined
    ? `ALTER TABLE "stats" ADD COLUMN ${newPostgresIdentifier(name)} ${to}`
    : `ALTER TABLE "stats" ALTER COLUMN ${identifier(name)} TYPE ${to}`;
}
