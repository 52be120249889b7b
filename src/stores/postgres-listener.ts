/**
 * Watches a Postgres database for changes: at once by notifications, which load-stats sends, and within seconds for all
 * other writers, by the server's statistics. Reconnects when the connection is lost.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { retry } from '../async/retry.ts';
import { identifier } from '../databases/identifier.ts';
import { connectPostgres, type PostgresSettings, withinTime } from '../databases/postgres-client.ts';
import { CHANNEL } from './postgres.ts';

const POLL_MS = 5000;
const RETRY_MS = 1000;

const CHANGES = `
SELECT pg_stat_get_tuples_inserted(stats) + pg_stat_get_tuples_updated(stats) + pg_stat_get_tuples_deleted(stats) AS n
FROM (SELECT to_regclass('"stats"') AS stats) AS found`;

/** Calls `changed` at the start and after each change, until the signal of the settings. */
export async function listen(
  address: string,
  settings: PostgresSettings,
  changed: () => void,
): Promise<void> {
  await retry(() => listenOnce(address, settings, changed), {
    pause: () => RETRY_MS,
    signal: settings.signal,
    isTransient: () => true,
    // Readers report connection failures; this only reconnects.
  }).catch(() => {});
}

/** @throws when the connection is lost or cannot be made */
async function listenOnce(address: string, settings: PostgresSettings, changed: () => void): Promise<never> {
  const { signal } = settings;
  const { client, socket } = await connectPostgres(address, settings);
  const lost = new AbortController();
  client.once('end', () => lost.abort());
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop);
  try {
    client.on('notification', changed);
    await client.query(`LISTEN ${identifier(CHANNEL)}`);
    // Earlier changes were not notified.
    changed();
    let known: unknown;
    while (!lost.signal.aborted && !signal.aborted) {
      const { rows } = await withinTime(socket, settings, () => client.query(CHANGES));
      if (known !== undefined && rows[0].n !== known) changed();
      known = rows[0].n;
      await sleep(POLL_MS, undefined, { signal: lost.signal }).catch(() => {});
    }
    throw new Error('connection lost');
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}
