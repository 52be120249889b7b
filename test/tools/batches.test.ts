/** What tools do with a batch of a queue in which a line is bad: it is used as a whole or not at all. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import { privateFolder, run } from '../harness.ts';

const env = { ETL_BATCH: 'weather.queue-0-00000000000000000001' };
const refused = 'a line of the batch was rejected: none of it is stored';
const READINGS = '2026-11-21T10:04:00Z,a,1\n2026-11-21T10:05:00Z,a,2\n';
const STATS = 'sensor,window,start,end,count,min,max,avg\n';
const row = (sensor: string) => `${sensor},1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,60,1,2,1.5\n`;

/** A query of a database in SQLite. */
function query(path: string, sql: string): unknown[] {
  const database = new DatabaseSync(path);
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

describe('a batch with a bad line', () => {
  it.each([
    ['load-rows', ['--to', 'x.db', '--table', 't'], 'a,b\n1,2\n3\n'],
    ['load-rows', ['--to', 'x.db', '--table', 't'], '[{"a":1},{"a":2}'],
    ['load-stats', ['--to', 'x.db'], `${STATS}${row('a')}x\n`],
    ['load-stats', ['--to', 'x.csv'], `${STATS}${row('a')}x\n`],
    ['buffer-tail', ['x.log'], 'a\nb'],
    ['buffer-tail', ['x.log', '-n', 'all'], `a\n${'x'.repeat(2_000_000)}\n`],
    ['buffer-tail', ['x.log', '--last', '1h'], `${READINGS}x\n`],
    ['buffer-tail', [], 'a\nb'],
    ['get-stats', [], `${READINGS}x\n`],
    ['get-stats', ['--live', '-w', '1m'], `${READINGS}2026-11-21T10:15:00Z,a,2\nx\n`],
    ['get-stats', ['-o', 'x.csv'], `${READINGS}x\n`],
  ])('is refused by %s %j, which stores and prints nothing of it', async (tool, words, stdin) => {
    const cwd = await privateFolder();
    const { status, stdout, stderr } = await run(tool, words, { cwd, stdin, env });
    expect([status, stdout, readdirSync(cwd)]).toEqual([65, '', []]);
    expect(stderr).toContain(`${tool}: ${refused}\n`);
  });

  it('leaves a table as it was, however long the batch is', async () => {
    const cwd = await privateFolder();
    const load = (stdin: string, ...words: string[]) =>
      run('load-rows', ['--to', 'x.db', '--table', 't', '--batch', '100', ...words], { cwd, stdin, env });
    const rows = Array.from({ length: 1000 }, (_, at) => `${at},x\n`).join('');
    const count = () => query(join(cwd, 'x.db'), 'SELECT count(*) AS n, max(b) AS b FROM t');
    expect(await load(`a,b\n${rows}`, '--key', 'a')).toMatchObject({ status: 0, stderr: '' });
    expect(await load(`a,b\n${rows.replaceAll('x', 'y')}1\n`, '--key', 'a')).toMatchObject({ status: 65 });
    expect(count()).toEqual([{ n: 1000, b: 'x' }]);
    expect(await load(`a,b\n${rows.replaceAll('x', 'y')}text,z\n`, '--key', 'a')).toMatchObject({
      status: 0,
    });
    expect(count()).toEqual([{ n: 1001, b: 'z' }]);
    query(join(cwd, 'x.db'), "CREATE UNIQUE INDEX one ON t (b) WHERE b = 'z'");
    expect(await load(`a,b\n${rows.replaceAll('x', 'w')}other,z\n`, '--key', 'a')).toMatchObject({
      status: 65,
      stderr: 'load-rows: x.db: UNIQUE constraint failed: t.b\n',
    });
    expect(query(join(cwd, 'x.db'), "SELECT count(*) AS n FROM t WHERE b = 'w'")).toEqual([{ n: 0 }]);
  });

  it('leaves a store as it was, when the store refuses a row', async () => {
    const cwd = await privateFolder();
    const load = (stdin: string) => run('load-stats', ['--to', 'x.db'], { cwd, stdin, env });
    await load(STATS + row('a'));
    query(join(cwd, 'x.db'), "CREATE UNIQUE INDEX one ON stats (avg) WHERE sensor = 'b' OR sensor = 'c'");
    const { status, stderr } = await load(STATS + row('b') + row('c'));
    expect([status, stderr]).toEqual([
      65,
      expect.stringMatching(/^load-stats: x\.db: UNIQUE constraint failed.*\n$/),
    ]);
    expect(query(join(cwd, 'x.db'), 'SELECT sensor FROM stats')).toEqual([{ sensor: 'a' }]);
  });
});

describe('a batch of good lines', () => {
  it('is not refused for half a line that its file ends with', async () => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'x.log'), 'old\nhal');
    expect(await run('buffer-tail', ['x.log'], { cwd, stdin: 'new\n', env })).toMatchObject({
      status: 0,
      stdout: 'old\nnew\n',
      stderr: 'buffer-tail: x.log:2: last line has no newline and is not kept\n',
    });
    expect(readFileSync(join(cwd, 'x.log'), 'utf8')).toBe('old\nnew\n');
  });

  it('is used, as is one of no lines', async () => {
    const cwd = await privateFolder();
    expect(await run('load-stats', ['--to', 'x.db'], { cwd, env })).toMatchObject({ status: 0 });
    expect(await run('load-rows', ['--to', 'x.db', '--table', 't'], { cwd, env })).toMatchObject({
      status: 0,
    });
    expect(existsSync(join(cwd, 'x.db'))).toBe(false);
    expect(await run('load-stats', ['--to', 'x.db'], { cwd, stdin: STATS + row('a'), env })).toMatchObject({
      status: 0,
    });
    expect(query(join(cwd, 'x.db'), 'SELECT count(*) AS n FROM stats')).toEqual([{ n: 1 }]);
    expect((await run('get-stats', [], { cwd, stdin: READINGS, env })).stdout).toContain('a,all,');
  });
});

