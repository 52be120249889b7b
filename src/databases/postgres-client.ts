/**
 * Connects to a Postgres database. The password comes from the address, PGPASSWORD or ~/.pgpass, and is never shown.
 */

import { Socket } from 'node:net';
import type { Client } from 'pg';
import { errorCode, errorText, Failure, status } from '../failure.ts';
import { pg, pgpass } from '../load.ts';

/** The longest timeout that Postgres and setTimeout accept. */
const LONGEST_MS = 2 ** 31 - 1;

export interface PostgresSettings {
  /** How long to wait for other writers' locks. */
  readonly waitMs: number;
  /** How long the server may take, in addition to `waitMs`. */
  readonly timeoutMs: number;
  /** Aborts all work. */
  readonly signal: AbortSignal;
}

export interface ConnectedClient {
  /** Returns all values as text. */
  readonly client: Client;
  /** Destroying it aborts all work at once. */
  readonly socket: Socket;
}

/** @throws Failure without the address, or the library's error: both for `postgresFailure` */
export async function connectPostgres(address: string, settings: PostgresSettings): Promise<ConnectedClient> {
  const socket = new Socket();
  const client = newClient(address, socket);
  // A pending query gets the error itself; a lost idle connection is reopened at the next use.
  client.on('error', () => {});
  client.password ||= await passwordFromFile(client);
  try {
    await withinTime(socket, { ...settings, waitMs: 0 }, () => client.connect());
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
    // A missing certificate, for example.
    const path = error instanceof Error && 'path' in error ? `${error.path}: ` : '';
    throw new Failure(status.unavailable, `${path}${errorText(error)}`, { cause: error });
  }
}

/** Gives sslmode the meaning it has in psql. */
function asLibpq(address: string): string {
  if (!/[?&]sslmode=/.test(address) || /[?&]uselibpqcompat=/.test(address)) return address;
  return `${address}&uselibpqcompat=true`;
}

function passwordFromFile(client: Client): Promise<string | undefined> {
  return new Promise((resolve) => pgpass()(client, resolve));
}

/** A library error without a code means bad connection settings, unless the connection was lost. */
function connectFailure(error: unknown): unknown {
  if (error instanceof Failure || errorCode(error) !== undefined || !(error instanceof Error)) return error;
  if (error.message.startsWith('Connection terminated')) return error;
  const lacksPassword = error.message.includes('password must be a string');
  const text = lacksPassword
    ? 'asks for a password: none in the address, $PGPASSWORD or ~/.pgpass'
    : error.message;
  return new Failure(status.unavailable, text, { cause: error });
}

/**
 * Runs `work`, and drops the connection on timeout or when the signal is aborted.
 *
 * @throws Failure (temporary) in that case, without the address; otherwise what `work` throws
 */
export async function withinTime<Result>(
  socket: Socket,
  settings: PostgresSettings,
  work: () => Promise<Result>,
): Promise<Result> {
  const { signal } = settings;
  const longest = longestMs(settings);
  let isLate = false;
  const cut = () => void socket.destroy();
  // Not AbortSignal.any(): its timeout could be collected as garbage, and would never fire.
  const timer = setTimeout(() => {
    isLate = true;
    cut();
  }, longest);
  signal.addEventListener('abort', cut);
  try {
    if (signal.aborted) cut();
    return await work();
  } catch (error) {
    if (!isLate && !signal.aborted) throw error;
    const reason = signal.aborted ? 'interrupted' : `no answer within ${longest / 1000} s`;
    throw new Failure(status.temporary, reason, { cause: error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cut);
  }
}

/** How long work may take in milliseconds, including the wait for locks. */
export function longestMs({ waitMs, timeoutMs }: PostgresSettings): number {
  return Math.min(waitMs + timeoutMs, LONGEST_MS);
}
