import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ended, privateFolder, root, run, shell, start } from '../harness.ts';
import { opened } from '../tables/sqlite/rows-db.ts';

const LOG = join(root, 'test', 'data', 'access.log');
const good = { status: 0, stdout: '', stderr: '' };

describe('load-rows', () => {
  it.each([
    [['--table', 't'], 'no --to'],
    [['--to', 'rows.db'], 'no --table'],
    [['--to', 'http://localhost/x', '--table', 't'], '--to: unknown database: "http://localhost/x"'],
    [['--to', 'x.csv', '--table', 't'], '--to: unknown database: "x.csv"'],
    [['--types', 'a=number'], '--types: not COLUMN=TYPE'],
    [['--key', 'a,a'], '--key: named twice: "a"'],
    [['--key', 'a,A'], '--key: names of one column differ only in case: "a", "A"'],
    [['--types', 'a=text,A=integer'], '--types: names of one column differ only in case: "a", "A"'],
    [['--types', 'a=text,a=integer'], '--types: named twice: "a"'],
    [['-d', ';;'], '--delimiter: not one character, other than a quote, a digit, a sign and a point: ";;"'],
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

  it('says that no column has a name of --types, unless the table has it or a later line may', async () => {
    const { load } = await opened();
    const words = ['--types', 'A=text,c=decimal'];
    const stderr = 'load-rows: stdin:1: no column "c", which --types names\n';
    expect(await load('a,b\n1,x\n', ...words)).toMatchObject({ ...good, stderr });
    expect(await load('{"a":1}\n{"c":1}\n', '--alter', ...words)).toMatchObject(good);
    expect(await load('a,b\n1,x\n', ...words)).toMatchObject(good);
  });

  it('says what it did to the table with --verbose', async () => {
    const { load } = await opened();
    const told = async (...words: Parameters<typeof load>) =>
      (await load(...words)).stderr.replace(/[\d.]+ s(?: \(.*)?\n$/, '');
    const all = 'load-rows: in all: 1 taken, 1 stored, 0 rejected, ';
    expect(await told('a,b\n1,x\n', '-v')).toBe(`load-rows: table "t" created: a integer, b text\n${all}`);
    expect(await told('a,c\nx,1\n', '-v', '--alter')).toBe(
      `load-rows: table "t": column "c" added: integer\nload-rows: table "t": column "a" made wider: text\n${all}`,
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

  it.each([
    ['a CSV header', Array.from({ length: 2500 }, (_, at) => `c${at}`).join()],
    [
      'an object',
      JSON.stringify(Object.fromEntries(Array.from({ length: 11_000 }, (_, at) => [`c${at}`, at]))),
    ],
  ])('says (65) that %s has more columns than a table', async (_, line) => {
    const { load, path } = await opened();
    const { status, stderr } = await load(`${line}\n`);
    expect([status, stderr]).toEqual([
      65,
      expect.stringMatching(/^load-rows: stdin:1: \d+ columns, and a table has at most 2000\n/),
    ]);
    expect(existsSync(path)).toBe(false);
  });

  it('loads a table that is as wide as it can be', async () => {
    const { load, query } = await opened();
    const names = Array.from({ length: 2000 }, (_, at) => `c${at}`);
    const row = names.map((_, at) => at).join();
    for (let times = 0; times < 2; times++)
      expect(await load(`${names.join()}\n${row}\n`, '--key', 'c0,c1999')).toMatchObject(good);
    expect(await query('SELECT count(*), c1999 FROM t')).toEqual([[1, 1999]]);
  });

  it('rejects what brings a column too many, and loads the others', async () => {
    const { load, query } = await opened();
    const wide = (from: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`c${from + at}`, 1])));
    const { status, stderr } = await load(`${wide(0)}\n${wide(1000)}\n{"c0":1,"more":2}\n{"c1":2}\n`);
    expect([status, stderr.split('\n')[0]]).toEqual([
      0,
      'load-rows: stdin:3: 2001 columns, and a table has at most 2000',
    ]);
    expect(await query('SELECT count(*) FROM t')).toEqual([[3]]);
  });

  it('leaves nothing in the folder for temporary files when it is killed', async () => {
    const { cwd, query } = await opened();
    await mkdir(join(cwd, 'tmp'));
    const child = start('load-rows', ['--to', 'rows.db', '--table', 't', '--batch', '1000'], {
      cwd,
      env: { TMPDIR: join(cwd, 'tmp') },
    });
    const end = ended(child);
    const lines = Array.from({ length: 100_000 }, (_, at) => `${at},x\n`);
    child.stdin?.write(`a,b\n${lines.join('')}`);
    while ((await query('SELECT count(*) FROM t').catch(() => [[0]]))[0]?.[0] === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await end;
    expect(readdirSync(join(cwd, 'tmp'))).toEqual([]);
  });
});
