/**
 * A connection to a Postgres database, for one transaction after the other.
 *
 * It is opened at first use, and again when it was lost. What it sets holds for a transaction only, so that it may go
 * through a pooler. A password comes from the address, PGPASSWORD or ~/.pgpass, and is never shown.
 */

import { Socket } from 'node:net';
import type { Client } from 'pg';
import { showAddress } from '../address.ts';
import { errorCode, errorText, Failure, status } from '../failure.ts';
import { pg, pgpass } from '../load.ts';
import { isUnanswered, postgresFailure } from './postgres-failure.ts';
import type { StoreSettings } from './store.ts';

export type PostgresSettings = Pick<StoreSettings, 'waitMs' | 'timeoutMs' | 'signal'>;

export interface PostgresConnection {
  /**
   * Does this in a transaction of its own, after those that were asked for before. Values come as text, times in UTC.
   *
   * @throws Failure (temporary) when trying again may help, else (unavailable), with the address before it. Nothing is
   * done then; but when the connection is lost in the very moment of the commit nobody knows, which the message says
   */
  transaction<Result>(work: (client: Client) => Promise<Result>): Promise<Result>;
  close(): void;
}

export interface Connected {
  readonly client: Client;
  /** Destroyed, it ends all work at once. */
  readonly socket: Socket;
}

/** What Postgres and the timers of Node can count to. */
const LONGEST_MS = 2 ** 31 - 1;

export function postgresConnection(address: string, settings: PostgresSettings): PostgresConnection {
  const name = showAddress(address);
  let connected: Connected | undefined;
  let before: Promise<unknown> = Promise.resolve();

  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
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
      note = 'the connection was lost at the commit, which may have been done: ';
    };
    try {
      connected ??= await open();
      const { client, socket } = connected;
      return await inTime(socket, settings, () => inTransaction(client, settings, work, committing));
    } catch (error) {
      if (isUnanswered(error)) drop();
      throw postgresFailure(name, error, isUnanswered(error) ? note : '');
    }
  };
  return {
    transaction: (work) => inTurn(() => transact(work)),
    close() {
      void connected?.client.end().catch(() => {});
      // A server that does not answer is not waited for.
      connected?.socket.unref();
    },
  };
}

/** @throws Failure without the address */
export async function connectPostgres(address: string, settings: PostgresSettings): Promise<Connected> {
  const socket = new Socket();
  const client = newClient(address, socket);
  // Whoever waits for something hears of it; an idle connection that is lost is opened again.
  client.on('error', () => {});
  client.password ||= await passwordFromFile(client);
  try {
    await inTime(socket, { ...settings, waitMs: 0 }, () => client.connect());
  } catch (error) {
    socket.destroy();
    throw connectFailure(error);
  }
  return { client, socket };
}

function newClient(address: string, socket: Socket): Client {
  try {
    return new (pg().Client)({
      connectionString: asLibpq(address),
      fallback_application_name: 'etlutils',
      keepAlive: true,
      stream: () => socket,
      types: { getTypeParser: () => String },
    });
  } catch (error) {
    // A certificate that is not there, for example.
    const path = error instanceof Error && 'path' in error ? `${error.path}: ` : '';
    throw new Failure(status.unavailable, `${path}${errorText(error)}`, { cause: error });
  }
}

/** For sslmode to mean what it does to psql. */
function asLibpq(address: string): string {
  if (!/[?&]sslmode=/.test(address) || /[?&]uselibpqcompat=/.test(address)) return address;
  return `${address}&uselibpqcompat=true`;
}

function passwordFromFile(client: Client): Promise<string | undefined> {
  return new Promise((resolve) => pgpass()(client, resolve));
}

/** What the library says without a code, and no temporary matter, is about how to connect. */
function connectFailure(error: unknown): unknown {
  if (error instanceof Failure || errorCode(error) !== undefined || !(error instanceof Error)) return error;
  if (error.message.startsWith('Connection terminated')) return error;
  const lacksPassword = error.message.includes('password must be a string');
  const text = lacksPassword
    ? 'asks for a password: none in the address, $PGPASSWORD or ~/.pgpass'
    : error.message;
  return new Failure(status.unavailable, text, { cause: error });
}

/** Cuts the connection when the work takes too long, or is to end. */
async function inTime<Result>(
  socket: Socket,
  { waitMs, timeoutMs, signal }: PostgresSettings,
  work: () => Promise<Result>,
): Promise<Result> {
  const longest = Math.min(waitMs + timeoutMs, LONGEST_MS);
  const timeout = AbortSignal.timeout(longest);
  const stop = AbortSignal.any([timeout, signal]);
  const cut = () => socket.destroy();
  stop.addEventListener('abort', cut);
  try {
    if (signal.aborted) cut();
    return await work();
  } catch (error) {
    if (!stop.aborted) throw error;
    const reason = signal.aborted ? 'interrupted' : `no answer within ${longest / 1000} s`;
    throw new Failure(status.temporary, reason, { cause: error });
  } finally {
    stop.removeEventListener('abort', cut);
  }
}

async function inTransaction<Result>(
  client: Client,
  { waitMs, timeoutMs }: PostgresSettings,
  work: (client: Client) => Promise<Result>,
  committing: () => void,
): Promise<Result> {
  const longest = Math.min(waitMs + timeoutMs, LONGEST_MS);
  await client.query(
    `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL DateStyle = 'ISO'; SET LOCAL lock_timeout = ${Math.min(Math.max(waitMs, 1), LONGEST_MS)}; SET LOCAL TimeZone = 'UTC'; ` +
      // When this process is halted or cut off, others do not wait for it for ever.
      `SET LOCAL statement_timeout = ${longest}; SET LOCAL idle_in_transaction_session_timeout = ${longest}`,
  );
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
