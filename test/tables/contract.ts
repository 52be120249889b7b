/** The contract of all tables: in process, or as a program where concurrency or abrupt ends matter. */

import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import loadRows from '../../src/tools/load-rows.ts';
import { ended, run, start, until } from '../harness.ts';
import { runHere } from '../in-process.ts';

export interface OpenedDatabase {
  readonly address: string;
  readonly env?: Record<string, string>;
  /** The rows of a query, with values as text; null is "NULL". */
  query(sql: string): Promise<string[][]> | string[][];
}

const good = { status: 0, stdout: '', stderr: '' };

/** @param lacking names of tests whose promise this database cannot keep, as its driver documents */
export function tableContract(
  name: string,
  open: () => Promise<OpenedDatabase>,
  lacking: readonly string[] = [],
): void {
  describe(`table: ${name}`, () => {
    beforeEach(({ skip, task }) => {
      const [, family = task.name] = /^(.*?): /.exec(task.name) ?? [];
      if (lacking.includes(task.name) || lacking.includes(family)) skip();
    });

    async function opened() {
      const { address, query, env = {} } = await open();
      const words = (more: readonly string[]) => ['--to', address, '--table', 't', ...more];
      const load = (stdin: string, ...more: string[]) => runHere(loadRows, words(more), { stdin, env });
      /** In a separate process, for concurrent loads. */
      const loadBeside = (stdin: string, ...more: string[]) =>
        run('load-rows', [...words(more), '--wait', '50s'], { stdin, env });
      const begin = (...more: string[]) => start('load-rows', words(more), { env });
      const rows = (columns = '*') => query(`SELECT ${columns} FROM t ORDER BY 1`);
      return { address, query, load, loadBeside, begin, rows };
    }

    it('is created by what the rows look like', async () => {
      const { load, query, rows } = await opened();
      const line = '1,21.50,2026-11-21T12:04:00+02:00,true,007,küche 🌡\n';
      expect(await load(`n,d,t,b,z,s\n${line}2,,,,,\n`)).toMatchObject(good);
      expect(await rows('n, d + 1, z, s')).toEqual([
        ['1', expect.stringMatching(/^22\.50?$/), '007', 'küche 🌡'],
        ['2', 'NULL', 'NULL', 'NULL'],
      ]);
      expect(await query('SELECT n FROM t WHERE b')).toEqual([['1']]);
      expect(await query(`SELECT n FROM t WHERE t = '2026-11-21T10:04:00Z'`)).toEqual([['1']]);
    });

    it('knows NULL from empty text, and keeps what is special', async () => {
      const { load, rows } = await opened();
      const special = ['\t\\N\\', 'two\nlines', 'two\r\nlines', '\\.', `'); DROP TABLE t; --`, '"', '{}'];
      const lines = special.map((text, at) => `${at + 2},"${text.replaceAll('"', '""')}"\n`);
      expect(await load(`n,s\n0,\n1,""\n${lines.join('')}`)).toMatchObject(good);
      expect((await rows()).map(([, text]) => text)).toEqual(['NULL', '', ...special]);
    });

    it('takes names of any kind', async () => {
      const { address, query } = await open();
      const names = ['select', 'Größe', 'a "b"', `it's; --`, ' x y '];
      const stdin = `${names.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')}\n1,2,3,4,5\n`;
      for (let times = 0; times < 2; times++)
        expect(await runHere(loadRows, ['--to', address, '--table', 'Order "by"'], { stdin })).toMatchObject(
          good,
        );
      expect(
        await query('SELECT "select", "Größe", "a ""b""", "it\'s; --", "x y" FROM "Order ""by"""'),
      ).toEqual(Array(2).fill(['1', '2', '3', '4', '5']));
    });

    it('takes a column that differs in case only for the same', async () => {
      const { load, rows } = await opened();
      await load('Name,n\na,1\n');
      expect(await load('name,N\nb,2\n')).toMatchObject(good);
      expect(await rows()).toEqual([
        ['a', '1'],
        ['b', '2'],
      ]);
    });

    it('replaces by key, the last row of a key first and last', async () => {
      const { load, rows } = await opened();
      expect(await load('k,l,v\na,1,one\nb,1,two\na,1,three\n', '--key', 'k,l')).toMatchObject(good);
      expect(await load('v,l,k\nfour,1,b\nfive,2,b\n', '--key', 'k,l')).toMatchObject(good);
      expect(await rows()).toEqual([
        ['a', '1', 'three'],
        ['b', '1', 'four'],
        ['b', '2', 'five'],
      ]);
    });

    it('leaves columns alone that a row with a stored key does not have', async () => {
      const { load, rows } = await opened();
      await load('k,a,b\n1,x,y\n', '--key', 'k');
      await load('k,b\n1,z\n', '--key', 'k');
      await load('k\n1\n2\n', '--key', 'k');
      expect(await rows()).toEqual([
        ['1', 'x', 'z'],
        ['2', 'NULL', 'NULL'],
      ]);
    });

    it('rejects a row whose key is empty', async () => {
      const { load, rows } = await opened();
      const { status, stderr } = await load('k,a\n,x\n1,y\n', '--key', 'k');
      expect([status, stderr]).toEqual([
        0,
        'load-rows: stdin:2: key column "k" is empty\nload-rows: 1 of 2 lines rejected: 1 without a key\n',
      ]);
      expect(await rows()).toEqual([['1', 'y']]);
    });

    it('refuses (69) a key that the table does not have', async () => {
      const { load } = await opened();
      await load('k,a\n1,x\n');
      expect(await load('k,a\n1,y\n', '--key', 'k')).toMatchObject({ status: 69 });
    });

    it.each([
      ['integer to decimal', ['1', '2.5'], ['1', '2.5']],
      ['integer to text', ['12', 'x'], ['12', 'x']],
      ['decimal to text', ['1.5', 'x'], ['1.5', 'x']],
      ['boolean to text', ['true', 'maybe'], ['true', 'maybe']],
      ['timestamp to text', ['2026-11-21T10:04:00Z', 'x'], ['2026-11-21T10:04:00Z', 'x']],
      ['number to text by a leading zero', ['7', '007'], ['7', '007']],
    ])('makes a column wider: %s', async (_, values, stored) => {
      for (const more of [[], ['--batch', '1']]) {
        const { load, rows } = await opened();
        const lines = values.map((value, at) => `${at},${value}\n`);
        const texts = more.length > 0 ? [lines.join('')] : lines;
        let said = '';
        for (const text of texts) {
          const { status, stderr } = await load(`n,x\n${text}`, ...more);
          expect(status).toBe(0);
          said += stderr;
        }
        expect(said).toMatch(/^load-rows: table "t": column "x" made wider: (decimal|text)\n$/);
        expect(await rows()).toEqual(stored.map((text, at) => [`${at}`, text]));
      }
    });

    it('makes a column of a table with a key wider, also the key', async () => {
      const { load, rows } = await opened();
      await load('k,v\n1,1\n2,2\n', '--key', 'k');
      expect(await load('k,v\nx,y\n1,3\n', '--key', 'k')).toMatchObject({
        status: 0,
        stderr:
          'load-rows: table "t": column "k" made wider: text\nload-rows: table "t": column "v" made wider: text\n',
      });
      expect(await rows()).toEqual([
        ['1', '3'],
        ['2', '2'],
        ['x', 'y'],
      ]);
    });

    it.each([
      ['decimals and text', ['1.5', '7', 'NA'], 2],
      ['versions with zeros at their end', ['10.10', '10.1', '1.0', '1'], 1],
      ['truth values in any case', ['TRUE', 'true', 'False', 'maybe'], 3],
      ['times with offsets', ['2026-11-21T10:00:00+02:00', '2026-11-21T08:00:00Z', 'never'], 1],
      ['codes with leading zeros', ['7', '007', '-0', '0'], 1],
      ['whole numbers of any length', ['9007199254740993', '9223372036854775808', '9007199254740992'], 1],
    ])('keeps keys apart, and finds them again, however they came: %s', async (_, keys, batch) => {
      const { load, query } = await opened();
      for (const size of [batch, 1000]) {
        const lines = keys.map((key, at) => `${key},${size + at}\n`);
        expect((await load(`k,v\n${lines.join('')}`, '--key', 'k', '--batch', `${size}`)).status).toBe(0);
      }
      expect((await query('SELECT k, v FROM t ORDER BY v')).map(([key]) => key)).toEqual(keys);
    });

    it('finds 50,000 decimal keys again behind one that is not', async () => {
      const { load, query } = await opened();
      const lines = Array.from({ length: 50_000 }, (_, at) => `${at}.50,x\n`);
      for (let times = 0; times < 2; times++)
        await load(`k,v\n${lines.join('')}NA,x\n`, '--key', 'k', '--batch', '25000');
      expect(await query('SELECT count(*) FROM t')).toEqual([['50001']]);
    });

    it('stores one text for one number, time or truth value, whatever came before', async () => {
      const values = ['7', '7.0', '1.50', '-0.0', 'TRUE', '2026-11-21T12:04:00.5+02:00', 'NA', ''];
      const spelled = ['7', '7', '1.5', '0', 'true', '2026-11-21T10:04:00.500Z', 'NA', 'NULL'];
      for (const order of [values, [...values].reverse()])
        for (const batch of ['1', '3', '1000']) {
          const { load, query } = await opened();
          await load(
            `v,n\n${order.map((value) => `${value},${values.indexOf(value)}\n`).join('')}`,
            '--batch',
            batch,
          );
          expect((await query('SELECT v FROM t ORDER BY n')).map(([value]) => value)).toEqual(spelled);
        }
    });

    it('stores the same when writers widen its columns at the same time', async () => {
      const { loadBeside, query } = await opened();
      const values = ['7', '1.50', 'TRUE', '2026-11-21T12:04:00+02:00', 'NA', '-0.0', '2.0', '8'];
      const writers = values.map((value, at) => {
        const lines = Array.from({ length: 5 }, (_, time) => `${8 * time + at},${value}\n`);
        return loadBeside(`n,v\n${lines.join('')}`, '--batch', '1');
      });
      for (const end of await Promise.all(writers)) expect(end.status).toBe(0);
      const spelled = ['7', '1.5', 'true', '2026-11-21T10:04:00Z', 'NA', '0', '2', '8'];
      expect(await query('SELECT v, count(*) FROM t GROUP BY v ORDER BY min(n)')).toEqual(
        spelled.map((text) => [text, '5']),
      );
    });

    it('keeps text as it came where the user says text, also in later runs', async () => {
      const { load, query } = await opened();
      await load('v,w\n1.10,1.10\nTRUE,x\n', '--types', 'v=text');
      await load('v,w\n2.50,2.50\n');
      expect(await query('SELECT v, w FROM t ORDER BY v')).toEqual([
        ['1.10', '1.1'],
        ['2.50', '2.5'],
        ['TRUE', 'x'],
      ]);
    });

    it('has a key of the type that it is told, which never changes', async () => {
      const { load, rows } = await opened();
      const stdin = 'k,v\n2026-11-21T12:00:00+02:00,1\n2026-11-21T10:00:00Z,2\nnever,3\n';
      for (const more of [['--types', 'k=timestamp'], []])
        expect(await load(stdin, '--key', 'k', ...more)).toMatchObject({
          status: 0,
          stderr: expect.stringContaining('stdin:4: "k" is not a time with its offset: "never"\n'),
        });
      expect((await rows('v, k')).map(([value]) => value)).toEqual(['2']);
    });

    it('rejects keys that are not integers, when asked to', async () => {
      const { load, rows } = await opened();
      await load('k\n1\n', '--key', 'k');
      const { status, stderr } = await load('k\n2\n1.5\n', '--key', 'k', '--on-mismatch', 'reject');
      expect([status, stderr.split('\n')[0]]).toEqual([
        0,
        'load-rows: stdin:3: "k" is not a whole number: "1.5"',
      ]);
      expect(await rows()).toEqual([['1'], ['2']]);
    });

    it('says once that a column is made wider', async () => {
      const { load } = await opened();
      const stdin = 'a,b,c\n1,1,\nx,1,\ny,1,2\n2,1,3\nz,1,4\n';
      expect(await load(stdin, '--batch', '1')).toMatchObject({
        status: 0,
        stderr: 'load-rows: table "t": column "a" made wider: text\n',
      });
      expect(await load(stdin)).toMatchObject(good);
    });

    it('leaves columns alone that an object does not mention, whatever the others of its batch do', async () => {
      const input = '{"k":1,"a":1}\n{"k":2,"b":2}\n{"b":3,"k":1}\n{"k":2,"a":4,"b":null}\n';
      for (const batch of ['1', '3', '1000']) {
        const { load, query } = await opened();
        expect(await load(input, '--key', 'k', '--batch', batch)).toMatchObject(good);
        expect(await query('SELECT k, a, b FROM t ORDER BY k')).toEqual([
          ['1', '1', '3'],
          ['2', '4', 'NULL'],
        ]);
      }
    });

    it('rejects a row that the table refuses, with its line and reason, and loads the others', async () => {
      const { load, query } = await opened();
      await load('n,s\n1,a\n');
      await query('CREATE UNIQUE INDEX by_n ON t (n)');
      const lines = Array.from({ length: 2000 }, (_, at) => `${at},x\n`);
      const end = await load(`n,s\n${lines.join('')}1999,y\n`);
      expect(end).toMatchObject({ status: 0, stdout: '' });
      expect(end.stderr).toMatch(
        /^load-rows: stdin:3: [^\n]*unique[^\n]*\nload-rows: 2 of 2001 lines rejected: 2 refused by the table\n$/i,
      );
      expect(await query('SELECT count(*), sum(n) FROM t')).toEqual([['2000', '1999000']]);
      expect((await load('n,s\n1,a\n3000,b\n', '--strict')).status).toBe(65);
      expect(await query('SELECT count(*) FROM t')).toEqual([['2001']]);
    });

    it('rejects what does not fit later, when asked to', async () => {
      const { load, rows } = await opened();
      await load('n,x\n1,5\n');
      const { stderr } = await load('n,x\n2,a\n3,7\n', '--on-mismatch', 'reject');
      expect(stderr).toContain('load-rows: stdin:2: "x" is not a whole number: "a"\n');
      expect(await rows()).toEqual([
        ['1', '5'],
        ['3', '7'],
      ]);
    });

    it('has the types that it is told', async () => {
      const { load, rows } = await opened();
      const { stderr } = await load('a,b\n1,2\nx,y\n', '--types', 'a=text,b=decimal');
      expect(stderr).toContain('load-rows: stdin:3: "b" is not a decimal: "y"\n');
      expect(await rows(`a || 'x', b + 1`)).toEqual([['1x', expect.stringMatching(/^3(\.0)?$/)]]);
    });

    it('gets further columns only with --alter', async () => {
      const { load, rows } = await opened();
      await load('a\n1\n');
      expect(await load('a,b\n2,3\n')).toMatchObject({
        status: 65,
        stderr: 'load-rows: stdin:1: the table has no column "b", which --alter would add\n',
      });
      expect(await load('a,b\n2,3\n', '--alter')).toMatchObject(good);
      expect(await rows()).toEqual([
        ['1', 'NULL'],
        ['2', '3'],
      ]);
    });

    it('takes NDJSON', async () => {
      const { load, rows } = await opened();
      const input = '{"a":9007199254740993,"b":"007"}\n{"a":2,"c":[1]}\nnonsense\n';
      const { status, stderr } = await load(input);
      expect([status, stderr]).toEqual([
        0,
        'load-rows: stdin:3: not a JSON object: "nonsense"\nload-rows: 1 of 3 lines rejected: 1 not JSON\n',
      ]);
      expect(await rows()).toEqual([
        ['2', 'NULL', '[1]'],
        ['9007199254740993', '007', 'NULL'],
      ]);
    });

    it('takes batches of any size', async () => {
      const { load, query } = await opened();
      const lines = Array.from({ length: 1000 }, (_, at) => `${at},"a ""b"" ${at}"\n`);
      for (const most of ['7', '999', '1000000']) await load(`n,s\n${lines.join('')}`, '--batch', most);
      expect(await query('SELECT count(*), count(DISTINCT s), sum(n) FROM t')).toEqual([
        ['3000', '1000', String(3 * 499_500)],
      ]);
    });

    it('takes rows of any length', async () => {
      const { load, query } = await opened();
      const lengths = [0, 1, 8000, 65_400, 65_600, 500_000, 1_000_000];
      const lines = lengths.map((length) => `${length},${'x'.repeat(length)}\n`);
      expect(await load(`n,s\n${lines.join('')}`)).toMatchObject(good);
      expect(await query('SELECT length(s) FROM t ORDER BY n')).toEqual(
        lengths.map((length) => [length === 0 ? 'NULL' : `${length}`]),
      );
    });

    it('loses nothing of 12 writers at once, who create it', async () => {
      const { loadBeside, query } = await opened();
      const writers = Array.from({ length: 12 }, (_, at) =>
        loadBeside(`n,m\n${at},1\n${at},2\n`, '--key', 'n,m'),
      );
      for (const end of await Promise.all(writers)) expect(end).toMatchObject(good);
      expect(await query('SELECT count(*), count(DISTINCT n) FROM t')).toEqual([['24', '12']]);
    });

    it('shows the rows of a stream while it goes on', async () => {
      const { begin, query } = await opened();
      const child = begin('--linger', '20ms');
      const end = ended(child);
      child.stdin?.write('a,b\n1,2\n');
      await untilRows(query, 1);
      child.stdin?.write('3,4\n');
      await untilRows(query, 2);
      child.kill('SIGTERM');
      expect(await end).toMatchObject({ signal: 'SIGTERM', stderr: '' });
    });

    it('holds whole batches after kill -9', async () => {
      const { begin, query } = await opened();
      const child = begin('--batch', '100');
      const end = ended(child);
      const lines = Array.from({ length: 50_000 }, (_, at) => `${at},x\n`);
      child.stdin?.end(`a,b\n${lines.join('')}`);
      const early = end.then(({ status, stderr }) => {
        throw new Error(`it has ended: ${status} ${stderr}`);
      });
      await Promise.race([untilRows(query, 100), early]);
      child.kill('SIGKILL');
      await early.catch(() => {});
      const [[count = ''] = []] = await query('SELECT count(*) FROM t');
      expect(Number(count) % 100).toBe(0);
    });
  });
}

async function untilRows(query: OpenedDatabase['query'], count: number): Promise<void> {
  let seen = 'no answer';
  const look = async () => {
    await sleep(5);
    try {
      seen = (await query('SELECT count(*) FROM t')).join();
    } catch (error) {
      seen = String(error);
    }
  };
  const deadline = performance.now() + 150_000;
  for (; !(Number(seen) >= count); await look())
    if (performance.now() > deadline) await until(() => false, `${count} rows, but ${seen}`, 0);
}
