import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { chown, copyFile, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDatabase, transaction } from '../../src/databases/sqlite-connection.ts';
import { SqliteDatabase } from '../../src/databases/sqlite-database.ts';
import { freeStatements, takeStaleWalsAway } from '../../src/databases/sqlite-files.ts';
import { serving } from '../dashboard/serving.ts';
import { ended, privateFolder, run, shell, start, until } from '../harness.ts';
import { otherUser } from '../other-user.ts';
import { csv, HEADER, hourly, readSqlite } from '../stores/rows.ts';

const sqlite3 = spawnSync('sqlite3', ['--version']).status === 0;

const isRoot = process.getuid?.() === 0;

async function opened() {
  const folder = await privateFolder();
  const path = join(folder, 'a.db');
  const database = new SqliteDatabase(path);
  onTestFinished(() => database.close(false));
  const add = (text: string, also = () => {}) =>
    database.use((open) =>
      transaction(open, () => {
        open.exec('CREATE TABLE IF NOT EXISTS lines (text PRIMARY KEY)');
        open.prepare('INSERT INTO lines VALUES (?)').run(text);
        also();
      }),
    );
  return { folder, path, database, add, names: () => readdirSync(folder).sort() };
}

/** The lines of a database, read by nothing of ours; the database must be whole. */
function lines(path: string): string[] {
  return reading(path, (database) => {
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    return database
      .prepare('SELECT text FROM lines')
      .all()
      .map(({ text }) => text);
  });
}

