/**
 * A connection to a Postgres database, for one transaction after the other.
 *
 * It is opened at first use, and again when it was lost. What it sets holds for a transaction only, so that it may go
 * through a pooler.
 */

import type { Client } from 'pg';
import { showAddress } from '../addresses/show.ts';
import {
  type ConnectedClient,
  connectPostgres,
  longestMs,
  type PostgresSettings,
  withinTime,
} from './postgres-client.ts';
import { isUnanswered, postgresFailure } from './postgres-failure.ts';

/** What the message of a failure says when nobody knows whether the transaction was committed. */
export const MAY_BE_COMMITTED = 'the connection was lost at the commit, which may have been done';

export interface PostgresConnection {
  /**
   * Does the work in a transaction of its own, after those that were asked for before. Values come as text, times in UTC.
   *
   * @throws Failure (temporary) when trying again may help, else (unavailable), with the address before it. Nothing is
   * done then; but when the connection is lost at the very moment of the commit nobody knows, which the message says
   */
  transaction<Result>(work: (client: Client) => Promise<Result>): Promise<Result>;
  close(): void;
}

/** Touches nothing yet. */
export function postgresConnection(address: string, settings: PostgresSettings): PostgresConnection {
  const name = showAddress(address);
  let connected: ConnectedClient | undefined;
  let before: Promise<unknown> = Promise.resolve();

  const oneAtATime = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = before.then(work);
    before = result.catch(() => {});
    return result;
  };
  const open = async () => {
    const fresh = await connectPostgres(address, settings);
    fresh.client.once('end', () => {
      if (connected === fresh) connected = undefined;
    });
    return fresh;
  };
  const drop = () => {
    connected?.socket.destroy();
    connected = undefined;
  };
  const transact = async <Result>(work: (client: Client) => Promise<Result>): Promise<Result> => {
    let note = '';
    const committing = () => {
      note = `${MAY_BE_COMMITTED}: `;
    };
    try {
      connected ??= await open();
      const { client, socket } = connected;
      return await withinTime(socket, settings, () => inTransaction(client, settings, work, committing));
    } catch (error) {
      if (isUnanswered(error)) drop();
      throw postgresFailure(name, error, isUnanswered(error) ? note : '');
    }
  };
  return {
    transaction: (work) => oneAtATime(() => transact(work)),
    close() {
      void connected?.client.end().catch(() => {});
      // A server that does not answer is not waited for.
      connected?.socket.unref();
    },
  };
}

async function inTransaction<Result>(
  client: Client,
  settings: PostgresSettings,
  work: (client: Client) => Promise<Result>,
  committing: () => void,
): Promise<Result> {
  await client.query(beginStatements(settings));
  let result: Result;
  try {
    result = await work(client);
  } catch (error) {
    // When this fails too, the connection is lost, and with it the transaction.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
  committing();
  await client.query('COMMIT');
  return result;
}

function beginStatements(settings: PostgresSettings): string {
  const longest = longestMs(settings);
  const lock = Math.min(Math.max(settings.waitMs, 1), longest);
  return [
    'BEGIN ISOLATION LEVEL READ COMMITTED',
    `SET LOCAL DateStyle = 'ISO'`,
    `SET LOCAL TimeZone = 'UTC'`,
    `SET LOCAL lock_timeout = ${lock}`,
    `SET LOCAL statement_timeout = ${longest}`,
    // So that others do not wait for ever when this process is halted or cut off.
    `SET LOCAL idle_in_transaction_session_timeout = ${longest}`,
  ].join('; ');
}
