/** An open ledger file, and its prepared statements. */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { isCorrupt, isNoDatabase, sqliteFailure } from '../databases/sqlite-failure.ts';
import { Failure, status } from '../failure.ts';

export interface LedgerFile {
  readonly database: DatabaseSyncInstance;
  /** A prepared statement. */
  sql(text: string): ReturnType<DatabaseSyncInstance['prepare']>;
}

export interface LedgerSettings {
  /** How long to wait for other writers, in milliseconds. */
  readonly waitMs: number;
  /** Aborts the wait during opening only: decisions are written even after it. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  now(): number;
}

const opened = new WeakMap<DatabaseSyncInstance, LedgerFile>();

export function ledgerFile(database: DatabaseSyncInstance): LedgerFile {
  let file = opened.get(database);
  if (file === undefined) {
    const statements = new Map<string, ReturnType<LedgerFile['sql']>>();
    const sql: LedgerFile['sql'] = (text) => {
      const statement = statements.get(text) ?? database.prepare(text);
      statements.set(text, statement);
      return statement;
    };
    file = { database, sql };
    opened.set(database, file);
  }
  return file;
}

/** The Failure for an error of a ledger; (configuration) when it is damaged or not a ledger. A bug is returned unchanged. */
export function ledgerFailure(address: string, error: unknown): unknown {
  const text =
    isCorrupt(error) || isUnreadable(error)
      ? 'the ledger is damaged: put it aside, or repair it'
      : isNoDatabase(error)
        ? 'not a ledger: a file of another program'
        : undefined;
  if (text === undefined) return sqliteFailure(address, error);
  return new Failure(status.config, `${address}: ${text}`, { cause: error });
}

/** A number that is out of range for a time. */
export class ImpossibleTime extends Error {}

/** Whether foreign data was written into it: invalid JSON, an impossible time, or an integer too large for JavaScript. */
function isUnreadable(error: unknown): boolean {
  if (error instanceof SyntaxError || error instanceof ImpossibleTime) return true;
  return error instanceof Error && TOO_LARGE.test(error.message);
}

/** Matched by text: errors of the library's `all` have no code (@photostructure/sqlite 1.x). */
const TOO_LARGE = /^Value is too large to be represented as a JavaScript number/;
