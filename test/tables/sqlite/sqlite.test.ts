import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import { run, shell } from '../../harness.ts';
import { otherUser } from '../../other-user.ts';
import { opened, sql } from './rows-db.ts';

const good = { status: 0, stdout: '', stderr: '' };

describe('load-rows into SQLite', () => {
  it('declares types that the next run knows, and stores what they say', async () => {
    const { load, query } = await opened();
    const stdin =
      'i,r,t,b,x\n9223372036854775807,21.50,2026-11-21T12:04:00.5+02:00,TRUE,0.1234567890123456789\n';
    for (let times = 0; times < 2; times++)
      expect(await load(stdin, '-v')).toMatchObject({
        stderr: expect.stringMatching(
          times === 0 ? / created: / : /^load-rows: in all: 1 taken, 1 stored, 0 rejected, [\d.]+ s.*\n$/,
        ),
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
    expect((await load('n\n1.50\n')).stderr).toBe('load-rows: table "t": column "n" made wider: text\n');
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
    expect((await load('n,s,"m, "\nx,b,7\n', '--key', 's', '--alter')).status).toBe(0);
    expect((await load('n,s,"m, "\ny,c,z\n', '--key', 's')).status).toBe(0);
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
    expect(await load('name\nno\n', '--on-mismatch', 'reject')).toMatchObject({
      status: 65,
      stderr: expect.stringContaining("stdin:2: CHECK constraint failed: name <> 'no'\n"),
    });
    expect(await query('SELECT * FROM t')).toEqual([
      [1, 'a', 3],
      [2, 'c', 4],
    ]);
  });

  it('rejects each row that the table refuses, whatever its reason, and loads the others', async () => {
    const { cwd, load, query } = await opened(
      'CREATE TABLE parent (i INTEGER PRIMARY KEY)',
      'INSERT INTO parent VALUES (1)',
      `CREATE TABLE t (n INTEGER PRIMARY KEY, positive CHECK (positive > 0), needed NOT NULL, one UNIQUE ON CONFLICT FAIL,
        p REFERENCES parent) STRICT`.replaceAll(/ (positive|needed|one|p) /g, ' $1 INT '),
      `CREATE TRIGGER small BEFORE INSERT ON t WHEN new.n > 1000 BEGIN SELECT RAISE(ABORT, 'too large'); END`,
    );
    const rows = [
      '1,1,1,1,1',
      '2,0,1,,',
      '3,1,,,',
      '4,1,1,1,',
      '5,1,1,,2',
      '1001,1,1,,',
      '1,1,1,,',
      '7,1,1,7,1',
    ];
    const end = await load(`n,positive,needed,one,p\n${rows.join('\n')}\n`, '--rejects', 'bad', '-v');
    expect(end.stderr.split('\n')).toEqual([
      'load-rows: stdin:3: CHECK constraint failed: positive > 0',
      'load-rows: stdin:4: NOT NULL constraint failed: t.needed',
      'load-rows: stdin:5: UNIQUE constraint failed: t.one',
      'load-rows: stdin:6: FOREIGN KEY constraint failed',
      'load-rows: stdin:7: too large',
      'load-rows: stdin:8: UNIQUE constraint failed: t.n',
      'load-rows: 6 of 8 lines rejected: 6 refused by the table',
      expect.stringMatching(/^load-rows: in all: 8 taken, 2 stored, 6 rejected, [\d.]+ s/),
      '',
    ]);
    expect(readFileSync(join(cwd, 'bad'), 'utf8')).toBe(`${rows.slice(1, -1).join('\n')}\n`);
    expect(await query('SELECT n FROM t')).toEqual([[1], [7]]);
  });

  it('keeps rejected records as they came, with quotes, line breaks and all members', async () => {
    const { cwd, load } = await opened('CREATE TABLE t (n INTEGER PRIMARY KEY, s)');
    await load('n,s\n1,"a ""b""\nc"\n1,"""d"""\n2,"e\r\n"\n2,\n', '--rejects', 'bad', '-d', ',');
    await load('{"n":3}\n{"n":3, "s":"f"}\n', '--rejects', 'bad');
    expect(readFileSync(join(cwd, 'bad'), 'utf8')).toBe('1,"""d"""\n2,\n{"n":3, "s":"f"}\n');
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

  it.runIf(otherUser?.uid)('refuses (69) a database that it may not write', async () => {
    const { cwd } = await opened('CREATE TABLE other (a)');
    await chmod(cwd, 0o755);
    const words = ['--to', 'rows.db', '--table', 't', '--wait', '1s'];
    expect(await run('load-rows', words, { cwd, stdin: 'a\n1\n', ...otherUser })).toMatchObject({
      status: 69,
    });
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
