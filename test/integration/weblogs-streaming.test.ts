/** `weblogs_streaming.sh` on real servers, with the very same lines. */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ended, privateFolder, run } from '../harness.ts';
import { type CountRows, countsOfSqlite, expectStreamed, startLoading } from '../scripts/streamed-logs.ts';
import { hasServer, server } from '../servers.ts';
import { kafkaServer } from './kafka-topics.ts';
import { hasPostgres, postgresServer, query } from './postgres-server.ts';
import { hasPubsub, pubsubServer, topicOf } from './pubsub-server.ts';

function countsOfPostgres(address: string): CountRows {
  return async (column) => {
    const rows = await query(address, `SELECT ${column} AS name, count(*) AS count FROM logs GROUP BY 1`);
    return Object.fromEntries(rows.map(({ name = '', count }) => [name, Number(count)]));
  };
}

describe.runIf(hasPostgres())('from a file into Postgres', () => {
  const server = postgresServer();

  it('has every line in the table', async () => {
    const home = await privateFolder();
    const STORE = await server.newDatabase();
    await expectStreamed(home, { STORE }, countsOfPostgres(STORE));
  });
});

describe.runIf(hasServer('kafka') && hasPostgres())('from Kafka into Postgres', () => {
  const kafka = kafkaServer();
  const server = postgresServer();

  it('has every line in the table', async () => {
    const home = await privateFolder();
    const STORE = await server.newDatabase();
    await expectStreamed(home, { QUEUE: `kafka://${kafka.brokers()}/logs`, STORE }, countsOfPostgres(STORE));
  });
});

describe.runIf(hasPubsub())('from Pub/Sub into SQLite', () => {
  const pubsub = pubsubServer();

  it('has every line in the table', async () => {
    const home = await privateFolder();
    const env = { ...pubsub.env(), QUEUE: pubsub.missing() };
    await expectStreamed(home, env, countsOfSqlite(join(home, 'logs.db')));
  });

  it('doubles no row of a batch that is repeated', async () => {
    const cwd = await privateFolder();
    const address = await pubsub.newTopic();
    const options = { ackDeadlineSeconds: 2, enableMessageOrdering: true };
    await pubsub
      .client()
      .topic(topicOf(address))
      .createSubscription(`${topicOf(address)}-quick`, options);
    const stdin = (await run('log-gen', ['-n', '100', '--seed', '1'], { cwd })).stdout;
    expect(await pubsub.tool('queue-put', [address], { stdin })).toMatchObject({ status: 0 });
    const words = ['--group', 'quick', '--dead', 'none', '--batch', '60', '--linger', '300ms'];
    const env = { ...pubsub.env(), ETL_STORE: 'logs.db' };
    expect(await ended(startLoading(address, words, cwd, env))).toMatchObject({ signal: 'SIGKILL' });
    const loaded = async () => {
      const counts = Object.values(await countsOfSqlite(join(cwd, 'logs.db'))('status'));
      return counts.reduce((sum, count) => sum + count, 0);
    };
    expect(await loaded()).toBe(60);
    const taker = startLoading(address, words, cwd, env);
    let rows = 0;
    for (const end = performance.now() + 30_000; rows < 100 && performance.now() < end; )
      rows = await loaded();
    taker.kill('SIGTERM');
    await ended(taker);
    expect([rows, await loaded()]).toEqual([100, 100]);
  });
});

describe.runIf(hasPubsub() && hasServer('bigquery'))('from Pub/Sub into BigQuery', () => {
  const pubsub = pubsubServer();
  const bigquery = server('bigquery');

  /** By the query API, whose rows have their fields in `f` and `v`. */
  const countRows: CountRows = async (column) => {
    const response = await fetch(`http://${bigquery.address()}/bigquery/v2/projects/project/queries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: `SELECT ${column}, COUNT(*) FROM logs GROUP BY 1`,
        defaultDataset: { projectId: 'project', datasetId: 'rows' },
        useLegacySql: false,
      }),
    });
    const { rows }: { rows: { f: { v: string }[] }[] } = JSON.parse(await response.text());
    return Object.fromEntries(rows.map(({ f: [name, count] }) => [name?.v, Number(count?.v)]));
  };

  it('has every line in the table', async () => {
    const home = await privateFolder();
    const addresses = { QUEUE: pubsub.missing(), STORE: 'bigquery://project/rows' };
    const env = { ...pubsub.env(), BIGQUERY_EMULATOR_HOST: bigquery.address(), ...addresses };
    await expectStreamed(home, env, countRows);
  });
});
