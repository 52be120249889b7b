/**
 * Connecting to a Postgres database. A password comes from the address, PGPASSWORD or ~/.pgpass, and is never shown.
 */

import { Socket } from 'node:net';
import type { Client } from 'pg';
import { errorCode, errorText, Failure, status } from '../failure.ts';
import { pg, pgpass } from '../load.ts';
import type { StoreSettings } from '../stores/store.ts';

/** What Postgres and the timers of Node can count to. */
const LONGEST_MS = 2 ** 31 - 1;

export type PostgresSettings = Pick<StoreSettings, 'waitMs' | 'timeoutMs' | 'signal'>;

export interface Connected {
  readonly client: Client;
  /** Destroyed, it ends all work at once. */
  readonly socket: Socket;
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
export async function inTime<Result>(
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

/** How long work may take, waiting for others included. */
export function longestMs({ waitMs, timeoutMs }: PostgresSettings): number {
  return Math.min(waitMs + timeoutMs, LONGEST_MS);
}
