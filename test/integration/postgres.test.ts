import { readdir, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/stores/open.ts';
import type { Counts } from '../../src/stores/store.ts';
import { ended, privateFolder, run, start, until } from '../harness.ts';
import { seeded } from '../random.ts';
import { storeContract, tableContract } from '../stores/contract.ts';
import { manyOldNamesContract, marked, oldNamesContract, UNMARK } from '../stores/old-names-contract.ts';
import { readerContract, testReader } from '../stores/reader-contract.ts';
import { removalContract } from '../stores/removal-contract.ts';
import { csv, HEADER, hourly, statsRow } from '../stores/rows.ts';
import { hasPostgres, hold, postgresServer, query, storedRows, untilActivity } from './postgres-server.ts';

const ROW = csv(HEADER, hourly('attic', 0));

const settings = {
  waitMs: 30_000,
  timeoutMs: 30_000,
  token: undefined,
  signal: new AbortController().signal,
};

/** The address of a way to the server that ends where the client has said this. */
async function cutAt(word: string, address: string): Promise<string> {
  const { hostname, port } = new URL(address);
  const between = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    client.on('data', (chunk) => {
      upstream.write(chunk);
      if (chunk.includes(word)) client.destroy();
    });
    upstream.on('data', (chunk) => client.write(chunk));
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.on('close', () => upstream.end());
  });
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    between.close();
  });
  const own = between.address();
  if (own === null || typeof own === 'string') throw new Error('it has no port');
  return address.replace(`:${port}`, `:${own.port}`);
}

/** A reader, and how often it was told of changes. */
async function watched(address: string) {
  const reader = await testReader(address);
  onTestFinished(() => reader.close());
  const told = { times: 0 };
  reader.watch(() => {
    told.times += 1;
  });
  return { reader, told };
}

