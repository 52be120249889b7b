import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import { ended, privateFolder, root as project, run, shell, start } from '../harness.ts';

const root = process.getuid?.() === 0;
const LOG = join(project, 'test', 'data', 'access.log');
const good = { status: 0, stdout: '', stderr: '' };

async function opened(...statements: string[]) {
  const cwd = await privateFolder();
  const path = join(cwd, 'rows.db');
  if (statements.length > 0) await sql(path, ...statements);
  const load = (stdin: string | Buffer, ...words: string[]) =>
    run('load-rows', ['--to', 'rows.db', '--table', 't', ...words], { cwd, stdin });
  return { cwd, path, load, query: (text: string) => sql(path, text) };
}

/** The answer to the last statement. */
async function sql(path: string, ...statements: string[]): Promise<unknown[][]> {
  const database = new DatabaseSync(path, { timeout: 10_000 });
  try {
    const answers = statements.map((text) => database.prepare(text).all());
    return (answers.at(-1) ?? []).map((row) => Object.values(row));
  } finally {
    database.close();
  }
}

describe('load-rows', () => {
  it.each([
    [['--table', 't'], 'no --to'],
    [['--to', 'rows.db'], 'no --table'],
    [['--to', 'http://localhost/x', '--table', 't'], '--to: unknown database: "http://localhost/x"'],
    [['--to', 'x.csv', '--table', 't'], '--to: unknown database: "x.csv"'],
    [['--types', 'a=number'], '--types: not COLUMN=TYPE'],
    [['--key', 'a,a'], '--key: named twice: "a"'],
    [['-d', ';;'], '--delimiter: not one character'],
  ])('refuses %j', async (words, message) => {
    const end = await run('load-rows', words, { cwd: await privateFolder() });
    expect(end).toMatchObject({ status: 64, stdout: '' });
    expect(end.stderr).toContain(`load-rows: ${message}`);
  });

  it('reads several files, each with its own header, packed or not', async () => {
    const { cwd, load, query } = await opened();
    await writeFile(join(cwd, 'a.csv'), 'a,b\n1,x\n');
    await writeFile(join(cwd, 'b.json'), '{"b":"y","a":2}\n');
    await shell(`printf 'b,a\\nz,3\\n' | gzip > c.gz`, { cwd });
    expect(await load('b;a\nw;4\n', 'a.csv', 'b.json', 'c.gz')).toMatchObject(good);
    expect(await load('b;a\nw;4\n', '-d', ';', '-')).toMatchObject(good);
    expect(await query('SELECT a, b FROM t ORDER BY a')).toEqual([
      [1, 'x'],
      [2, 'y'],
      [3, 'z'],
      [4, 'w'],
    ]);
  });

  it('loads what it read before a file that is missing (66)', async () => {
    const { cwd, load, query } = await opened();
    await writeFile(join(cwd, 'a.csv'), 'a\n1\n');
    expect(await load('', 'a.csv', 'nope')).toMatchObject({
      status: 66,
      stderr: 'load-rows: nope: no such file or directory\n',
    });
    expect(await query('SELECT a FROM t')).toEqual([[1]]);
  });

  it('says at once that a batch failed, though the input is silent', async () => {
    const { cwd } = await opened('CREATE VIEW t AS SELECT 1 a');
    const child = start('load-rows', ['--to', 'rows.db', '--table', 't', '--linger', '10ms'], { cwd });
    const end = ended(child);
    child.stdin?.write('a\n1\n');
    expect(await end).toMatchObject({ status: 69, stderr: expect.stringContaining('view') });
  });

  it('prints what it would load, and touches nothing, with --dry-run', async () => {
    const { cwd, load } = await opened();
    const stdin = 'a,t,q\n"1",2026-11-21T12:04:00+02:00,"x, ""y"""\n,,""\n';
    expect(await load(stdin, '--dry-run')).toMatchObject({
      status: 0,
      stdout: 'a,t,q\n1,2026-11-21T10:04:00Z,"x, ""y"""\n,,""\n',
    });
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('keeps rejected lines as they came, and ends with 65 when asked to', async () => {
    const { cwd, load, query } = await opened();
    const stdin = 'a,b\n1,2\n3\n"x""y",4,5\n';
    const end = await load(stdin, '--rejects', 'bad', '--strict');
    expect(end.status).toBe(65);
    expect(end.stderr).toContain('2 of 3 lines rejected: 2 of the wrong length\n');
    expect(await readFile(join(cwd, 'bad'), 'utf8')).toBe('3\n"x""y",4,5\n');
    expect(await query('SELECT a, b FROM t')).toEqual([[1, 2]]);
  });

  it('says what it did to the table with --verbose', async () => {
    const { load } = await opened();
    expect((await load('a,b\n1,x\n', '-v')).stderr).toBe('load-rows: table "t" created: a integer, b text\n');
    expect((await load('a,c\nx,1\n', '-v', '--alter')).stderr).toBe(
      'load-rows: table "t": column "c" added: integer\nload-rows: table "t": column "a" made wider: text\n',
    );
  });

  it('is not created where there is nothing to load', async () => {
    const { load, path } = await opened();
    for (const stdin of ['', '\n', 'a,b\n']) expect(await load(stdin)).toMatchObject(good);
    expect(existsSync(path)).toBe(false);
  });

  it('takes a log through parse-log', async () => {
    const { cwd, query } = await opened();
    const command = `parse-log '${LOG}' | load-rows --to rows.db --table t`;
    expect(await shell(command, { cwd })).toMatchObject(good);
    const count = 'SELECT count(*), typeof(bytes), typeof(user) FROM t WHERE status = 200 AND bytes > 0';
    expect(await query(count)).toEqual([[6, 'integer', 'null']]);
    expect(await query(`SELECT path FROM t WHERE "time" = '2026-11-21T10:00:09Z'`)).toEqual([
      ['/search?q=Küche'],
    ]);
  });
});

describe('load-rows into SQLite', () => {
  it('declares types that the next run knows, and stores what they say', async () => {
    const { load, query } = await opened();
    const stdin =
      'i,r,t,b,x\n9223372036854775807,21.50,2026-11-21T12:04:00.5+02:00,TRUE,0.1234567890123456789\n';
    for (let times = 0; times < 2; times++)
      expect(await load(stdin, '-v')).toMatchObject({
        stderr: times === 0 ? expect.stringContaining('created') : '',
      });
    expect(await query(`SELECT name, type FROM pragma_table_info('t')`)).toEqual([
      ['i', 'INTEGER'],
      ['r', 'REAL'],
      ['t', 'TIMESTAMP'],
      ['b', 'BOOLEAN'],
      ['x', 'TEXT'],
    ]);
    expect(await query('SELECT DISTINCT CAST(i AS TEXT), r, t, b, x FROM t')).toEqual([
      ['9223372036854775807', 21.5, '2026-11-21T10:04:00.500Z', 1, '0.1234567890123456789'],
    ]);
  });

  it('loses no digit of a long whole number when its column must hold decimals', async () => {
    const { load, query } = await opened();
    await load('n\n9007199254740993\n');
    expect(await load('n\n1.5\n')).toMatchObject(good);
    expect(await query('SELECT n FROM t')).toEqual([['9007199254740993'], ['1.5']]);
  });

  it('keeps indexes, triggers and views when a column is made wider', async () => {
    const { load, query, path } = await opened();
    await load('n,s\n1,a\n', '--key', 's');
    await sql(
      path,
      'CREATE INDEX by_n ON t (n)',
      'CREATE TABLE seen (s)',
      'CREATE TRIGGER note AFTER INSERT ON t BEGIN INSERT INTO seen VALUES (new.s); END',
      'CREATE VIEW v AS SELECT n FROM t',
    );
    expect(await load('n,s,"m, "\nx,b,7\n', '--key', 's', '--alter')).toMatchObject(good);
    expect(await load('n,s,"m, "\ny,c,z\n', '--key', 's')).toMatchObject(good);
    expect(await query('SELECT s FROM seen ORDER BY s')).toEqual([['b'], ['c']]);
    expect(await query('SELECT n FROM v ORDER BY n')).toEqual([['1'], ['x'], ['y']]);
    expect(await query(`SELECT name FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name`)).toEqual([
      ['by_n'],
      ['note'],
      ['seen'],
      ['t'],
      ['v'],
    ]);
  });

  it('works with a table of others, but does not make it wider', async () => {
    const { load, query } = await opened(
      "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, Name VARCHAR(20) CHECK (name <> 'no'), size INT DEFAULT 3)",
    );
    expect(await load('name\na\n')).toMatchObject(good);
    expect(await load('name,size\nb,big\n')).toMatchObject({
      status: 69,
      stderr:
        'load-rows: rows.db: table "t": it was not created by load-rows, so its columns are not made wider; see --on-mismatch reject\n',
    });
    expect((await load('name,size\nb,big\nc,4\n', '--on-mismatch', 'reject')).status).toBe(0);
    expect((await load('name\nd\nno\n')).status).toBe(69);
    expect(await query('SELECT * FROM t')).toEqual([
      [1, 'a', 3],
      [2, 'c', 4],
    ]);
  });

  it('waits for a lock that goes away, and is busy (75) when it does not', async () => {
    const { load, path } = await opened('PRAGMA journal_mode = WAL');
    const database = new DatabaseSync(path);
    database.exec('BEGIN IMMEDIATE');
    expect(await load('a\n1\n', '--wait', '200ms')).toMatchObject({
      status: 75,
      stderr: 'load-rows: rows.db: busy: another process has locked it\n',
    });
    const waiting = load('a\n1\n', '--wait', '50s');
    setTimeout(() => database.close(), 300);
    expect(await waiting).toMatchObject(good);
  });

  it('leaves nothing in the folder for temporary files', async () => {
    const { cwd } = await opened();
    await mkdir(join(cwd, 'tmp'));
    const command = `printf 'a\\n1\\n' | TMPDIR=$PWD/tmp load-rows --to rows.db --table t && ls tmp`;
    expect(await shell(command, { cwd })).toMatchObject(good);
    const end = await shell(`printf 'a\\n1\\n' | TMPDIR=$PWD/nope load-rows --to rows.db --table t`, { cwd });
    expect(end).toMatchObject({ status: 74 });
    expect(end.stderr).toMatch(/nope: no such file or directory\n$/);
  });

  it('refuses (69) what is no database, a view, and a folder that is not there', async () => {
    const { cwd, load } = await opened('CREATE VIEW t AS SELECT 1 a');
    expect((await load('a\n1\n')).status).toBe(69);
    await writeFile(join(cwd, 'text.db'), 'no database\n'.repeat(100));
    for (const address of ['text.db', 'no/such.db']) {
      const end = await run('load-rows', ['--to', address, '--table', 't'], { cwd, stdin: 'a\n1\n' });
      expect(end).toMatchObject({ status: 69, stdout: '' });
    }
  });

  it.runIf(root)('refuses (69) a database that it may not write', async () => {
    const { cwd } = await opened('CREATE TABLE other (a)');
    await chmod(cwd, 0o755);
    const words = ['--to', 'rows.db', '--table', 't', '--wait', '1s'];
    expect(await run('load-rows', words, { cwd, stdin: 'a\n1\n', uid: 65534 })).toMatchObject({ status: 69 });
  });

  const canLimit = spawnSync('bash', ['-c', 'ulimit -f 1000']).status === 0;
  it.runIf(canLimit)('has an I/O error (74) on a full disk, and holds whole batches', async () => {
    const { cwd, query } = await opened();
    const rows = `seq 200000 | sed '1s/.*/a/'`;
    const load = 'load-rows --to rows.db --table t --batch 10000';
    const { status, stderr } = await shell(`trap '' XFSZ; ulimit -f 1000; ${rows} | ${load}`, { cwd });
    expect([status, stderr.split('\n').length]).toEqual([74, 2]);
    const [[count] = []] = await query('SELECT count(*) FROM t');
    expect(Number(count) % 10_000).toBe(0);
    expect(await query('PRAGMA integrity_check')).toEqual([['ok']]);
  });
});
