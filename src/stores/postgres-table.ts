/** The table `stats` of a Postgres database: made when it is missing, and made to fit the rows that come. */

import type { Client } from 'pg';
import { identifier, newPostgresIdentifier } from '../databases/identifier.ts';
import { parseDecimal, STATISTIC_LIMITS } from '../stats/decimal.ts';
import { type FittedColumns, fitColumns, type StoredColumn } from './row-to-sql.ts';

// Names are compared by their bytes, which is quick and the same everywhere.
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
  /** The type in SQL. */
  readonly type: string;
  /** The type without a length: to cast to one with a length would cut text silently. */
  readonly base: string;
}

export interface ReadyTable extends FittedColumns {
  /** The types of the targets in SQL, without lengths. */
  readonly types: readonly string[];
}

/** The columns of the table; empty when there is no table. */
export async function tableColumns(client: Client): Promise<PostgresColumn[]> {
  const { rows } = await client.query<Record<'name' | 'type' | 'base' | 'optional', string>>(COLUMNS);
  return rows.map(({ optional, ...column }) => ({ ...column, optional: optional === 't' }));
}

/**
 * Makes the table ready for these columns: creates it, adds columns, gives them other types. No other process may change it
 * at the same time.
 *
 * @param values those of a column, by its index
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

/** Numeric while all values are numbers. A column of another type was made by others, for a reason. */
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