describe.runIf(hasPostgres())('postgres', () => {
  const server = postgresServer();

  async function open() {
    const address = await server.newDatabase();
    return { address, rows: () => storedRows(address) };
  }

  async function loaded(...statements: string[]) {
    const { address, rows } = await open();
    for (const statement of statements) await query(address, statement);
    const load = (stdin: string, ...words: string[]) =>
      run('load-stats', ['--to', address, ...words], { stdin });
    return { address, rows, load, shown: address.replace('secret', '***') };
  }

  storeContract('postgres', open);
  tableContract('postgres', open);
  removalContract('postgres', open);
  readerContract('postgres', () => server.newDatabase());
  oldNamesContract('postgres', async (...lines) => {
    const { address, rows } = await open();
    expect(await run('load-stats', ['--to', address], { stdin: marked(lines) })).toMatchObject({ status: 0 });
    await query(address, UNMARK);
    return { address, rows };
  });

  manyOldNamesContract('postgres', 'to_timestamp(1767225600 + 60 * at)', async () => {
    const { address } = await open();
    return { address, query: (text) => query(address, text) };
  });

  it('is called postgresql too', async () => {
    const { address, rows } = await loaded();
    const to = address.replace('postgres:', 'postgresql:');
    expect(await run('load-stats', [], { stdin: ROW, env: { ETL_STORE: to } })).toMatchObject({ status: 0 });
    expect(await rows()).toHaveLength(1);
  });

  it('keeps every digit, times as times, and what is not known as NULL', async () => {
    const { address, load } = await loaded();
    const row = 'attic,all,,2026-01-01T01:00:00.250Z,60,-0.50,12345678901234567890.123456789,1.5e1';
    await load(csv(`${HEADER},p95,first`, `${row},21.40,`));
    expect(await query(address, 'SELECT * FROM stats')).toEqual([
      {
        sensor: 'attic',
        window: 'all',
        start: '',
        end: '2026-01-01 01:00:00.25+00',
        count: '60',
        min: '-0.50',
        max: '12345678901234567890.123456789',
        avg: '15',
        p95: '21.40',
        first: '',
      },
    ]);
    expect(
      await query(
        address,
        `SELECT DISTINCT format_type(atttypid, -1) AS type FROM pg_attribute
        WHERE attrelid = 'stats'::regclass AND attnum > 0 ORDER BY 1`,
      ),
    ).toEqual(['bigint', 'numeric', 'text', 'timestamp with time zone'].map((type) => ({ type })));
    expect(
      await query(address, 'SELECT 1 AS one FROM stats WHERE "start" IS NULL AND first IS NULL'),
    ).toHaveLength(1);
  });

  it('takes a further column for text from the first value on that is no number', async () => {
    const { load, rows } = await loaded();
    await load(csv(`${HEADER},note`, `${hourly('attic', 0)},1.50`));
    expect(await load(csv(`${HEADER},note`, `${hourly('attic', 1)},dry`))).toMatchObject({ status: 0 });
    await load(csv(`${HEADER},note`, `${hourly('attic', 2)},3`));
    expect((await rows()).map(({ note }) => note)).toEqual(['1.50', 'dry', '3']);
  });

  it('fits a table that others made', async () => {
    const { load, rows } = await loaded(
      `CREATE TABLE stats (id SERIAL PRIMARY KEY, sensor VARCHAR(9), "window" TEXT, start TIMESTAMPTZ, "end" TIMESTAMPTZ,
       count INT, min REAL, max FLOAT8, avg NUMERIC, "P95" REAL, note JSON, UNIQUE (sensor, "window", "end"))`,
    );
    const stdin = csv(`${HEADER},p95`, `${hourly('attic', 0)},21.5`);
    for (let times = 0; times < 2; times++)
      expect(await load(stdin)).toMatchObject({ status: 0, stderr: '' });
    expect(await rows()).toMatchObject([{ id: '1', sensor: 'attic', min: '20.5', P95: '21.5', note: '' }]);
  });

  it.each([
    ['lacks a column', 'CREATE TABLE stats (sensor TEXT)', 'its table "stats" lacks column "window"'],
    [
      'has no key',
      `CREATE TABLE stats (sensor TEXT, "window" TEXT, start TEXT, "end" TIMESTAMPTZ, count INT, min INT, max INT, avg INT)`,
      'there is no unique or exclusion constraint matching the ON CONFLICT specification',
    ],
  ])('refuses (69) a table stats that %s', async (_, statement, words) => {
    const { load, shown } = await loaded(statement);
    expect(await load(ROW.replaceAll(/\d+\.\d+/g, '1'))).toMatchObject({
      status: 69,
      stderr: `load-stats: ${shown}: ${words}\n`,
    });
  });

  // README: "Rows are upserted by (sensor, window, end), one transaction per batch, in SQLite and Postgres
  // alike."
  it('rolls a batch back as a whole, new columns too', async () => {
    const { address, load } = await loaded();
    await load(ROW);
    await query(address, 'ALTER TABLE stats ADD CHECK (count < 100)');
    const stdin = csv(`${HEADER},p95`, `${hourly('attic', 2, 100)},1`);
    expect(await load(stdin)).toMatchObject({ status: 65 });
    expect(await query(address, 'SELECT * FROM stats')).toHaveLength(1);
    expect(Object.keys((await query(address, 'SELECT * FROM stats'))[0] ?? {})).toHaveLength(8);
  });

  it.each<[string, string[], string]>([
    ['a check', ['ALTER TABLE stats ADD CHECK (count < 100)'], hourly('attic', 2, 100)],
    ['a length', ['ALTER TABLE stats ALTER sensor TYPE varchar(5)'], hourly('longer', 2)],
    ['a type', ['ALTER TABLE stats ALTER count TYPE smallint'], hourly('attic', 2, 40_000)],
    [
      'a foreign key at the commit',
      [
        'CREATE TABLE sensors (name text PRIMARY KEY)',
        `INSERT INTO sensors VALUES ('attic')`,
        'ALTER TABLE stats ADD FOREIGN KEY (sensor) REFERENCES sensors DEFERRABLE INITIALLY DEFERRED',
      ],
      hourly('nobody', 2),
    ],
    [
      'a trigger',
      [
        `CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN IF new.count > 99 THEN RAISE 'too many'; END IF; RETURN new; END $$`,
        'CREATE TRIGGER no BEFORE INSERT ON stats FOR EACH ROW EXECUTE FUNCTION no()',
      ],
      hourly('attic', 2, 100),
    ],
    ['a bare NUL', [], hourly('"a\0b"', 2)],
  ])('loads the good rows of a batch, and rejects one that breaks %s', async (_, statements, bad) => {
    const { address, load } = await loaded();
    await load(ROW);
    for (const statement of statements) await query(address, statement);
    const stdin = csv(HEADER, hourly('attic', 1), bad, hourly('attic', 3), hourly('attic', 4));
    const { status, stderr } = await load(stdin);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^load-stats: stdin:3: .*\nload-stats: 1 of 4 lines rejected: .*\n$/);
    expect(await query(address, 'SELECT * FROM stats')).toHaveLength(4);
  });

  it.each<[string, number, (address: string) => Promise<string> | string]>([
    ['no such database (3D000)', 69, (address) => address.replace(/\w+$/, 'nowhere')],
    ['a wrong password (28P01)', 69, (address) => address.replace('secret', 'hunter2')],
    [
      'no permission (42501)',
      69,
      async (address) => {
        await query(address, `CREATE ROLE r${Date.now()} LOGIN PASSWORD 'x'`).catch(() => {});
        const [role] = await query(address, "SELECT rolname AS name FROM pg_roles WHERE rolname LIKE 'r1%'");
        return address.replace(/\/\/.*@/, `//${role?.name}:x@`);
      },
    ],
    [
      'read-only for now (25006)',
      75,
      async (address) => {
        const name = address.split('/').at(-1);
        await query(address, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
        return address;
      },
    ],
    [
      'too many connections (53300)',
      75,
      async (address) => {
        const name = address.split('/').at(-1);
        const role = `few${name}`;
        await query(address, `CREATE ROLE ${role} LOGIN PASSWORD 'x' CONNECTION LIMIT 0`);
        return address.replace(/\/\/.*@/, `//${role}:x@`);
      },
    ],
  ])('lets rows wait in the spool: %s', async (_, status, breakIt) => {
    const { address, rows } = await loaded();
    const cwd = await privateFolder();
    const load = (to: string, stdin: string) =>
      run('load-stats', ['--to', to, '--spool', 'spool'], { cwd, stdin });
    const first = await load(await breakIt(address), ROW);
    expect(first.status).toBe(status);
    expect(first.stderr).toMatch(/^load-stats: postgres:.*: rows are kept in spool\n$/);
    expect(first.stderr).not.toMatch(/hunter2/);
    const waiting = (await readdir(join(cwd, 'spool'))).filter((name) => name[0] !== '.');
    expect(waiting).toEqual([expect.stringMatching(/\.csv$/)]);
    const name = address.split('/').at(-1);
    const admin = address.replace(/\w+$/, 'postgres');
    await query(admin, `ALTER DATABASE ${name} RESET default_transaction_read_only`);
    expect(await load(address, '')).toMatchObject({ status: 0, stderr: '' });
    expect(await rows()).toHaveLength(1);
  });

  it('does not touch rows that are the same already', async () => {
    const { address, load } = await loaded();
    await load(ROW);
    const version = () => query(address, 'SELECT xmin AS version FROM stats');
    const before = await version();
    await load(ROW);
    expect(await version()).toEqual(before);
    await load(ROW.replace('20.5', '20.50'));
    expect(await version()).not.toEqual(before);
  });

  it('is created by 20 processes at once, each with columns of its own', async () => {
    const { load, rows } = await loaded();
    const writers = Array.from({ length: 20 }, (_, at) =>
      load(csv(`${HEADER},c${at % 4}`, `${hourly(`s${at}`, 0)},${at}`), '--wait', '50s'),
    );
    for (const end of await Promise.all(writers)) expect(end).toMatchObject({ status: 0, stderr: '' });
    expect(await rows()).toHaveLength(20);
  });

  it('lets batches of the same keys in any order take turns', async () => {
    const { address, rows } = await loaded();
    const random = seeded(3);
    const shuffled = (hours: number, count: number) =>
      Array.from({ length: hours }, (_, hour) => statsRow(hourly('attic', hour, count))).sort(
        () => random() - 0.5,
      );
    const batches = Array.from({ length: 12 }, (_, at) => shuffled(200, 1 + at));
    const stores = await Promise.all(batches.map(() => openStore(address, settings)));
    const outcomes = await Promise.all(stores.map((store, at) => store.upsert(batches[at] ?? [], 'more')));
    for (const store of stores) await store.close();
    const sum = (what: keyof Counts) => outcomes.reduce((all, outcome) => all + (outcome?.[what] ?? 0), 0);
    expect(sum('inserted')).toBe(200);
    expect(sum('replaced') + sum('kept')).toBe(11 * 200);
    expect(new Set((await rows()).map(({ count }) => count))).toEqual(new Set(['12']));
  });

  it('is busy (75) while another transaction keeps it locked', async () => {
    const { address, load, rows, shown } = await loaded();
    await load(ROW);
    const release = await hold(address, 'LOCK TABLE stats');
    expect(await load(csv(HEADER, hourly('attic', 1)), '--wait', '200ms')).toMatchObject({
      status: 75,
      stderr: `load-stats: ${shown}: busy: another process has locked it\n`,
    });
    const waiting = load(csv(HEADER, hourly('attic', 1)), '--wait', '50s');
    await release();
    expect(await waiting).toMatchObject({ status: 0 });
    expect(await rows()).toHaveLength(2);
  });

  it('is temporary (75) when it does not answer in time, and leaves nothing', async () => {
    const { address, load, rows, shown } = await loaded();
    await load(ROW);
    await query(
      address,
      `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END'`,
    );
    await query(address, 'CREATE TRIGGER slow BEFORE INSERT ON stats FOR EACH ROW EXECUTE FUNCTION slow()');
    const end = await load(csv(HEADER, hourly('attic', 1)), '--timeout', '500ms', '--wait', '500ms');
    expect(end.status).toBe(75);
    expect(end.stderr).toMatch(/: (no answer within 1 s|canceling statement due to statement timeout)\n$/);
    expect(end.stderr.startsWith(`load-stats: ${shown}: `)).toBe(true);
    await query(address, 'DROP TRIGGER slow ON stats');
    expect(await rows()).toHaveLength(1);
  });

  it.each([
    [
      'a wrong password',
      (to: string) => to.replace('secret', 'hidden'),
      69,
      'password authentication failed for user "etl"',
    ],
    [
      'no password',
      (to: string) => to.replace(':secret', ''),
      69,
      'asks for a password: none in the address, $PGPASSWORD or ~/.pgpass',
    ],
    [
      'an unknown database',
      (to: string) => to.replace(/\w+$/, 'nothing'),
      69,
      'database "nothing" does not exist',
    ],
    [
      'a server without TLS',
      (to: string) => `${to}?sslmode=require`,
      69,
      'The server does not support SSL connections',
    ],
    [
      'no certificate',
      (to: string) => `${to}?sslmode=verify-ca&sslrootcert=/no/root.crt`,
      69,
      '/no/root.crt: no such file or directory',
    ],
    ['a closed port', (to: string) => to.replace(/:\d+/, ':1'), 75, 'connection refused'],
    ['no socket', () => 'postgres://localhost/db?host=/nonexistent&user=etl', 75, 'no server at its socket'],
  ])('says what is wrong: %s', async (_, change, status, words) => {
    const { address } = await loaded();
    const end = await run('load-stats', ['--to', change(address)], { stdin: ROW });
    expect(end).toMatchObject({ status, stdout: '' });
    expect(end.stderr).toContain(`: ${words}\n`);
    expect(end.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(end.stderr).not.toMatch(/secret|hidden/);
  });

  it('refuses (69) who may not write', async () => {
    const { address, load } = await loaded(`CREATE ROLE reader LOGIN PASSWORD 'reader'`);
    await load(ROW);
    const to = address.replace('etl:secret', 'reader:reader');
    const end = await run('load-stats', ['--to', to], { stdin: ROW });
    expect(end).toMatchObject({
      status: 69,
      stderr: expect.stringContaining('permission denied for table stats'),
    });
  });

  it('takes the password from PGPASSWORD or ~/.pgpass', async () => {
    const { address } = await loaded();
    const to = address.replace(':secret', '');
    const load = (env: Record<string, string>) => run('load-stats', ['--to', to], { stdin: ROW, env });
    expect(await load({ PGPASSWORD: 'secret' })).toMatchObject({ status: 0, stderr: '' });
    const HOME = await privateFolder();
    await writeFile(join(HOME, '.pgpass'), '127.0.0.1:*:*:etl:secret\n', { mode: 0o600 });
    expect(await load({ HOME })).toMatchObject({ status: 0, stderr: '' });
  });

  it('is interrupted at once by a signal, and has loaded nothing of the batch', async () => {
    const { address, load, rows } = await loaded();
    await load(ROW);
    const release = await hold(address, 'LOCK TABLE stats');
    const child = start('load-stats', ['--to', address, '--wait', '50s', '--timeout', '50s']);
    const end = ended(child);
    child.stdin?.end(csv(HEADER, hourly('attic', 1)));
    await untilActivity(address, `wait_event_type = 'Lock'`);
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ signal: 'SIGTERM', stdout: '' });
    await release();
    expect(await rows()).toHaveLength(1);
  });

  it('has whole batches when it is stopped in the middle of one, and all rows after another run', async () => {
    const { address, load, rows } = await loaded();
    const hours = (length: number) =>
      csv(HEADER, ...Array.from({ length }, (_, hour) => hourly('attic', hour)));
    await load(hours(1));
    // So that there is time to stop it between two batches, and it does not get to the end before.
    await query(
      address,
      `CREATE FUNCTION rest() RETURNS trigger LANGUAGE plpgsql AS
       'BEGIN PERFORM pg_sleep(CASE WHEN (SELECT count(*) FROM stats) < 400 THEN 0.1 ELSE 600 END); RETURN NULL; END'`,
    );
    await query(
      address,
      'CREATE TRIGGER rest BEFORE INSERT ON stats FOR EACH STATEMENT EXECUTE FUNCTION rest()',
    );
    // So few that they come at once: what comes later is another batch, however short the one before.
    const input = hours(800);
    const loading = load(input, '--batch', '100');
    let seen = 0;
    while (seen < 100) seen = (await rows()).length;
    await server.crash();
    const end = await loading;
    expect(end).toMatchObject({ status: 75 });
    expect(end.stderr.split('\n')).toHaveLength(2);
    expect(await load(input)).toMatchObject({
      status: 75,
      stderr: expect.stringContaining('connection refused'),
    });
    await server.start();
    expect((await rows()).length % 100).toBe(0);
    await query(address, 'DROP TRIGGER rest ON stats');
    expect(await load(input)).toMatchObject({ status: 0, stderr: '' });
    expect(await rows()).toHaveLength(800);
  });

  it('says that nobody knows when the connection is lost at the commit, and the same rows again do no harm', async () => {
    const { address, load, rows } = await loaded();
    const to = await cutAt('COMMIT\0', address);
    const end = await run('load-stats', ['--to', to], { stdin: ROW });
    expect(end).toMatchObject({
      status: 75,
      stderr: expect.stringContaining('lost at the commit, which may have succeeded: connection lost'),
    });
    expect(await load(ROW)).toMatchObject({ status: 0, stderr: '' });
    expect(await rows()).toHaveLength(1);
  });

  it('gets what waits in a spool when it is back', async () => {
    const { load, rows } = await loaded();
    const spool = join(await privateFolder(), 'spool');
    await server.crash();
    expect(await load(ROW, '--spool', spool)).toMatchObject({
      status: 75,
      stderr: expect.stringContaining(`rows are kept in ${spool}`),
    });
    await server.start();
    expect(await load(csv(HEADER, hourly('attic', 1)), '--spool', spool)).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(await rows()).toHaveLength(2);
  });

  it('is read again, and tells of changes again, after it was down', async () => {
    const { address, load } = await loaded();
    await load(ROW);
    const { reader, told } = await watched(address);
    expect(await reader.series()).toHaveLength(1);
    await server.crash();
    await expect(reader.series()).rejects.toMatchObject({ status: 75 });
    await server.start();
    await until(() => told.times > 0, 'told after it was down');
    expect(await reader.series()).toHaveLength(1);
  });

  it('tells of changes by those who do not', async () => {
    const { address, load } = await loaded();
    await load(ROW);
    const { reader, told } = await watched(address);
    await untilActivity(address, `state = 'idle' AND query LIKE '%pg_stat_get_tuples%'`);
    const before = told.times;
    await query(address, 'DELETE FROM stats');
    await until(() => told.times > before, 'told of rows that are gone');
    expect(await reader.series()).toEqual([]);
  });
});
