import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import { serving } from '../dashboard/serving.ts';
import { privateFolder, run, shell } from '../harness.ts';
import { otherUser } from '../other-user.ts';
import { sized } from '../thorough.ts';
import { csv, HEADER, hourly, readSqlite } from './rows.ts';

const ROW = csv(HEADER, hourly('attic', 0));
const sqlite3 = spawnSync('sqlite3', ['--version']).status === 0;

async function stored(...statements: string[]) {
  const cwd = await privateFolder();
  const path = join(cwd, 'stats.db');
  const database = new DatabaseSync(path);
  for (const statement of statements) database.exec(statement);
  database.close();
  return { cwd, path };
}

describe('a SQLite store', () => {
  it('is stats.db by default, or what ETL_STORE says', async () => {
    const cwd = await privateFolder();
    await run('load-stats', [], { cwd, stdin: ROW });
    await run('load-stats', [], { cwd, stdin: ROW, env: { ETL_STORE: 'other.db' } });
    expect(readSqlite(join(cwd, 'stats.db'))).toHaveLength(1);
    expect(readSqlite(join(cwd, 'other.db'))).toHaveLength(1);
  });

  it('keeps numbers as numbers, and what is not known as NULL', async () => {
    const cwd = await privateFolder();
    const stdin = csv(`${HEADER},p95,first`, 'attic,all,,2026-01-01T01:00:00Z,60,-0.50,21.35,1.5e1,21.4,');
    await run('load-stats', [], { cwd, stdin });
    const database = new DatabaseSync(join(cwd, 'stats.db'));
    const row = database.prepare('SELECT * FROM stats').get();
    database.close();
    expect({ ...row }).toEqual({
      sensor: 'attic',
      window: 'all',
      start: null,
      end: '2026-01-01T01:00:00Z',
      count: 60,
      min: -0.5,
      max: 21.35,
      avg: 15,
      p95: 21.4,
      first: null,
    });
  });

  it('keeps units and times of readings as text, even where they look like numbers', async () => {
    const cwd = await privateFolder();
    const stdin = csv(`${HEADER},unit,first_time,p95`, `${hourly('attic', 0)},1e3,007,21.50`);
    await run('load-stats', [], { cwd, stdin });
    expect(readSqlite(join(cwd, 'stats.db'))).toMatchObject([
      { unit: '1e3', first_time: '007', p95: '21.5' },
    ]);
  });

  it('refuses a row with a number that it would make infinite, and takes the others', async () => {
    const cwd = await privateFolder();
    const huge = hourly('huge', 0).replace('21.75', '9'.repeat(309));
    const { stderr, status } = await run('load-stats', [], { cwd, stdin: `${csv(HEADER, huge)}${ROW}` });
    expect(stderr).toContain('load-stats: stdin:2: stats.db: max is too large for a number in the database');
    expect(status).toBe(0);
    expect(readSqlite(join(cwd, 'stats.db')).map(({ sensor }) => sensor)).toEqual(['attic']);
  });

  it.runIf(sqlite3)('is read by the sqlite3 shell', async () => {
    const cwd = await privateFolder();
    const { stdout } = await shell(
      `load-stats && sqlite3 stats.db 'SELECT sensor, "end", count, avg FROM stats' 'PRAGMA journal_mode' 'PRAGMA integrity_check'`,
      { cwd, stdin: ROW },
    );
    expect(stdout).toBe('attic|2026-01-01T01:00:00Z|60|21.125\nwal\nok\n');
  });

  it('takes a file name that is special to SQLite for a file', async () => {
    const cwd = await privateFolder();
    expect(await run('load-stats', ['--to', ':memory:'], { cwd, stdin: ROW })).toMatchObject({ status: 0 });
    expect(readSqlite(join(cwd, ':memory:'))).toHaveLength(1);
  });

  it('is created by many processes at once without a loss', { tags: 'sized' }, async () => {
    const count = sized(10, 30);
    const cwd = await privateFolder();
    const ends = await Promise.all(
      Array.from({ length: count }, (_, at) =>
        run('load-stats', ['--wait', '50s'], { cwd, stdin: csv(HEADER, hourly(`s${at}`, 0)) }),
      ),
    );
    expect(ends.map(({ status, stderr }) => `${status}${stderr}`)).toEqual(Array(count).fill('0'));
    expect(readSqlite(join(cwd, 'stats.db'))).toHaveLength(count);
  });

  it('gives a reader whole batches while others write', async () => {
    const { cwd, path } = await stored();
    let writing = true;
    const writers = Array.from({ length: 6 }, (_, at) => {
      const rows = Array.from({ length: 400 }, (_, hour) => hourly(`s${at}`, hour));
      return run('load-stats', ['-v', '--batch', '50', '--wait', '50s'], {
        cwd,
        stdin: csv(HEADER, ...rows),
      });
    });
    const ends = Promise.all(writers).finally(() => {
      writing = false;
    });
    const seen: string[] = [];
    const lengths: number[] = [];
    while (writing) {
      const sensors = readSqlite(path).map(({ sensor }) => sensor);
      lengths.push(sensors.length);
      for (const sensor of new Set(sensors))
        seen.push(`${sensor} ${sensors.filter((each) => each === sensor).length}`);
      await new Promise(setImmediate);
    }
    const whole = (await ends).flatMap(({ stderr }, at) => {
      let sum = 0;
      return [...stderr.matchAll(/(\d+) inserted/g)].map(([, count]) => {
        sum += Number(count);
        return `s${at} ${sum}`;
      });
    });
    expect(whole.length).toBeGreaterThanOrEqual(6 * 8);
    expect(new Set(whole)).toEqual(new Set([...whole, ...seen]));
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
    expect(readSqlite(path)).toHaveLength(2400);
  });

  it.each([
    ['a check', 'count INTEGER CHECK (count < 100)', '', 'CHECK constraint failed: count < 100'],
    ['NOT NULL', '"count" INTEGER, p95 NOT NULL', '', 'NOT NULL constraint failed: stats.p95'],
    [
      'a trigger that rolls all back',
      '"count" INTEGER',
      `CREATE TRIGGER no BEFORE INSERT ON stats WHEN new."count" > 99 BEGIN SELECT RAISE(ROLLBACK, 'too many'); END`,
      'too many',
    ],
    [
      'a foreign key at the commit',
      '"count" INTEGER, FOREIGN KEY ("count") REFERENCES counts DEFERRABLE INITIALLY DEFERRED',
      'CREATE TABLE counts (n INTEGER PRIMARY KEY); INSERT INTO counts VALUES (60)',
      'FOREIGN KEY constraint failed',
    ],
  ])('loads the good rows of a batch, and rejects one that breaks %s', async (_, columns, more, why) => {
    const all = `sensor, window, start, "end", min, max, avg, ${columns}, UNIQUE (sensor, window, "end")`;
    const { cwd, path } = await stored(`CREATE TABLE stats (${all})`, more);
    const rows = [1, 2, 3, 4, 5].map((hour) => `${hourly('attic', hour)},1`);
    const bad = `${hourly('attic', 9, 100)},`;
    const stdin = csv(`${HEADER},p95`, ...rows.slice(0, 2), bad, ...rows.slice(2));
    const words = ['--rejects', 'bad'];
    expect(await run('load-stats', words, { cwd, stdin })).toMatchObject({
      status: 0,
      stderr: `load-stats: stdin:4: stats.db: ${why}\nload-stats: 1 of 6 lines rejected: 1 refused by the store\n`,
    });
    expect(readSqlite(path)).toHaveLength(5);
    expect(await readFile(join(cwd, 'bad'), 'utf8')).toBe(csv(bad));
    expect(await run('load-stats', ['--strict'], { cwd, stdin })).toMatchObject({ status: 65 });
    expect(readSqlite(path)).toHaveLength(5);
  });

  it('refuses rows through serve-stats, which says their lines and no path', async () => {
    const { cwd, path } = await stored(
      `CREATE TABLE stats (sensor, window, start, "end", count INTEGER CHECK (count < 100), min, max, avg, UNIQUE (sensor, window, "end"))`,
    );
    const { url, post } = await serving([], { store: path });
    const rows = [hourly('attic', 1), hourly('"two\nlines"', 2, 100), hourly('attic', 3)];
    const stdin = csv(HEADER, ...rows);
    const to = `${url}api/stats`;
    const end = await run('load-stats', ['--to', to], { cwd, stdin });
    expect(end).toMatchObject({
      status: 0,
      stderr: `load-stats: stdin:3: ${to}: "CHECK constraint failed: count < 100"\nload-stats: 1 of 3 lines rejected: 1 refused by the store\n`,
    });
    expect(readSqlite(path)).toHaveLength(2);
    const rejected = [{ line: 3, error: 'CHECK constraint failed: count < 100' }];
    expect(await (await post(stdin)).json()).toEqual({ inserted: 0, replaced: 2, kept: 0, rejected });
    const all = await post(csv(HEADER, hourly('attic', 5, 100)));
    expect([all.status, await all.json()]).toEqual([
      400,
      {
        error: 'no line can be used: line 2: CHECK constraint failed: count < 100',
        rejected: [{ line: 2, error: 'CHECK constraint failed: count < 100' }],
      },
    ]);
  });

  it('is busy (75) while another process keeps it locked', async () => {
    const { cwd, path } = await stored('PRAGMA journal_mode = WAL');
    const database = new DatabaseSync(path);
    database.exec('BEGIN IMMEDIATE');
    const end = await run('load-stats', ['--wait', '200ms'], { cwd, stdin: ROW });
    expect(end).toMatchObject({
      status: 75,
      stderr: 'load-stats: stats.db: busy: another process has locked it\n',
    });
    database.exec('ROLLBACK');
    database.close();
    expect(await run('load-stats', [], { cwd, stdin: ROW })).toMatchObject({ status: 0 });
  });

  it('waits for a lock that goes away', async () => {
    const { cwd, path } = await stored();
    const database = new DatabaseSync(path);
    database.exec('BEGIN EXCLUSIVE');
    const waiting = run('load-stats', ['--wait', '50s'], { cwd, stdin: ROW });
    setTimeout(() => database.close(), 400);
    expect(await waiting).toMatchObject({ status: 0, stderr: '' });
  });

  it('refuses (69) a file that is no database, and leaves it alone', async () => {
    const cwd = await privateFolder();
    const garbage = 'temperature log\n'.repeat(100);
    await writeFile(join(cwd, 'stats.db'), garbage);
    const end = await run('load-stats', [], { cwd, stdin: ROW });
    expect(end).toMatchObject({ status: 69, stderr: 'load-stats: stats.db: file is not a database\n' });
    expect(await readFile(join(cwd, 'stats.db'), 'utf8')).toBe(garbage);
  });

  it.each([
    ['its folder is missing', 'no/such/stats.db', 'no such file or directory'],
    ['it is a folder', '.', 'directory'],
  ])('refuses (69) when %s', async (_, address, words) => {
    const end = await run('load-stats', ['--to', address], { cwd: await privateFolder(), stdin: ROW });
    expect(end.status).toBe(69);
    expect(end.stderr).toMatch(`load-stats: ${address}: `);
    expect(end.stderr).toMatch(words);
  });

  it.runIf(otherUser?.uid)('refuses (69) a folder and a database that it may not write', async () => {
    const { cwd } = await stored('CREATE TABLE other (a)');
    await chmod(cwd, 0o755);
    for (const address of ['stats.db', 'new.db', 'new.csv']) {
      const end = await run('load-stats', ['--to', address, '--wait', '1s'], {
        cwd,
        stdin: ROW,
        ...otherUser,
      });
      expect(end).toMatchObject({ status: 69, stdout: '' });
      expect(end.stderr).toMatch(`load-stats: ${address}: `);
    }
  });

  it('has an I/O error (74) when the file may not grow', async () => {
    const end = await shell('ulimit -f 4; load-stats --to st.db', { cwd: await privateFolder(), stdin: ROW });
    expect(end).toMatchObject({ status: 74, stderr: 'load-stats: st.db: disk I/O error: file too large\n' });
  });

  it('is no device (64): SQLite would leave files beside it', async () => {
    const end = await run('load-stats', ['--to', '/dev/full'], { cwd: await privateFolder(), stdin: ROW });
    expect(end).toMatchObject({ status: 64, stderr: 'load-stats: /dev/full: is not a regular file\n' });
  });

  it.each([
    [
      'lacks a column',
      'CREATE TABLE stats (sensor, window, start, "end", count, min, max)',
      'lacks column "avg"',
    ],
    [
      'has no key',
      'CREATE TABLE stats (sensor, window, start, "end", count, min, max, avg)',
      'ON CONFLICT clause does not match',
    ],
    ['is a view', 'CREATE VIEW stats AS SELECT 1 sensor', 'stats'],
  ])('refuses (69) a table stats that %s', async (_, statement, words) => {
    const { cwd } = await stored(statement);
    const end = await run('load-stats', [], { cwd, stdin: ROW });
    expect(end.status).toBe(69);
    expect(end.stderr).toMatch(words);
    expect(end.stderr).toMatch(/^load-stats: stats\.db: .*\n$/);
  });

  it('works beside other tables, and with columns named in another case', async () => {
    const { cwd, path } = await stored(
      'CREATE TABLE runs (a)',
      'CREATE TABLE stats (id INTEGER PRIMARY KEY, Sensor, Window, Start, "End", Count, Min, Max, Avg, P95 REAL, note TEXT, UNIQUE (sensor, window, "end"))',
    );
    const stdin = csv(`${HEADER},p95`, `${hourly('attic', 0)},21.5`);
    for (let times = 0; times < 2; times++)
      expect(await run('load-stats', [], { cwd, stdin })).toMatchObject({ status: 0, stderr: '' });
    expect(readSqlite(path)).toMatchObject([{ id: '1', Sensor: 'attic', P95: '21.5' }]);
  });

  // README: "Rows are upserted by (sensor, window, end), one transaction per batch, in SQLite and Postgres
  // alike."
  it('rolls a batch back as a whole', async () => {
    const { cwd, path } = await stored(
      `CREATE TABLE stats (sensor, window, start, "end", count CHECK (count < 100), min, max, avg, UNIQUE (sensor, window, "end"))`,
    );
    const stdin = csv(`${HEADER},p95`, `${hourly('attic', 1, 100)},1`);
    expect(await run('load-stats', [], { cwd, stdin })).toMatchObject({ status: 65 });
    expect(readSqlite(path)).toEqual([]);
    const database = new DatabaseSync(path);
    expect(database.prepare('PRAGMA table_info(stats)').all()).toHaveLength(8);
    database.close();
  });

  it('is not created where there is nothing to load', async () => {
    const cwd = await privateFolder();
    expect(await run('load-stats', [], { cwd })).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(await run('load-stats', [], { cwd, stdin: csv(HEADER) })).toMatchObject({ status: 0, stderr: '' });
    expect(await run('load-stats', ['--dry-run'], { cwd, stdin: ROW })).toMatchObject({
      status: 0,
      stdout: ROW,
    });
    expect(existsSync(join(cwd, 'stats.db'))).toBe(false);
  });
});
