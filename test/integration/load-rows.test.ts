/** load-rows against a real Postgres server. */

import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { privateFolder, run } from '../harness.ts';
import { tableContract } from '../tables/contract.ts';
import { byValue, comparable, load, randomLoad } from '../tables/random-rows.ts';
import { FIRST_SEED, seedCount } from '../thorough.ts';
import { hasPostgres, postgresServer } from './postgres-server.ts';

/** The answer to the last statement. */
async function queryPostgres(address: string, ...statements: string[]): Promise<string[][]> {
  const client = new Client({ connectionString: address, types: { getTypeParser: () => String } });
  await client.connect();
  try {
    let answer: (string | null)[][] = [];
    for (const text of statements)
      answer = (await client.query<(string | null)[]>({ text, rowMode: 'array' })).rows;
    return answer.map((row) => row.map((value) => value ?? 'NULL'));
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
      /^load-rows: postgres:.*: earlier, the connection was lost at the commit, which may have succeeded$/,
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

  it('rejects each row that the table refuses, whatever its reason, and loads the others', async () => {
    const address = await server.newDatabase();
    await queryPostgres(
      address,
      `CREATE TYPE mood AS ENUM ('ok')`,
      'CREATE TABLE parent (i INT PRIMARY KEY)',
      'INSERT INTO parent VALUES (1)',
      `CREATE TABLE t (n INT PRIMARY KEY, small INT2, price NUMERIC(4, 2), code VARCHAR(3), id UUID, doc JSONB, mood mood,
         positive INT CHECK (positive > 0), needed TEXT NOT NULL DEFAULT 'x', p INT REFERENCES parent,
         late INT REFERENCES parent DEFERRABLE INITIALLY DEFERRED)`,
    );
    const header = 'n,small,price,code,id,doc,mood,positive,p,late';
    const bad = [
      '2,70000,,,,,,,,',
      '3,,123.5,,,,,,,',
      '4,,,long,,,,,,',
      '5,,,,nonsense,,,,,',
      '6,,,,,{,,,,',
      '7,,,,,,sad,,,',
      '8,,,,,,,0,,',
      '9,,,,,,,,2,',
      '10,,,,,,,,,2',
      '1,,,,,,,,,',
    ];
    const good = '1,5,1.255,abc,00000000-0000-0000-0000-000000000000,{},ok,1,1,1';
    const rows = [good, ...bad.flatMap((row, at) => [row, `${at + 20},,,,,,,,,`])];
    const folder = await privateFolder();
    const words = ['--to', address, '--table', 't', '--rejects', 'bad', '-v'];
    const end = await run('load-rows', words, { cwd: folder, stdin: `${header}\n${rows.join('\n')}\n` });
    expect(end.status).toBe(0);
    expect(await readFile(join(folder, 'bad'), 'utf8')).toBe(`${bad.join('\n')}\n`);
    const said = end.stderr.split('\n');
    const reasons = [
      'out of range',
      'overflow',
      'too long',
      'uuid',
      'json',
      'enum mood',
      'check',
      'foreign',
      'foreign',
      'unique',
    ];
    expect(said.slice(0, -3)).toEqual(
      reasons.map((reason, at) => expect.stringMatching(new RegExp(`stdin:${3 + 2 * at}: .*${reason}`))),
    );
    expect(said.at(-3)).toBe('load-rows: 10 of 21 lines rejected: 10 refused by the table');
    expect(said.at(-2)).toContain('in all: 21 taken, 11 stored');
    expect(await queryPostgres(address, 'SELECT count(*), min(price) FROM t')).toEqual([['11', '1.26']]);
  });

  it('rejects refused rows by key as well, of as many as there are, and ends as others do', async () => {
    const address = await server.newDatabase();
    await queryPostgres(address, 'CREATE TABLE t (k INT PRIMARY KEY, v INT CHECK (v < 10))');
    const lines = Array.from(
      { length: 3000 },
      (_, at) => `${at % 1500},${at % 7 === 0 ? 10 : at < 1500 ? 1 : 2}\n`,
    );
    const words = ['--to', address, '--table', 't', '--key', 'k'];
    const end = await run('load-rows', [...words, '--strict'], { stdin: `k,v\n${lines.join('')}` });
    expect(end).toMatchObject({ status: 65, stderr: expect.stringContaining('of 3000 lines rejected') });
    // The last row of a key that is not refused counts.
    const stored = new Map(
      lines
        .filter((line) => !line.endsWith(',10\n'))
        .map((line) => line.trim().split(',') as [string, string]),
    );
    const rows = await queryPostgres(address, 'SELECT k, v FROM t ORDER BY k');
    expect(rows).toEqual([...stored].sort(([one], [other]) => Number(one) - Number(other)));
    const all = await run('load-rows', words, { stdin: 'k,v\n1,11\n2,12\n' });
    expect(all).toMatchObject({ status: 65, stdout: '' });
  });

  it('stores the same however rows fell into batches and runs', async () => {
    const address = await server.newDatabase();
    for (let seed = FIRST_SEED; seed < FIRST_SEED + seedCount(60, 100); seed++) {
      const { load: cut, whole } = randomLoad(seed);
      const rejected = [await load(address, `cut${seed}`, cut), await load(address, `whole${seed}`, whole)];
      const context = JSON.stringify({ seed, cut, whole: whole.runs }, null, 1);
      expect(rejected[0], context).toEqual(rejected[1]);
      expect(await stored(address, `cut${seed}`), context).toEqual(await stored(address, `whole${seed}`));
    }
  }, 600_000);

  it('keeps what others say about a column, and text of theirs as it came', async () => {
    const address = await server.newDatabase();
    await queryPostgres(address, 'CREATE TABLE t (v TEXT, n INT)', `COMMENT ON COLUMN t.n IS 'ours'`);
    await run('load-rows', ['--to', address, '--table', 't'], { stdin: 'v,n\n1.10,1\nTRUE,x\n' });
    expect(await queryPostgres(address, 'SELECT v, n FROM t')).toEqual([
      ['1.10', '1'],
      ['TRUE', 'x'],
    ]);
    const comment = `SELECT col_description('t'::regclass, 2)`;
    expect(await queryPostgres(address, comment)).toEqual([['ours']]);
  });

  it('loads a batch of a queue as a whole or not at all, however long it is', async () => {
    const address = await server.newDatabase();
    const env = { ETL_BATCH: 'q-0-1' };
    const words = ['--to', address, '--table', 't', '--key', 'a', '--batch', '100'];
    const load = (stdin: string) => run('load-rows', words, { stdin, env });
    const rows = (b: string) => `a,b\n${Array.from({ length: 1000 }, (_, a) => `${a},${b}\n`).join('')}`;
    const count = () => queryPostgres(address, 'SELECT count(*), min(b), max(b) FROM t');
    expect(await load(rows('x'))).toMatchObject({ status: 0, stderr: '' });
    expect(await count()).toEqual([['1000', 'x', 'x']]);
    expect(await load(`${rows('y')}1\n`)).toMatchObject({ status: 65 });
    await queryPostgres(address, `ALTER TABLE t ADD CONSTRAINT c CHECK (b <> 'z')`);
    const { status, stderr } = await load(`${rows('y')}5,z\n`);
    expect([status, stderr.includes('violates check constraint')]).toEqual([65, true]);
    expect(await count()).toEqual([['1000', 'x', 'x']]);
    expect(await load(`${rows('y')}text,y\n`)).toMatchObject({ status: 0 });
    expect(await count()).toEqual([['1001', 'y', 'y']]);
  });
});

/** The types of the columns, what load-rows has written about them, and the rows with decimals by value. */
async function stored(address: string, table: string): Promise<unknown> {
  const columns = await queryPostgres(
    address,
    `SELECT attname, format_type(atttypid, NULL), col_description(attrelid, attnum) FROM pg_attribute
     WHERE attrelid = to_regclass('${table}') AND attnum > 0 ORDER BY 1`,
  );
  if (columns.length === 0) return [];
  const rows = await queryPostgres(address, `SELECT ${columns.map(([name]) => name).join()} FROM ${table}`);
  const isDecimal = columns.map(([, type]) => type === 'numeric');
  return {
    columns,
    rows: comparable(rows.map((row) => row.map((text, at) => (isDecimal[at] ? byValue(text) : text)))),
  };
}