describe('load-rows', () => {
  it('reads a JSON array as it reads lines of objects', async () => {
    const cwd = await privateFolder();
    const stdin =
      '\n[\n  {"id": 1, "text": "[a,\\n{"},\r\n  7,\n  {\n    "id": 2.50, "tags": ["x", {"y": 1}]\n  }\n]\n[{"id":3}]';
    expect(await run('load-rows', ['--dry-run'], { cwd, stdin })).toEqual({
      ...{ status: 0, signal: null },
      stdout: 'id,text,tags\n1,"[a,\n{",\n2.50,,"[""x"",{""y"":1}]"\n3,,\n',
      stderr: 'load-rows: stdin:2: not a JSON object: "7"\nload-rows: 1 of 4 lines rejected: 1 not JSON\n',
    });
  });

  it('reads a JSON array that is longer than a line may be', async () => {
    const cwd = await privateFolder();
    const elements = Array.from({ length: 30_000 }, (_, id) => ({ id, text: 'x'.repeat(50) }));
    const words = ['--to', 'x.db', '--table', 't'];
    expect(await run('load-rows', words, { cwd, stdin: JSON.stringify(elements) })).toMatchObject({
      status: 0,
    });
    expect(query(join(cwd, 'x.db'), 'SELECT count(*) AS n, max(id) AS id FROM t')).toEqual([
      { n: 30_000, id: 29_999 },
    ]);
  });

  it('says that the end of an array is missing', async () => {
    const cwd = await privateFolder();
    expect(
      await run('load-rows', ['--dry-run', '--strict'], { cwd, stdin: '[{"a":1},{"a":2' }),
    ).toMatchObject({
      status: 65,
      stdout: 'a\n1\n',
      stderr:
        'load-rows: stdin:2: input ends within a JSON array\nload-rows: 1 of 2 lines rejected: 1 torn\n',
    });
  });
});
