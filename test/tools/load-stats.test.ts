import { existsSync } from 'node:fs';
import { appendFile, chmod, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import loadStats from '../../src/tools/load-stats.ts';
import { ended, privateFolder, run, shell, start } from '../harness.ts';
import { runHere } from '../in-process.ts';
import { otherUser } from '../other-user.ts';
import { csv, HEADER, hourly, readSqlite } from '../stores/rows.ts';
import { startServer } from '../stores/server.ts';
import { sized } from '../thorough.ts';
import { printed } from '../tool-checks.ts';

const GOOD = hourly('attic', 0);

async function opened() {
  const cwd = await privateFolder();
  const load = (stdin: string | Buffer, ...words: string[]) => run('load-stats', words, { cwd, stdin });
  const sensors = () => readSqlite(join(cwd, 'stats.db')).map(({ sensor }) => sensor);
  return { cwd, load, sensors };
}

describe('load-stats reads', () => {
  it.each<[string, string]>([
    ['BOM and CRLF', `\ufeff${csv(HEADER, GOOD).replaceAll('\n', '\r\n')}`],
    ['no last newline', csv(HEADER, GOOD).trimEnd()],
    ['blank lines', `\n${HEADER}\n\n${GOOD}\n\n`],
    ['the header again in the middle', csv(HEADER, GOOD, HEADER, GOOD)],
    [
      'other columns in the middle',
      csv(
        'window,sensor,start,end,count,avg,min,max',
        '1h,attic,,2026-01-01T01:00:00Z,1,1,1,1',
        HEADER,
        GOOD,
      ),
    ],
    ['blanks in the header', csv(HEADER.replaceAll(',', ', '), GOOD)],
    [
      'NDJSON',
      '{"sensor":"attic","window":"1h","start":"2026-01-01T00:00:00Z","end":"2026-01-01T01:00:00Z","count":60,"min":20.5,"max":21.75,"avg":21.125}\n',
    ],
    [
      'NDJSON in the middle',
      csv(
        HEADER,
        '{"sensor":"attic","window":"1h","start":null,"end":1767229200,"count":60,"min":20.5,"max":21.75,"avg":21.125}',
        GOOD,
      ),
    ],
  ])('%s', async (_, stdin) => {
    const { cwd } = await opened();
    expect(await runHere(loadStats, ['--to', join(cwd, 'stats.db')], { stdin })).toEqual(printed(''));
    expect(readSqlite(join(cwd, 'stats.db'))).toMatchObject([
      { sensor: 'attic', start: '2026-01-01T00:00:00Z', count: '60', avg: '21.125' },
    ]);
  });

  it('several files, each with its own header, and stdin among them', async () => {
    const { cwd, load, sensors } = await opened();
    await writeFile(join(cwd, 'a.csv'), csv(HEADER, hourly('a', 0)));
    await writeFile(
      join(cwd, 'b.csv'),
      csv('window,sensor,start,end,count,min,max,avg', hourly('1h', 0).replace('1h,1h', '1h,b')),
    );
    expect(await load(csv(HEADER, hourly('c', 0)), 'a.csv', '-', 'b.csv')).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(sensors()).toEqual(['a', 'b', 'c']);
  });

  it('a character that is cut in two by the pipe', async () => {
    const { cwd, sensors } = await opened();
    const child = start('load-stats', [], { cwd });
    const bytes = Buffer.from(csv(HEADER, hourly('Höhe', 0)));
    const cut = bytes.indexOf(0xc3) + 1;
    child.stdin?.write(bytes.subarray(0, cut), () =>
      setTimeout(() => child.stdin?.end(bytes.subarray(cut)), 20),
    );
    expect(await ended(child)).toMatchObject({ status: 0 });
    expect(sensors()).toEqual(['Höhe']);
  });

  it('rows that come one by one, and loads each without waiting for the next', async () => {
    const { cwd, sensors } = await opened();
    const child = start('load-stats', [], { cwd });
    for (const hour of [0, 1, 2]) {
      child.stdin?.write(hour === 0 ? csv(HEADER, hourly('s0', 0)) : csv(hourly(`s${hour}`, 0)));
      while (sensors().length < hour) await sleep(10);
    }
    child.stdin?.end();
    expect(await ended(child)).toMatchObject({ status: 0 });
    expect(sensors()).toEqual(['s0', 's1', 's2']);
  });

  it('all that came before a signal, then dies by it', async () => {
    const { cwd, sensors } = await opened();
    const child = start('load-stats', [], { cwd });
    child.stdin?.write(csv(HEADER, hourly('a', 0), hourly('b', 0)));
    while (sensors().length === 0) await sleep(10);
    child.kill('SIGTERM');
    expect(await ended(child)).toMatchObject({ signal: 'SIGTERM', stderr: '' });
    expect(sensors()).toContain('a');
  });
});

describe('load-stats rejects', () => {
  it('single rows, with a reason, and uses the others', async () => {
    const { cwd, load, sensors } = await opened();
    const bad = [
      'attic,1h,,2026-01-01T01:00:00Z,abc,1,3,2',
      'attic,1h,,soon,60,1,3,2',
      'attic,1h,,2026-01-01T01:00:00Z,60,1',
      'attic,1h,,2026-01-01T01:00:00Z,60,1,ERR,2',
      '{"sensor":"attic"}',
    ];
    const end = await load(csv(HEADER, GOOD, ...bad, hourly('cellar', 0)), '--rejects', 'bad');
    expect(end).toMatchObject({ status: 0, stdout: '' });
    expect(end.stderr.split('\n')).toEqual([
      'load-stats: stdin:3: count is not a whole number: "abc"',
      'load-stats: stdin:4: end is not a time: "soon"',
      'load-stats: stdin:5: row has 6 fields, its header 8',
      'load-stats: stdin:6: max is not a number: "ERR"',
      'load-stats: stdin:7: column "window" is missing',
      'load-stats: 5 of 7 lines rejected: 1 count not a whole number, 1 end not a time, 1 of the wrong length, 1 max not a number, 1 without all columns',
      '',
    ]);
    expect(sensors()).toEqual(['attic', 'cellar']);
    expect(await readFile(join(cwd, 'bad'), 'utf8')).toBe(csv(...bad));
  });

  it('with 65 under --strict, and beyond --max-rejects', async () => {
    const { load, sensors } = await opened();
    const input = csv(HEADER, GOOD, 'x');
    expect(await load(input, '--strict')).toMatchObject({ status: 65 });
    expect(await load(input, '--max-rejects', '0')).toMatchObject({ status: 65 });
    expect(await load(input, '--max-rejects', '50%')).toMatchObject({ status: 0 });
    expect(sensors()).toEqual(['attic']);
  });

  it('an input of which nothing can be used (65), and creates nothing', async () => {
    const { cwd, load } = await opened();
    expect(await load(csv(HEADER, 'x', 'y'))).toMatchObject({ status: 65, stdout: '' });
    expect(existsSync(join(cwd, 'stats.db'))).toBe(false);
  });

  it('a header that lacks a column (65), after what came before it', async () => {
    const { cwd, load, sensors } = await opened();
    await writeFile(join(cwd, 'a.csv'), csv(HEADER, GOOD));
    await writeFile(join(cwd, 'b.csv'), csv(HEADER.replace(',avg', ''), GOOD));
    const end = await load('', 'a.csv', 'b.csv');
    expect(end).toMatchObject({ status: 65, stderr: 'load-stats: b.csv:1: column "avg" is missing\n' });
    expect(sensors()).toEqual(['attic']);
  });

  it('a torn last row, unless all its fields are there', async () => {
    const { load, sensors } = await opened();
    const row = hourly('cellar', 0);
    for (const cut of [row.length - 8, 20, 6]) {
      const end = await load(`${csv(HEADER, GOOD)}${row.slice(0, cut)}`);
      expect(end.stderr).toMatch(/^load-stats: stdin:3: last line is incomplete: "cellar/);
    }
    expect(sensors()).toEqual(['attic']);
    expect(await load(`${csv(HEADER, GOOD)}${row}`)).toMatchObject({ stderr: '' });
    expect(sensors()).toEqual(['attic', 'cellar']);
  });

  it('a quote that is never closed, with its own line only', async () => {
    const { load, sensors } = await opened();
    const end = await load(csv(HEADER, `"${GOOD}`, hourly('cellar', 0), `"quoted",${GOOD.slice(6)}`));
    expect(end).toMatchObject({ status: 0 });
    expect(end.stderr).toMatch('stdin:2: quote is not closed: ');
    expect(sensors()).toEqual(['cellar', 'quoted']);
  });

  it.each([
    ['a missing file', ['nope.csv'], 66, 'nope.csv: no such file or directory'],
    ['a folder', ['.'], 66, '.: is a directory'],
    [
      'an unknown store',
      ['--to', 'kafka://h/t'],
      64,
      '--to: unknown store: "kafka://h/t"; known schemes: http, https, postgres, postgresql; a bare path is SQLite (see load-stats --help)',
    ],
    ['a bad address', ['--to', 'http://'], 64, '--to: not an address: "http://" (see load-stats --help)'],
    [
      'a batch of nothing',
      ['--batch', '0'],
      64,
      '--batch: not a whole number of at least 1: "0" (see load-stats --help)',
    ],
  ])('%s', async (_, words, status, message) => {
    const { cwd, load } = await opened();
    expect(await load(csv(HEADER, GOOD), ...words)).toMatchObject({
      status,
      stdout: '',
      stderr: `load-stats: ${message}\n`,
    });
    expect(await readdir(cwd)).toEqual([]);
  });
});

describe('load-stats --dry-run', () => {
  it('prints the rows as they would be loaded, and touches nothing', async () => {
    const { cwd, load } = await opened();
    const input = csv(`p95,${HEADER}`, `21.50,attic,all,,2026-01-01T02:00:00+01:00,5,+1.0,3,2`, 'x');
    const { stdout, stderr, status } = await load(input, '--dry-run', '--spool', 'spool');
    expect({ stdout, status }).toEqual({
      stdout: csv(`${HEADER},p95`, 'attic,all,,2026-01-01T01:00:00Z,5,1.0,3,2,21.50'),
      status: 0,
    });
    expect(stderr).toMatch('stdin:3: row has 1 field, its header 9');
    expect(await readdir(cwd)).toEqual([]);
  });

  it('prints what load-stats reads, with columns that change on the way', async () => {
    const { load } = await opened();
    const input = csv(
      HEADER,
      GOOD,
      `${HEADER},p95`,
      `${hourly('attic', 1)},21.5`,
      HEADER,
      hourly('attic', 2),
    );
    const once = await load(input, '--dry-run', '--batch', '1');
    expect(once.stdout).toBe(input);
    const json = await load(input, '--dry-run', '--json');
    expect((await load(json.stdout, '--dry-run', '--batch', '1')).stdout).toBe(
      csv(`${HEADER},p95`, `${GOOD},`, `${hourly('attic', 1)},21.5`, `${hourly('attic', 2)},`),
    );
    expect((await load(csv(HEADER, GOOD), '--dry-run', '--table')).stdout).toMatch(
      /^sensor {2}window.*\nattic {3}1h/,
    );
  });
});

/** As a server of rows answers bad ones. */
function refuse(response: ServerResponse): void {
  response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"no bad rows"}\n');
}

describe('load-stats --spool', () => {
  async function withServer() {
    const server = await startServer();
    const { cwd } = await opened();
    const down = () => {
      server.answer = (_, response) => response.writeHead(503).end();
    };
    const up = () => {
      server.answer = undefined;
    };
    const load = (stdin: string, ...words: string[]) =>
      run('load-stats', ['--to', server.url, '--spool', 'spool', ...words], { cwd, stdin });
    const spool = async () =>
      existsSync(join(cwd, 'spool'))
        ? (await readdir(join(cwd, 'spool'))).filter((name) => !name.startsWith('.')).sort()
        : [];
    const stored = () => [...server.rows.values()].map(({ sensor }) => sensor);
    return { cwd, server, down, up, load, spool, stored };
  }

  it('keeps rows while the store is down, and loads them first when it is up', async () => {
    const { server, down, up, load, spool, stored } = await withServer();
    down();
    for (const sensor of ['a', 'b', 'c']) {
      expect(await load(csv(HEADER, hourly(sensor, 0)))).toMatchObject({
        status: 75,
        stdout: '',
        stderr: expect.stringMatching(
          `^load-stats: ${server.url}: HTTP 503: rows (are kept|wait) in spool\n$`,
        ),
      });
    }
    expect(await spool()).toHaveLength(3);
    up();
    expect(await load(csv(HEADER, hourly('d', 0)))).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(stored()).toEqual(['a', 'b', 'c', 'd']);
    expect(await spool()).toEqual([]);
  });

  it('is not there while the store is up', async () => {
    const { cwd, load, stored } = await withServer();
    expect(await load(csv(HEADER, GOOD))).toMatchObject({ status: 0, stderr: '' });
    expect(stored()).toEqual(['attic']);
    expect(existsSync(join(cwd, 'spool'))).toBe(false);
  });

  it('is emptied by a run without input', async () => {
    const { down, up, load, spool, stored } = await withServer();
    down();
    await load(csv(HEADER, GOOD));
    expect(await load('')).toMatchObject({ status: 75 });
    up();
    expect(await load('')).toMatchObject({ status: 0, stderr: '' });
    expect([stored(), await spool()]).toEqual([['attic'], []]);
  });

  it('keeps all batches of an input, and asks a store that is down once', async () => {
    const { server, down, up, load, spool, stored } = await withServer();
    down();
    const rows = Array.from({ length: 50 }, (_, at) => hourly(`s${at}`, 0));
    const end = await load(csv(HEADER, ...rows), '--batch', '10');
    expect(end.status).toBe(75);
    expect(end.stderr.split('\n')).toHaveLength(2);
    expect(server.requests).toHaveLength(1);
    expect((await spool()).length).toBeGreaterThanOrEqual(5);
    up();
    expect(await load('')).toMatchObject({ status: 0 });
    expect(stored()).toEqual(Array.from({ length: 50 }, (_, at) => `s${at}`));
  });

  it('stops at the first file that the store does not take, and keeps the order', async () => {
    const { server, down, up, load, spool, stored } = await withServer();
    down();
    for (const sensor of ['a', 'b']) await load(csv(HEADER, hourly(sensor, 0)));
    up();
    let requests = 0;
    server.answer = (request, response) => {
      requests += 1;
      request.resume().on('end', () => response.writeHead(503).end());
    };
    expect(await load(csv(HEADER, hourly('c', 0)))).toMatchObject({ status: 75 });
    expect(requests).toBe(1);
    expect(await spool()).toHaveLength(3);
    up();
    await load('');
    expect(stored()).toEqual(['a', 'b', 'c']);
  });

  it('puts aside what the store refuses for good (69), and goes on', async () => {
    const { cwd, server, down, up, load, spool, stored } = await withServer();
    down();
    for (const sensor of ['bad', 'good']) await load(csv(HEADER, hourly(sensor, 0)));
    up();
    server.answer = (_, response) => {
      up();
      refuse(response);
    };
    const end = await load(csv(HEADER, hourly('new', 0)));
    expect(end.status).toBe(69);
    expect(end.stderr).toMatch(
      /^load-stats: http:.*: HTTP 400: "no bad rows": 1 row is put aside; to send again with the next run: mv (spool\/.*\.csv)\.refused \1\n$/,
    );
    expect(stored()).toEqual(['good', 'new']);
    const [refused] = await spool();
    expect(await readFile(join(cwd, 'spool', refused ?? ''), 'utf8')).toBe(csv(HEADER, hourly('bad', 0)));
    expect(await load('')).toMatchObject({ status: 0, stderr: '' });
  });

  it('puts aside new rows that are bad (69), and sends them again by the command that it names', async () => {
    const { cwd, server, up, load, spool, stored } = await withServer();
    server.answer = (_, response) => refuse(response);
    const end = await load(csv(HEADER, GOOD));
    expect(end.status).toBe(69);
    expect(await spool()).toEqual([expect.stringMatching(/\.csv\.refused$/)]);
    up();
    const command = end.stderr.slice(end.stderr.indexOf('mv ')).trim();
    expect(await shell(command, { cwd })).toMatchObject({ status: 0, stderr: '' });
    expect(await load('')).toMatchObject({ status: 0, stderr: '' });
    expect([stored(), await spool()]).toEqual([['attic'], []]);
  });

  it('names what is put aside with --verbose, and once a day', async () => {
    const { cwd, server, up, load, spool, stored } = await withServer();
    server.answer = (_, response) => refuse(response);
    for (const sensor of ['a', 'b']) await load(csv(HEADER, hourly(sensor, 0)));
    up();
    expect(await load('')).toMatchObject({ status: 0, stderr: '' });
    const all =
      /^load-stats: spool: 2 files of bad rows are put aside; to send them again with the next run: (.*)$/m;
    expect((await load('', '--verbose')).stderr).toMatch(all);
    const yesterday = Date.now() / 1000 - 24 * 3600;
    await utimes(join(cwd, 'spool', '.refused'), yesterday, yesterday);
    const { status, stderr } = await load('');
    expect([status, stderr]).toEqual([0, expect.stringMatching(all)]);
    expect(await load('')).toMatchObject({ status: 0, stderr: '' });
    const command = all.exec(stderr)?.[1] ?? '';
    expect(await shell(command, { cwd })).toMatchObject({ status: 0, stderr: '' });
    expect(await load('')).toMatchObject({ status: 0, stderr: '' });
    expect([stored(), await spool(), existsSync(join(cwd, 'spool', '.refused'))]).toEqual([
      ['a', 'b'],
      [],
      false,
    ]);
  });

  it.each([301, 400, 401, 403, 404, 405, 409, 410, 415, 421, 422, 500])(
    'lets rows wait until HTTP %i, which is not ours, is mended',
    async (code) => {
      const { cwd, server, up, spool, stored } = await withServer();
      const words = ['--to', server.url, '--spool', join(cwd, 'spool')];
      server.answer = (_, response) =>
        response.writeHead(code, { location: '/login' }).end('<html>no</html>');
      const end = await runHere(loadStats, words, { stdin: csv(HEADER, GOOD) });
      expect(end.status).toBe(code < 500 ? 69 : 75);
      expect(end.stderr).toMatch(/: HTTP .*: rows are kept in .*spool\n$/);
      expect(await spool()).toEqual([expect.stringMatching(/\.csv$/)]);
      up();
      expect(await runHere(loadStats, words, {})).toEqual(printed(''));
      expect([stored(), await spool()]).toEqual([['attic'], []]);
    },
  );

  it.each(['mnt/stats.db', 'mnt/stats.csv'])('lets rows wait while %s is not mounted', async (to) => {
    const { cwd } = await opened();
    const load = (stdin: string) => run('load-stats', ['--to', to, '--spool', 'spool'], { cwd, stdin });
    const end = await load(csv(HEADER, GOOD));
    expect(end.status).toBe(69);
    expect(end.stderr).toMatch(
      /^load-stats: mnt\/stats\..*: no such file or directory: rows are kept in spool\n$/,
    );
    await mkdir(join(cwd, 'mnt'));
    expect(await load('')).toMatchObject({ status: 0, stderr: '' });
    expect(await readdir(join(cwd, 'mnt'))).toEqual([to.slice('mnt/'.length)]);
    expect(await readdir(join(cwd, 'spool'))).toEqual(['.lock']);
  });

  it('puts aside the rows that a database refuses, and loads the others', async () => {
    const { cwd, sensors } = await opened();
    const database = new DatabaseSync(join(cwd, 'stats.db'));
    database.exec(
      `CREATE TABLE stats (sensor, window, start, "end", count INT CHECK (count < 100), min, max, avg, UNIQUE (sensor, window, "end"))`,
    );
    database.close();
    const stdin = csv(HEADER, hourly('a', 0), hourly('bad', 0, 100), hourly('c', 0));
    const end = await run('load-stats', ['--spool', 'spool'], { cwd, stdin });
    expect(end.status).toBe(69);
    expect(end.stderr).toMatch(
      /^load-stats: stats.db: CHECK constraint failed: count < 100: 1 row is put aside; to send again with the next run: mv (spool\/.*\.csv)\.refused \1\n$/,
    );
    expect(sensors()).toEqual(['a', 'c']);
  });

  it('puts aside a file that somebody spoiled', async () => {
    const { cwd, down, up, load, spool, stored } = await withServer();
    down();
    for (const sensor of ['a', 'b']) await load(csv(HEADER, hourly(sensor, 0)));
    up();
    const [first = ''] = await spool();
    await appendFile(join(cwd, 'spool', first), 'oops\n');
    const end = await load('');
    expect(end).toMatchObject({ status: 69 });
    expect(end.stderr).toMatch(
      `load-stats: spool/${first}:3: row has 1 field, its header 8: its rows are put aside; to send again with the next run: mv spool/${first}.refused spool/${first}\n`,
    );
    expect(stored()).toEqual(['b']);
  });

  it('delivers after kill -9 while it is emptied', async () => {
    const { cwd, server, down, up, load, spool, stored } = await withServer();
    down();
    const sensors = Array.from({ length: 20 }, (_, at) => `s${String(at).padStart(2, '0')}`);
    await load(csv(HEADER, ...sensors.map((sensor) => hourly(sensor, 0))), '--batch', '1');
    up();
    const child = start('load-stats', ['--to', server.url, '--spool', 'spool'], { cwd });
    const end = ended(child);
    while (stored().length < 5) await sleep(1);
    child.kill('SIGKILL');
    await end;
    expect((await spool()).length).toBeGreaterThan(0);
    expect(await load('')).toMatchObject({ status: 0, stderr: '' });
    expect(stored()).toEqual(sensors);
    expect(await spool()).toEqual([]);
  });

  it('keeps the rows of a run that a signal ends while the server does not answer', async () => {
    const { cwd, server, up, load, spool, stored } = await withServer();
    const child = start('load-stats', ['--to', server.url, '--spool', 'spool', '--timeout', '50s'], { cwd });
    server.answer = () => child.kill('SIGTERM');
    child.stdin?.end(csv(HEADER, GOOD));
    expect(await ended(child)).toMatchObject({ signal: 'SIGTERM' });
    expect(await spool()).toHaveLength(1);
    up();
    await load('');
    expect(stored()).toEqual(['attic']);
  });

  it('loses nothing when many runs at once find it full', { tags: 'sized' }, async () => {
    const runs = sized(4, 10);
    const { down, up, load, spool, stored } = await withServer();
    down();
    await Promise.all(Array.from({ length: runs }, (_, at) => load(csv(HEADER, hourly(`old${at}`, 0)))));
    up();
    const ends = await Promise.all(
      Array.from({ length: runs }, (_, at) => load(csv(HEADER, hourly(`new${at}`, 0)), '--wait', '50s')),
    );
    for (const end of ends) expect(end).toMatchObject({ status: 0, stderr: '' });
    expect(stored()).toHaveLength(2 * runs);
    expect(await spool()).toEqual([]);
  });

  it('keeps rows while a database is locked', async () => {
    const { cwd, load, sensors } = await opened();
    await load(csv(HEADER, GOOD));
    const database = new DatabaseSync(join(cwd, 'stats.db'));
    database.exec('BEGIN IMMEDIATE');
    const words = ['--spool', 'spool', '--wait', '100ms'];
    expect(await load(csv(HEADER, hourly('cellar', 0)), ...words)).toMatchObject({
      status: 75,
      stderr: 'load-stats: stats.db: busy: another process has locked it: rows are kept in spool\n',
    });
    database.close();
    expect(await load('', ...words)).toMatchObject({ status: 0, stderr: '' });
    expect(sensors()).toEqual(['attic', 'cellar']);
  });

  it.runIf(otherUser?.uid)('says loudly (74) that rows are lost where it cannot keep them', async () => {
    const { cwd, server, down } = await withServer();
    down();
    await chmod(cwd, 0o755);
    await mkdir(join(cwd, 'spool'), { mode: 0o755 });
    const end = await run('load-stats', ['--to', server.url, '--spool', 'spool'], {
      cwd,
      stdin: csv(HEADER, GOOD),
      ...otherUser,
    });
    expect(end.status).toBe(74);
    expect(end.stderr).toMatch(
      /^load-stats: spool: .*permission denied: 1 row is lost, after http.*: HTTP 503\n$/,
    );
  });
});

describe('load-stats --ahead', () => {
  const FUTURE = GOOD.replaceAll('2026-', '2038-');

  // README: "A line or row that is more than `--ahead` (1h) in the future is rejected or left out: it never moves a
  // window, a chart or the newest row."
  it('rejects a row whose window begins far ahead of the clock', async () => {
    const { load, sensors } = await opened();
    expect(await load(csv(HEADER, FUTURE, GOOD), '--strict')).toEqual({
      ...{ status: 65, signal: null, stdout: '' },
      stderr:
        'load-stats: stdin:2: row is more than 1h ahead of the clock: 2038-01-01T00:00:00Z\n' +
        'load-stats: 1 of 2 lines rejected: 1 future\n',
    });
    expect(sensors()).toEqual(['attic']);
  });

  it('takes the row of a day that goes on, and any with none', async () => {
    const { load, sensors } = await opened();
    const [today = '', tomorrow = ''] = [0, 1].map((days) =>
      new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10),
    );
    const day = `cellar,1d,${today}T00:00:00Z,${tomorrow}T00:00:00Z,1,1,1,1`;
    expect(await load(csv(HEADER, day))).toMatchObject({ status: 0, stderr: '' });
    expect(await load(csv(HEADER, FUTURE), '--ahead', 'none')).toMatchObject({ status: 0, stderr: '' });
    expect(sensors()).toEqual(['attic', 'cellar']);
  });
});