function reading<Result>(path: string, work: (database: DatabaseSyncInstance) => Result): Result {
  const database = new DatabaseSync(path);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/** A database at this path with a few pages, which nobody has open. */
function makeOther(path: string): void {
  const other = openDatabase(path);
  other.exec(
    `CREATE TABLE lines (text PRIMARY KEY); INSERT INTO lines VALUES ('other'); CREATE TABLE more (a)`,
  );
  other.exec(
    'WITH RECURSIVE n (a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n LIMIT 2000) INSERT INTO more SELECT a FROM n',
  );
  other.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  other.close();
}

describe('a SQLite database', () => {
  it('is made again after it was removed', async () => {
    const { folder, path, add } = await opened();
    add('one');
    for (const name of await readdir(folder)) await rm(join(folder, name));
    add('two');
    expect(lines(path)).toEqual(['two']);
  });

  it('is the one that has taken its place, and lays no old WAL over it', async () => {
    const { folder, path, add } = await opened();
    for (const text of ['one', 'two', 'three']) add(text);
    makeOther(join(folder, 'new.db'));
    await rename(path, join(folder, 'old.db'));
    await rename(join(folder, 'new.db'), path);
    add('four');
    expect(lines(path)).toEqual(['other', 'four']);
    expect(lines(join(folder, 'old.db'))).toEqual(['one', 'two', 'three']);
  });

  it.each(['before its end', 'at its end'])('does work again when it was replaced %s', async (when) => {
    const { folder, path, database, add } = await opened();
    add('one');
    makeOther(join(folder, 'new.db'));
    let times = 0;
    const replace = () => {
      times += 1;
      if (times === 1) renameSync(join(folder, 'new.db'), path);
    };
    if (when === 'before its end') add('two', replace);
    else
      database.use((open) => {
        transaction(open, () => open.exec(`INSERT INTO lines VALUES ('two')`));
        replace();
      });
    expect(times).toBe(2);
    expect(lines(path)).toEqual(['other', 'two']);
  });

  it('lets no old WAL lie in its place as soon as the system tells of the change', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { folder, path, add } = await opened();
    add('old');
    vi.advanceTimersByTime(500);
    makeOther(join(folder, 'other.db'));
    renameSync(join(folder, 'other.db'), path);
    await until(() => !existsSync(`${path}-wal`), 'the old WAL is gone');
    expect(lines(path)).toEqual(['other']);
  });

  it('is the target of a link, also when the link leads elsewhere', async () => {
    const { folder, path, add } = await opened();
    await symlink('first.db', path);
    add('one');
    await rm(path);
    await symlink('second.db', path);
    add('two');
    expect(lines(join(folder, 'first.db'))).toEqual(['one']);
    expect(lines(join(folder, 'second.db'))).toEqual(['two']);
  });

  it('keeps the WAL of a database that others have open by another name', async () => {
    const { folder, path, add } = await opened();
    const first = new SqliteDatabase(join(folder, 'first.db'));
    onTestFinished(() => first.close(false));
    await symlink('first.db', path);
    add('one');
    first.use((open) => open.exec(`INSERT INTO lines VALUES ('two')`));
    await rm(path);
    await symlink('second.db', path);
    add('three');
    first.use((open) => open.exec(`INSERT INTO lines VALUES ('four')`));
    expect(existsSync(join(folder, 'first.db-wal'))).toBe(true);
    expect(lines(join(folder, 'first.db'))).toEqual(['one', 'two', 'four']);
  });

  it('loses nothing when it was elsewhere for a moment', async () => {
    const { folder, path, add } = await opened();
    add('one');
    const other = new SqliteDatabase(path);
    onTestFinished(() => other.close(false));
    other.use((open) => open.exec(`INSERT INTO lines VALUES ('two')`));
    await rename(path, join(folder, 'moved.db'));
    takeStaleWalsAway();
    await rename(join(folder, 'moved.db'), path);
    add('three');
    other.use((open) => open.exec(`INSERT INTO lines VALUES ('four')`));
    expect(lines(path)).toEqual(['one', 'two', 'three', 'four']);
  });

  it('is not left behind when no work has succeeded', async () => {
    const { database, names } = await opened();
    expect(() =>
      database.use(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(names()).toContain('a.db');
    await database.close(false);
    expect(names()).toEqual([]);
  });

  it('is left alone when it was there before, or somebody else has stored something', async () => {
    const { path, database, names } = await opened();
    await writeFile(path, '');
    const fail = () =>
      expect(() =>
        database.use(() => {
          throw new Error('no');
        }),
      ).toThrow('no');
    fail();
    await database.close(false);
    expect(names()).toEqual(['a.db']);
    await rm(path);
    fail();
    reading(path, (other) => other.exec('CREATE TABLE lines (text)'));
    await database.close(false);
    expect(names()).toContain('a.db');
    expect(lines(path)).toEqual([]);
  });
});

describe.each(['TRUNCATE', 'WAL'] as const)('a new database with a journal %s', (journal) => {
  it('is not left behind either', async () => {
    const folder = await privateFolder();
    const database = new SqliteDatabase(join(folder, 'a.db'), (path) => openDatabase(path, journal));
    const work = (open: DatabaseSyncInstance) =>
      transaction(open, () => {
        open.exec('CREATE TABLE lines (text)');
        throw new Error('no');
      });
    expect(() => database.use(work)).toThrow('no');
    await database.close(false);
    expect(await readdir(folder)).toEqual([]);
  });
});

const row = (sensor: string) => csv(HEADER, hourly(sensor, 0));
const sensorsOf = (path: string) => readSqlite(path).map(({ sensor }) => sensor);

async function remove(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(`${path}${suffix}`, { force: true });
}

/** A tool that loads what it is given line by line, and the names in its table. */
const streams = [
  {
    tool: 'load-stats',
    words: ['--to', 's.db'],
    first: HEADER,
    line: (name: string) => hourly(name, 0),
    sql: 'SELECT sensor AS name FROM stats',
  },
  {
    tool: 'load-rows',
    words: ['--to', 's.db', '--table', 'rows', '--linger', '10ms'],
    first: 'name,value',
    line: (name: string) => `${name},1`,
    sql: 'SELECT name FROM rows',
  },
];

describe.each(streams)('$tool, while it streams', ({ tool, words, first, line, sql }) => {
  async function streaming() {
    const cwd = await privateFolder();
    const path = join(cwd, 's.db');
    const child = start(tool, words, { cwd });
    const end = ended(child);
    const names = async (at = path): Promise<string[]> => {
      try {
        return reading(at, (database) => database.prepare(sql).all()).map(({ name }) => String(name));
      } catch {
        return [];
      } finally {
        // Else this process would keep the database open.
        await freeStatements();
      }
    };
    const add = async (name: string) => {
      child.stdin?.write(`${line(name)}\n`);
      while (!existsSync(path) || !(await names()).includes(name)) await sleep(5);
    };
    child.stdin?.write(`${first}\n`);
    return { cwd, path, child, end, names, add };
  }

  it('loads into what its path leads to', async () => {
    const { cwd, path, child, end, names, add } = await streaming();
    await add('a');
    await remove(path);
    await add('b');
    expect(await names()).toEqual(['b']);
    const other = csv(first, line('x'), line('y'));
    await run(tool, words.with(1, 'new.db'), { cwd, stdin: other });
    await rename(path, join(cwd, 'old.db'));
    await rename(join(cwd, 'new.db'), path);
    await add('c');
    child.stdin?.end();
    expect(await end).toMatchObject({ status: 0, stderr: '' });
    expect((await names()).sort()).toEqual(['c', 'x', 'y']);
    expect(await names(join(cwd, 'old.db'))).toEqual(['b']);
    expect((await readdir(cwd)).sort()).toEqual(['old.db', 's.db']);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('leaves one file at %s', async (signal) => {
    const { cwd, child, end, add, names, path } = await streaming();
    await add('a');
    child.kill(signal);
    expect(await end).toMatchObject({ signal });
    expect(await readdir(cwd)).toEqual(['s.db']);
    expect(await names(path)).toEqual(['a']);
  });
});

describe('serve-stats', () => {
  it('answers 200 only for rows that are in what its path leads to', async () => {
    const { store, post, json } = await serving();
    const folder = dirname(store);
    expect((await post(row('a'))).status).toBe(200);
    await remove(store);
    expect((await post(row('b'))).status).toBe(200);
    expect(sensorsOf(store)).toEqual(['b']);
    const names = Array.from({ length: 50 }, (_, at) => `x${at}`);
    const stdin = csv(HEADER, ...names.map((name) => hourly(name, 0)));
    await run('load-stats', ['--to', 'new.db'], { cwd: folder, stdin });
    await rename(join(folder, 'new.db'), store);
    expect((await post(row('c'))).status).toBe(200);
    expect(sensorsOf(store)).toEqual([...names, 'c'].sort());
    expect(JSON.stringify(await json('/api/sensors'))).toContain('"c"');
  });

  it('lets no old WAL lie over a database that is put in its place while nobody posts', async () => {
    const { store, post } = await serving();
    const folder = dirname(store);
    await post(row('a'));
    await run('load-stats', ['--to', 'new.db'], { cwd: folder, stdin: row('x') });
    const wal = () => statSync(`${store}-wal`, { throwIfNoEntry: false })?.ino;
    const old = wal();
    await rename(store, join(folder, 'old.db'));
    await rename(join(folder, 'new.db'), store);
    await until(() => wal() !== old, 'the old WAL is gone');
    await run('load-stats', ['--to', store], { stdin: row('y') });
    expect(sensorsOf(store)).toEqual(['x', 'y']);
    expect(sensorsOf(join(folder, 'old.db'))).toEqual(['a']);
  });

  it.runIf(existsSync('/proc/locks'))(
    'is waited for by others until it has taken its WAL away from a database that was put in its place',
    async () => {
      const { store, child, post } = await serving();
      const folder = dirname(store);
      await post(row('a'));
      await run('load-stats', ['--to', 'new.db'], { cwd: folder, stdin: row('x') });
      child.kill('SIGSTOP');
      await rename(store, join(folder, 'old.db'));
      await rename(join(folder, 'new.db'), store);
      const load = (wait: string) => run('load-stats', ['--to', store, '--wait', wait], { stdin: row('y') });
      expect(await load('100ms')).toMatchObject({ status: 75, stderr: expect.stringContaining('busy') });
      child.kill('SIGCONT');
      expect(await load('10s')).toMatchObject({ status: 0, stderr: '' });
      expect((await post(row('z'))).status).toBe(200);
      expect(sensorsOf(store)).toEqual(['x', 'y', 'z']);
      expect(sensorsOf(join(folder, 'old.db'))).toEqual(['a']);
    },
  );

  it.runIf(isRoot && otherUser !== undefined && existsSync('/proc/locks'))(
    'is not locked out by empty files of a process of root that was killed',
    async () => {
      const folder = await privateFolder();
      const uid = otherUser?.uid ?? 0;
      const load = (sensor: string) => run('load-stats', [], { cwd: folder, uid, stdin: row(sensor) });
      await chown(folder, uid, uid);
      expect(await load('a')).toMatchObject({ status: 0 });
      for (const suffix of ['-wal', '-shm']) await writeFile(join(folder, `stats.db${suffix}`), '');
      expect(await load('b')).toMatchObject({ status: 0, stderr: '' });
      expect(await readdir(folder)).toEqual(['stats.db']);
      expect(sensorsOf(join(folder, 'stats.db'))).toEqual(['a', 'b']);
    },
  );

  it('leaves one file that can be copied, whoever wrote last', async () => {
    const { store, child, end, post, json } = await serving();
    const folder = dirname(store);
    await post(row('a'));
    await json('/api/sensors');
    await run('load-stats', ['--to', store], { stdin: row('b') });
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ signal: 'SIGTERM', stderr: '' });
    expect(await readdir(folder)).toEqual(['stats.db']);
    await copyFile(store, join(folder, 'copy.db'));
    expect(sensorsOf(join(folder, 'copy.db'))).toEqual(['a', 'b']);
  });

  it('tidies up after one that was killed', async () => {
    const first = await serving();
    await first.post(row('a'));
    first.child.kill('SIGKILL');
    await first.end;
    expect(existsSync(`${first.store}-wal`)).toBe(true);
    const { child, end, json } = await serving([], { store: first.store });
    await json('/api/sensors');
    child.kill('SIGTERM');
    await end;
    expect(await readdir(dirname(first.store))).toEqual(['stats.db']);
    expect(sensorsOf(first.store)).toEqual(['a']);
  });
});

describe('plot-stats', () => {
  it('leaves nothing beside the store that it reads', async () => {
    const cwd = await privateFolder();
    await run('load-stats', [], { cwd, stdin: row('a') });
    expect(await run('plot-stats', ['stats.db'], { cwd })).toMatchObject({ status: 0, stderr: '' });
    expect(await readdir(cwd)).toEqual(['stats.db']);
  });
});

describe.runIf(sqlite3)('the README', () => {
  it('says how to make a backup while it runs, and how to restore it', async () => {
    const { store, post, json } = await serving();
    const cwd = dirname(store);
    await post(row('a'));
    const backup = await shell(`sqlite3 stats.db '.backup backup.db'`, { cwd });
    expect(backup).toMatchObject({ status: 0, stderr: '' });
    await post(row('b'));
    const restore = await shell(`sqlite3 stats.db '.restore backup.db'`, { cwd });
    expect(restore).toMatchObject({ status: 0, stderr: '' });
    expect(sensorsOf(store)).toEqual(['a']);
    expect(JSON.stringify(await json('/api/sensors'))).not.toContain('"b"');
    await post(row('c'));
    expect(sensorsOf(store)).toEqual(['a', 'c']);
  });
});

describe('a load that failed', () => {
  it.each([
    ['load-stats', ['--to', 'none.db'], csv(HEADER, hourly('a', 0), hourly('b', 0))],
    ['load-rows', ['--to', 'none.db', '--table', 't'], csv('a,b', '1,2')],
  ])('leaves no empty store: %s', async (tool, words, stdin) => {
    const cwd = await privateFolder();
    // A limit that leaves no room for a table.
    const command = `ulimit -f 4; exec ${tool} ${words.join(' ')}`;
    const { status, stderr } = await shell(command, { cwd, stdin, env: { TMPDIR: cwd } });
    expect([status, stderr.split('\n').length]).toEqual([74, 2]);
    expect(await readdir(cwd)).toEqual([]);
  });
});

it('leaves a database in which others are at work', async () => {
  const cwd = await privateFolder();
  const runs = Array.from({ length: 8 }, (_, at) => run('load-stats', [], { cwd, stdin: row(`s${at}`) }));
  for (const end of await Promise.all(runs)) expect(end).toMatchObject({ status: 0 });
  await sleep(0);
  expect(sensorsOf(join(cwd, 'stats.db'))).toHaveLength(8);
  expect((await readFile(join(cwd, 'stats.db'))).length).toBeGreaterThan(4096);
});
