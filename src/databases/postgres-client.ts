/**
 * Connecting to a Postgres database. A password comes from the address, PGPASSWORD or ~/.pgpass, and is never shown.
 */

import { Socket } from 'node:net';
import type { Client } from 'pg';
import { errorCode, errorText, Failure, status } from '../failure.ts';
import { pg, pgpass } from '../load.ts';

/** The longest time that Postgres and the timers of Node take. */
const LONGEST_MS = 2 ** 31 - 1;

export interface PostgresSettings {
  /** How long to wait for other writers. */
  readonly waitMs: number;
  /** How long the server may take, beyond that. */
  readonly timeoutMs: number;
  /** Ends all work. */
  readonly signal: AbortSignal;
}

export interface ConnectedClient {
  /** Gives all values as text. */
  readonly client: Client;
  /** Destroying it ends all work at once. */
  readonly socket: Socket;
}

/** @throws Failure without the address, or the library's error: both for `postgresFailure` */
export async function connectPostgres(address: string, settings: PostgresSettings): Promise<ConnectedClient> {
  const socket = new Socket();
  const client = newClient(address, socket);
  // A query that waits for an answer gets the error; an idle connection that is lost is opened again.
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

/** Gives sslmode the meaning that it has in psql. */
function asLibpq(address: string): string {
  if (!/[?&]sslmode=/.test(address) || /[?&]uselibpqcompat=/.test(address)) return address;
  return `${address}&uselibpqcompat=true`;
}

function passwordFromFile(client: Client): Promise<string | undefined> {
  return new Promise((resolve) => pgpass()(client, resolve));
}

/** An error of the library without a code is about the way to connect, unless the connection was lost. */
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
 * Does the work, and cuts the connection when it takes too long or the signal is aborted.
 *
 * @throws Failure (temporary) then, without the address; else what the work throws
 */
export async function withinTime<Result>(
  socket: Socket,
  settings: PostgresSettings,
  work: () => Promise<Result>,
): Promise<Result> {
  const { signal } = settings;
  const longest = longestMs(settings);
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

/** How long work may take, waiting for others included, in milliseconds. */
export function longestMs({ waitMs, timeoutMs }: PostgresSettings): number {
  return Math.min(waitMs + timeoutMs, LONGEST_MS);
}
