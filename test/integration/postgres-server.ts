/** A real Postgres server for the tests of a file; each store has its own database. */

import { Client } from 'pg';
import { hasServer, server } from '../servers.ts';
import type { Stored } from '../stores/rows.ts';

export interface PostgresServer {
  /** The address of a new database. */
  newDatabase(): Promise<string>;
  /** Simulates a power cut. */
  crash(): Promise<void>;
  start(): Promise<void>;
}

/** Whether Postgres is installed; in CI it must be. */
export function hasPostgres(): boolean {
  return hasServer('postgres');
}

/** A Postgres server for the duration of the test file. */
export function postgresServer(): PostgresServer {
  const { address, tell } = server('postgres');
  let databases = 0;
  return {
    async newDatabase() {
      const name = `test${databases++}`;
      await query(address(), `CREATE DATABASE ${name}`);
      return address().replace(/\w+$/, name);
    },
    async crash() {
      await tell('crash');
    },
    async start() {
      await tell('start');
    },
  };
}

/** Holds a transaction open after this statement. @returns a function that releases it */
export async function hold(address: string, sql: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: address });
  await client.connect();
  await client.query(`BEGIN; ${sql}`);
  return () => client.end();
}

/** Waits until another session of the database is in this state, a condition on pg_stat_activity. */
export async function untilActivity(address: string, condition: string): Promise<void> {
  const others = 'datname = current_database() AND pid <> pg_backend_pid()';
  const sql = `SELECT 1 FROM pg_stat_activity WHERE ${others} AND ${condition}`;
  const deadline = performance.now() + 300_000;
  while ((await query(address, sql)).length === 0)
    if (performance.now() > deadline) throw new Error(`still not: ${condition}`);
}

/** Rows, with values as text. */
export async function query(address: string, sql: string): Promise<Stored[]> {
  const client = new Client({ connectionString: address, types: { getTypeParser: () => String } });
  await client.connect();
  try {
    await client.query("SET TimeZone = 'UTC'");
    const { rows } = await client.query<Record<string, string | null>>(sql);
    return rows.map(withEmptyText);
  } finally {
    await client.end();
  }
}

/** The contents of a store, as those of a CSV store. */
export async function storedRows(address: string): Promise<Stored[]> {
  const rows = await query(address, `SELECT * FROM pg_tables WHERE tablename = 'stats'`);
  if (rows.length === 0) return [];
  const stored = await query(address, 'SELECT * FROM "stats" ORDER BY "sensor", "window", "end"');
  return stored.map(({ start = '', end = '', ...row }) => ({ ...row, start: rfc(start), end: rfc(end) }));
}

function rfc(text: string): string {
  return text.replace(' ', 'T').replace(/\+00$/, 'Z');
}

function withEmptyText(row: Record<string, string | null>): Stored {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? '']));
}
