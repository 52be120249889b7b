/** An open ledger file, and its prepared statements. */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { isCorrupt, isNoDatabase, sqliteFailure } from '../databases/sqlite-failure.ts';
import { Failure, status } from '../failure.ts';

export interface LedgerFile {
  readonly database: DatabaseSyncInstance;
  /** A prepared statement. */
  sql(text: string): ReturnType<DatabaseSyncInstance['prepare']>;
}

/** How a ledger is used. */
export interface LedgerSettings {
  /** How long to wait for other processes that write it, in milliseconds. */
  readonly waitMs: number;
  /** Ends that wait while it is opened; what was decided is written even after it. */
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

/** The Failure for an error of a ledger: what is none, or is damaged, needs a person. Any other error is a bug, and returned as it is. */
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

/** A number that stands for a time, and is none. */
export class ImpossibleTime extends Error {}

/** Whether somebody else has written into it: what is no JSON or no time where it has one, or a number beyond those of JavaScript. */
function isUnreadable(error: unknown): boolean {
  if (error instanceof SyntaxError || error instanceof ImpossibleTime) return true;
  return error instanceof Error && TOO_LARGE.test(error.message);
}

/** As the library says it, of which `all` tells no code (@photostructure/sqlite 1.x). */
const TOO_LARGE = /^Value is too large to be represented as a JavaScript number/;
