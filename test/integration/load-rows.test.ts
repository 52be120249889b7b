/** load-rows against a real Postgres server. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run } from '../harness.ts';
import { tableContract } from '../tables/contract.ts';
import { hasPostgres, postgresServer } from './postgres-server.ts';

async function queryPostgres(address: string, sql: string): Promise<string[][]> {
  const client = new Client({ connectionString: address, types: { getTypeParser: () => String } });
  await client.connect();
  try {
    const { rows } = await client.query<(string | null)[]>({ text: sql, rowMode: 'array' });
    return rows.map((row) => row.map((value) => value ?? 'NULL'));
  } finally {
    await client.end();
  }
}

/**
 * When the connection is lost: before the server has the COMMIT of the first COPY, or after it has done it; or then, and
 * for good.
 */
type Accident = 'before' | 'after' | 'for good';

/** Stands between a client and a server, and has one accident. */
async function unreliable(address: string, accident: Accident): Promise<string> {
  const { hostname, port } = new URL(address);
  let isOver = false;
  let isCopying = false;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let isCommitting = false;
    if (isOver && accident === 'for good') client.destroy();
    const cut = () => destroy(client, upstream);
    client.on('data', (bytes) => {
      isCopying ||= bytes.includes('COPY ');
      isCommitting = isCopying && !isOver && bytes.includes('COMMIT\0');
      if (isCommitting) isOver = true;
      if (isCommitting && accident === 'before') return cut();
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => (isCommitting ? cut() : client.write(bytes)));
    for (const socket of [client, upstream]) socket.on('error', cut).on('close', cut);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const through = new URL(address);
  through.port = String((server.address() as AddressInfo).port);
  return through.href;
}

function destroy(...sockets: Socket[]): void {
  for (const socket of sockets) socket.destroy();
}

describe.runIf(hasPostgres())('load-rows into Postgres', () => {
  const server = postgresServer();
  tableContract('Postgres', async () => {
    const address = await server.newDatabase();
    return { address, query: (sql) => queryPostgres(address, sql) };
  });

  it.each<Accident>(['before', 'after'])(
    'loads a batch once when the connection is lost %s its commit',
    async (accident) => {
      const address = await server.newDatabase();
      const to = await unreliable(address, accident);
      const stdin = `n\n${Array.from({ length: 1000 }, (_, at) => `${at}\n`).join('')}`;
      const { status, stderr } = await run(
        'load-rows',
        ['-v', '--to', to, '--table', 't', '--batch', '600'],
        { stdin },
      );
      expect(stderr).toContain('trying again');
      expect(status).toBe(0);
      expect(await queryPostgres(address, 'SELECT count(*), count(DISTINCT n) FROM t')).toEqual([
        ['1000', '1000'],
      ]);
    },
  );

  it('says in its last message (75) that a batch may have been loaded', async () => {
    const address = await server.newDatabase();
    const to = await unreliable(address, 'for good');
    const words = ['--to', to, '--table', 't', '--wait', '100ms', '--retries', '2'];
    const { status, stderr } = await run('load-rows', words, { stdin: 'n\n1\n' });
    expect(status).toBe(75);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      /^load-rows: postgres:.*: before, the connection was lost at the commit, which may have been done$/,
    );
    expect(await queryPostgres(address, 'SELECT n FROM t')).toEqual([['1']]);
  });

  it('goes on when the server comes back, and gives up (75) when it does not', async () => {
    const address = await server.newDatabase();
    const stdin = 'n\n1\n';
    await run('load-rows', ['--to', address, '--table', 't'], { stdin });
    await server.crash();
    const gone = await run('load-rows', ['--to', address, '--table', 't', '--wait', '100ms'], { stdin });
    expect(gone).toMatchObject({ status: 75, stdout: '' });
    const waiting = run('load-rows', ['--to', address, '--table', 't', '--wait', '50s', '--retries', '9'], {
      stdin,
    });
    await server.start();
    expect(await waiting).toMatchObject({ status: 0, stderr: '' });
    expect(await queryPostgres(address, 'SELECT n FROM t')).toEqual([['1'], ['1']]);
  });

  it('keeps every digit of a decimal', async () => {
    const address = await server.newDatabase();
    const digits = '12345678901234567890.123456789012345678901234567890';
    await run('load-rows', ['--to', address, '--table', 't'], { stdin: `d\n${digits}\n1.50\n` });
    expect(await queryPostgres(address, 'SELECT d FROM t ORDER BY d')).toEqual([['1.50'], [digits]]);
  });

  it('refuses (69) a batch as a whole that the table does not take', async () => {
    const address = await server.newDatabase();
    await queryPostgres(address, 'CREATE TABLE t (n INT CHECK (n < 10))');
    const end = await run('load-rows', ['--to', address, '--table', 't'], { stdin: 'n\n1\n20\n' });
    expect(end.status).toBe(69);
    expect(await queryPostgres(address, 'SELECT n FROM t')).toEqual([]);
  });
});
