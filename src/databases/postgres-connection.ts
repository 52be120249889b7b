/**
 * A connection to a Postgres database that runs one transaction at a time.
 *
 * It is opened on first use, and reopened after a loss. It uses SET LOCAL only, so that it works through a transaction
 * pooler.
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

/** In the message of a failure when the outcome of the commit is unknown. */
export const MAY_BE_COMMITTED = 'the connection was lost at the commit, which may have succeeded';

export interface PostgresConnection {
  /**
   * Runs `work` in a transaction of its own, queued behind earlier calls. Values come as text, times in UTC.
   *
   * @throws Failure (temporary) when a retry may help, otherwise (unavailable); the address comes first. The transaction
   * is rolled back, except that a connection lost during COMMIT leaves the outcome unknown, and the message says so
   */
  transaction<Result>(work: (client: Client) => Promise<Result>): Promise<Result>;
  close(): void;
}

/** Does not connect yet. */
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
      // An unresponsive server must not keep the process alive.
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
    // If this fails too, the connection is lost, and the server rolls back.
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
    // So that its locks do not block others for ever when this process is stopped or cut off.
    `SET LOCAL idle_in_transaction_session_timeout = ${longest}`,
  ].join('; ');
}
