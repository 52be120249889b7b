import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { describe, expect, it, onTestFinished } from 'vitest';
import lakePut from '../../src/tools/lake-put.ts';
import { ended, privateFolder, run, shell, start, until } from '../harness.ts';
import { runHere } from '../in-process.ts';
import { seeded } from '../random.ts';
import { sized } from '../thorough.ts';

const first = (text: string | Buffer) => createHash('sha256').update(text).digest('hex').slice(0, 16);
const lines = (...records: unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const good = { status: 0, signal: null, stderr: '' };
const CSV = ['--csv', '--fields', 'id,user'];
/** As queue-take sets them. */
const batch = (number: number) => ({
  ETL_BATCH: `rc.queue-0-${String(number).padStart(20, '0')}`,
  ETL_FIRST: String(number),
});

/** All files below a folder, by name. */
function files(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(names.flatMap((name) => contentOf(folder, name)));
}

/** Nothing for a folder, and for a temporary file that is gone by now. */
function contentOf(folder: string, name: string): [name: string, text: string][] {
  try {
    const path = join(folder, name);
    return statSync(path).isFile() ? [[name, readFileSync(path, 'utf8')]] : [];
  } catch (error) {
    if (/\.lake-put-[0-9a-f]{16}$/.test(name)) return [];
    throw error;
  }
}

describe('lake-put without a format', () => {
  it('stores stdin as it is, by its hash, and prints the address', async () => {
    const cwd = await privateFolder();
    const bytes = Buffer.from('\0\xff no line\r\n', 'latin1');
    const name = first(bytes);
    expect(await run('lake-put', ['a/b/'], { cwd, stdin: bytes })).toEqual({
      ...good,
      stdout: `a/b/${name}\n`,
    });
    expect(readFileSync(join(cwd, 'a/b', name))).toEqual(bytes);
    expect(await run('lake-put', ['a/b/', '--verbose'], { cwd, stdin: bytes })).toEqual({
      ...good,
      stdout: `a/b/${name}\n`,
      stderr: `lake-put: a/b/${name}: already exists, with the same bytes\n`,
    });
  });

  it('stores one object under the name of LAKE', async () => {
    const cwd = await privateFolder();
    for (const stdin of ['one', 'two']) {
      expect((await run('lake-put', ['raw.json'], { cwd, stdin })).stdout).toBe('raw.json\n');
      expect(files(cwd)).toEqual({ 'raw.json': stdin });
    }
    mkdirSync(join(cwd, 'lake'));
    expect(await run('lake-put', ['lake'], { cwd, stdin: 'x' })).toMatchObject({
      status: 64,
      stderr: 'lake-put: lake is a folder: write lake/ (see lake-put --help)\n',
    });
  });

  it('says of a name that the system cannot look up what is wrong with it', async () => {
    const cwd = await privateFolder();
    symlinkSync('loop', join(cwd, 'loop'));
    const put = (address: string) => run('lake-put', [address], { cwd, stdin: 'x' });
    expect(await put('loop/a')).toMatchObject({
      status: 69,
      stderr: 'lake-put: loop/: too many levels of symbolic links\n',
    });
    expect(await put('x'.repeat(300))).toMatchObject({
      status: 64,
      stderr: expect.stringMatching(/^lake-put: object name "x+" has a part of more than 255 bytes\n$/),
    });
  });

  it.each([[['--name', 'x']], [['--ndjson', '--batch', '2']], [['--ndjson', '--by', 'id']]])(
    'refuses one object for %j',
    async (words) => {
      const cwd = await privateFolder();
      const { status, stderr } = await run('lake-put', ['one', ...words], { cwd, stdin: lines({ id: 1 }) });
      expect([status, stderr]).toEqual([
        64,
        'lake-put: one is one object, which each batch would replace: write one/ (see lake-put --help)\n',
      ]);
      expect(files(cwd)).toEqual({});
    },
  );

  it('refuses one object for the batches of a queue', async () => {
    const cwd = await privateFolder();
    expect(await run('lake-put', ['one'], { cwd, stdin: 'x', env: batch(1) })).toMatchObject({ status: 64 });
  });

  it('stores nothing of nothing, unless it may', async () => {
    const cwd = await privateFolder();
    expect(await run('lake-put', ['lake/'], { cwd })).toEqual({
      status: 66,
      signal: null,
      stdout: '',
      stderr: 'lake-put: stdin: is empty: nothing is stored\n',
    });
    expect(await run('lake-put', ['lake/'], { cwd, env: batch(1) })).toEqual({ ...good, stdout: '' });
    expect(await run('lake-put', ['lake/', '--ndjson'], { cwd })).toEqual({ ...good, stdout: '' });
    expect(readdirSync(cwd)).toEqual([]);
    await run('lake-put', ['lake/', '--allow-empty'], { cwd });
    expect(files(cwd)).toEqual({ [`lake/${first('')}`]: '' });
  });

  it('compresses without a time stamp', async () => {
    const cwd = await privateFolder();
    const { stdout } = await run('lake-put', ['lake/', '--gzip'], { cwd, stdin: 'text' });
    const bytes = readFileSync(join(cwd, stdout.trim()));
    expect(stdout).toBe(`lake/${first(bytes)}.gz\n`);
    expect([gunzipSync(bytes).toString(), bytes.readUInt32LE(4)]).toEqual(['text', 0]);
  });

  it('makes names by a template', async () => {
    const cwd = await privateFolder();
    const stdin = `${lines({ id: '../a b/ü', n: 1.5 })}rest`;
    const put = async (name: string) =>
      (await run('lake-put', ['l/', '--name', name], { cwd, stdin })).stdout.trim();
    expect(await put('{n}/{id}.json')).toBe('l/1.5/..%2Fa%20b%2F%C3%BC.json');
    expect(await put('{hash}-{ext}x')).toBe(`l/${first(stdin)}-x`);
    expect(await put('{date}/{time}')).toMatch(
      /^l\/\d{4}-\d\d-\d\d\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/,
    );
  });

  it.each(['/a', '../a', 'a/..', 'a//b', 'a/', '', '{', '{a', 'a}', '{a..b}', '{batch}', './a'])(
    'refuses the template %j',
    async (name) => {
      const cwd = await privateFolder();
      const words = [join(cwd, 'lake/'), '--name', name];
      const { status, stdout } = await runHere(lakePut, words, { stdin: lines({ a: 1 }) });
      expect([status, stdout, readdirSync(cwd)]).toEqual([64, '', []]);
    },
  );

  it.each([
    ['{id}', { id: '..' }],
    ['a/{id}/b', { id: '.' }],
    ['a/{id}', { id: '' }],
    ['{id}', { other: 1 }],
    ['{id}', { id: 'x'.repeat(300) }],
    ['{id}', 'no object'],
  ])('finds fault with the data when %j is no name for %j', async (name, record) => {
    const cwd = await privateFolder();
    const words = [join(cwd, 'lake/'), '--name', name];
    const { status } = await runHere(lakePut, words, { stdin: lines(record) });
    expect([status, files(cwd)]).toEqual([65, {}]);
  });

  // Two such values would become the same name.
  it.each([
    ['\\ud800', 'an unpaired surrogate'],
    ['\\udcff', 'not UTF-8'],
    ['\\u0000', 'a NUL'],
  ])('makes no name of what is no text: %s', async (value, problem) => {
    const cwd = await privateFolder();
    const stdin = `{"a":"${value}"}\n`;
    const lake = join(cwd, 'lake/');
    const bySome = await runHere(lakePut, [lake, '--ndjson', '--by', 'a'], { stdin });
    expect(bySome).toMatchObject({ status: 65, stdout: '', stderr: expect.stringContaining(problem) });
    const named = await runHere(lakePut, [lake, '--name', '{a}'], { stdin });
    expect(named).toMatchObject({ status: 65, stdout: '', stderr: expect.stringContaining(problem) });
    expect(files(cwd)).toEqual({});
  });

  it('does not leave the lake by a link', async () => {
    const cwd = await privateFolder();
    mkdirSync(join(cwd, 'lake'));
    symlinkSync('/tmp', join(cwd, 'lake', 'out'));
    const put = (name: string) =>
      run('lake-put', ['lake/', '--name', name], { cwd, stdin: lines({ id: 'out' }) });
    expect(await put('out/x')).toMatchObject({ status: 64 });
    expect(await put('{id}/x')).toMatchObject({ status: 65 });
  });

  it('does not replace other content with --no-clobber', async () => {
    const cwd = await privateFolder();
    const put = (stdin: string) => run('lake-put', ['a', '--no-clobber'], { cwd, stdin });
    await put('one');
    expect(await put('one')).toMatchObject({ ...good, stdout: 'a\n' });
    expect(await put('two')).toMatchObject({ status: 69, stdout: '' });
    expect(files(cwd)).toEqual({ a: 'one' });
  });

  it('has half an object nowhere after a signal', async () => {
    const cwd = await privateFolder();
    const child = start('lake-put', ['lake/'], { cwd });
    const end = ended(child);
    child.stdin?.write('x'.repeat(1 << 20));
    const lake = join(cwd, 'lake');
    await until(() => readdirSync(cwd).includes('lake') && readdirSync(lake).length > 0, 'it has begun');
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ signal: 'SIGTERM', stdout: '', stderr: '' });
    expect(files(cwd)).toEqual({});
  });
});

describe('lake-put with records', () => {
  it('stores columns as CSV', async () => {
    const cwd = await privateFolder();
    const stdin = [
      '{"id":12345678901234567890,"user":"a,\\"b\\"\\n","meta":{"x.y":1.50}}',
      '{"id":null,"user":"","meta":{"x.y":[1,{"z":2}]}}',
      '',
      '{"user":true}\r',
    ].join('\n');
    const { stdout, ...rest } = await run('lake-put', ['lake/', '--csv', '--fields', 'id,user,meta.x\\.y'], {
      cwd,
      stdin,
    });
    expect(rest).toEqual(good);
    const text = 'id,user,meta.x.y\n12345678901234567890,"a,""b""\n",1.50\n,"","[1,{""z"":2}]"\n,true,\n';
    expect(files(cwd)).toEqual({ [`lake/${first(text)}.csv`]: text });
    expect(stdout).toBe(`lake/${first(text)}.csv\n`);
  });

  it('stores a record of one empty column as a line that is not blank', async () => {
    const cwd = await privateFolder();
    await run('lake-put', ['lake/', '--csv', '--fields', 'id'], { cwd, stdin: '{"a":1}\n{"id":"{"}\n' });
    expect(Object.values(files(cwd))).toEqual(['id\n""\n"{"\n']);
  });

  it('stores lines of NDJSON as they came', async () => {
    const cwd = await privateFolder();
    const stdin = '\ufeff{"b": 1.0,  "a":"\\u0000ü"}\r\n{}\n';
    await run('lake-put', ['lake/', '--ndjson'], { cwd, stdin });
    const text = '{"b": 1.0,  "a":"\\u0000ü"}\n{}\n';
    expect(files(cwd)).toEqual({ [`lake/${first(text)}.ndjson`]: text });
  });

  it('rejects lines that are no objects, and uses the others', async () => {
    const cwd = await privateFolder();
    const stdin =
      '{"id":1}\n[1]\n{"id":\n"x"\n{"id":1,"id":2}\n{"id":"\\ud800"}\n{"id":"\\u0000"}\n{"id":"\xff"}\n';
    const { status, stderr } = await run('lake-put', ['lake/', ...CSV, '--rejects', 'bad'], {
      cwd,
      stdin: Buffer.from(stdin, 'latin1'),
    });
    expect([status, stderr.split('\n').at(-2)]).toEqual([
      0,
      'lake-put: 7 of 8 lines rejected: 3 not JSON, 1 with a repeated member, 3 not text',
    ]);
    expect(readFileSync(join(cwd, 'bad'), 'latin1')).toBe(stdin.split('\n').slice(1).join('\n'));
    expect(Object.values(files(join(cwd, 'lake')))).toEqual(['id,user\n1,\n']);
    expect(await run('lake-put', ['lake/', ...CSV], { cwd, stdin: 'x\n' })).toMatchObject({
      status: 65,
      stdout: '',
    });
  });

  it('divides them by the UTC date of a time', async () => {
    const cwd = await privateFolder();
    const stdin = lines(
      { t: '2026-11-21T23:00:00-02:00' },
      { t: 1795255200 },
      { t: 'x' },
      { t: '2026-11-22T01:00:00Z' },
    );
    const words = ['lake/', '--ndjson', '--by', 'date', '--time', 't', '--name', 'x{ext}'];
    expect(await run('lake-put', words, { cwd, stdin })).toMatchObject({
      status: 0,
      stdout: 'lake/date=2026-11-21/x.ndjson\nlake/date=2026-11-22/x.ndjson\n',
      stderr:
        'lake-put: stdin:3: "t" is not a time: "x"\nlake-put: 1 of 4 lines rejected: 1 without a time\n',
    });
    expect(files(cwd)['lake/date=2026-11-22/x.ndjson']).toBe(
      lines({ t: '2026-11-21T23:00:00-02:00' }, { t: '2026-11-22T01:00:00Z' }),
    );
  });

  it('divides them by a field, whose values lead nowhere', async () => {
    const cwd = await privateFolder();
    const stdin = lines({ u: { n: '../x' } }, { u: { n: null } }, {}, { u: { n: '' } }, { u: { n: 'ö=.' } });
    await run('lake-put', ['lake/', '--ndjson', '--by', 'u.n', '--name', 'x'], { cwd, stdin });
    expect(files(cwd)).toEqual({
      'lake/u.n=..%2Fx/x': lines({ u: { n: '../x' } }),
      'lake/u.n=__HIVE_DEFAULT_PARTITION__/x': lines({ u: { n: null } }, {}, { u: { n: '' } }),
      'lake/u.n=%C3%B6=./x': lines({ u: { n: 'ö=.' } }),
    });
  });

  it('has at most some objects open, and each record once', async () => {
    const cwd = await privateFolder();
    const records = Array.from({ length: 1000 }, (_, id) => ({ id, user: (id * 7) % 250 }));
    const { stdout } = await run('lake-put', ['lake/', ...CSV, '--by', 'user'], {
      cwd,
      stdin: lines(...records),
    });
    const stored = files(cwd);
    expect(stdout.trimEnd().split('\n').sort()).toEqual(Object.keys(stored));
    const rows = Object.values(stored).flatMap((text) => parse(text, { from_line: 2 }));
    expect(rows.map(([id]) => Number(id)).sort((a, b) => a - b)).toEqual(records.map(({ id }) => id));
  });

  it('does not put two objects of a run into one place', async () => {
    const cwd = await privateFolder();
    const stdin = lines({ id: 1 }, { id: 2 }, { id: 1 });
    const words = ['lake/', ...CSV, '--batch', '1', '--name', '{id}.csv'];
    expect(await run('lake-put', words, { cwd, stdin })).toMatchObject({
      status: 65,
      stdout: 'lake/1.csv\nlake/2.csv\n',
      stderr: 'lake-put: lake/1.csv: a second object has the same name: --name needs {hash} or {batch}\n',
    });
  });

  it('completes objects after N records, as they come', async () => {
    const cwd = await privateFolder();
    const child = start('lake-put', ['lake/', ...CSV, '--batch', '2'], { cwd });
    let seen = '';
    child.stdout?.on('data', (text) => {
      seen += text;
    });
    const end = ended(child);
    child.stdin?.write(lines({ id: 1 }, { id: 2 }, { id: 3 }));
    await until(() => seen.includes('\n'), 'the first object is complete');
    expect(Object.values(files(join(cwd, 'lake'))).includes('id,user\n1,\n2,\n')).toBe(true);
    child.stdin?.end();
    expect((await end).status).toBe(0);
    expect(Object.values(files(join(cwd, 'lake'))).sort()).toEqual(['id,user\n1,\n2,\n', 'id,user\n3,\n']);
  });

  it.each([
    [['--csv']],
    [['--fields', 'a']],
    [['--csv', '--ndjson', '--fields', 'a']],
    [['--by', 'a']],
    [['--batch', '1']],
    [['--ndjson', '--by', 'date']],
    [['--ndjson', '--by', 'x', '--time', 't']],
    [['--ndjson', '--time', 't']],
    [['--ndjson', '--by', 'a..b']],
    [['--ndjson', '--allow-empty']],
    [['--csv', '--fields', 'a,a']],
    [['--csv', '--fields', 'a..b']],
    [['--csv', '--fields', '']],
  ])('refuses %j', async (words) => {
    const cwd = await privateFolder();
    const { status, stdout } = await runHere(lakePut, [join(cwd, 'lake/'), ...words], {
      stdin: lines({ a: 1 }),
    });
    expect([status, stdout, readdirSync(cwd)]).toEqual([64, '', []]);
  });
});

describe('lake-put with a batch of a queue', () => {
  it('names its object by the batch, and replaces it when the batch comes again, longer', async () => {
    const cwd = await privateFolder();
    const put = (...records: unknown[]) =>
      run('lake-put', ['lake/', ...CSV], { cwd, stdin: lines(...records), env: batch(100) });
    expect((await put({ id: 1 })).stdout).toBe('lake/rc.queue-0-00000000000000000100.csv\n');
    await put({ id: 1 }, { id: 2 });
    expect(files(cwd)).toEqual({ 'lake/rc.queue-0-00000000000000000100.csv': 'id,user\n1,\n2,\n' });
  });

  it('names parts of it by their first record', async () => {
    const cwd = await privateFolder();
    const stdin = lines({ id: 1, user: 'a' }, { id: 2, user: 'b' }, { id: 3, user: 'a' });
    await run('lake-put', ['lake/', ...CSV, '--by', 'user'], {
      ...{ cwd, stdin },
      env: { ...batch(99), ETL_COUNT: '3' },
    });
    const name = 'rc.queue-0-00000000000000000';
    expect(files(cwd)).toEqual({
      [`lake/user=a/${name}099.csv`]: 'id,user\n1,a\n3,a\n',
      [`lake/user=b/${name}100.csv`]: 'id,user\n2,b\n',
    });
  });

  it('has each record once when the batch comes again in halves', async () => {
    const cwd = await privateFolder();
    const users = ['a', 'b', 'a', 'c', 'b', 'b', 'c', 'd'];
    const put = (from: number, to: number) =>
      run('lake-put', ['lake/', ...CSV, '--by', 'user'], {
        cwd,
        stdin: lines(...users.slice(from, to).map((user, at) => ({ id: from + at, user }))),
        env: { ...batch(100 + from), ETL_COUNT: String(to - from) },
      });
    for (const [from, to] of [
      [0, 8],
      [4, 8],
      [0, 4],
      [2, 4],
      [0, 2],
    ] as const)
      await put(from, to);
    const rows = Object.values(files(cwd)).flatMap((text) => text.trim().split('\n').slice(1));
    expect(rows.toSorted()).toEqual(users.map((user, id) => `${id},${user}`));
  });

  it('gives no name of the next batch to what a filter makes more records of', async () => {
    const cwd = await privateFolder();
    const put = (first: number) =>
      run('lake-put', ['lake/', ...CSV, '--batch', '1'], {
        cwd,
        stdin: lines({ id: `${first}a` }, { id: `${first}b` }),
        env: { ...batch(first), ETL_COUNT: '1' },
      });
    for (const first of [100, 101]) await put(first);
    expect(Object.values(files(cwd)).toSorted()).toEqual(
      ['100a', '100b', '101a', '101b'].map((id) => `id,user\n${id},\n`),
    );
  });

  it('stores nothing when a line is rejected, nor when none is left', async () => {
    const cwd = await privateFolder();
    const stdin = `${lines({ id: 1, user: 'a' })}x\n`;
    for (const words of [[], ['--by', 'user'], ['--batch', '1']])
      expect(await run('lake-put', ['lake/', ...CSV, ...words], { cwd, stdin, env: batch(1) })).toMatchObject(
        {
          status: 65,
          stdout: '',
        },
      );
    expect(await run('lake-put', ['lake/', ...CSV], { cwd, env: batch(1) })).toEqual({ ...good, stdout: '' });
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('keeps a name of the batch in one part', async () => {
    const cwd = await privateFolder();
    const env = { ETL_BATCH: '../a/b-1' };
    expect((await run('lake-put', ['lake/'], { cwd, stdin: 'x', env })).stdout).toBe('lake/..%2Fa%2Fb-1\n');
  });
});

describe('lake-put with a command', () => {
  it('stores what it prints, of its own stdin', async () => {
    const cwd = await privateFolder();
    expect(await run('lake-put', ['raw/', '--', 'tr', 'a-z', 'A-Z'], { cwd, stdin: 'text' })).toEqual({
      ...good,
      stdout: `raw/${first('TEXT')}\n`,
    });
    expect(
      await run('lake-put', ['raw/', ...CSV, '--', 'cat'], { cwd, stdin: lines({ id: 1 }) }),
    ).toMatchObject(good);
    expect(Object.values(files(cwd)).sort()).toEqual(['TEXT', 'id,user\n1,\n']);
  });

  it.each([
    ['exit 3', 3, 'sh: exit status 3'],
    ['exit 65', 65, 'sh: exit status 65'],
    ['kill -9 $$', 137, 'sh: killed by SIGKILL'],
  ])('stores nothing when it ends with %j', async (script, status, why) => {
    const cwd = await privateFolder();
    for (const words of [[], ['--ndjson'], ['--ndjson', '--batch', '1']]) {
      const command = ['raw/', ...words, '--', 'sh', '-c', `echo '{}'; echo '{}'; ${script}`];
      expect(await run('lake-put', command, { cwd })).toEqual({
        status,
        signal: null,
        stdout: '',
        stderr: `lake-put: ${why}: nothing is stored\n`,
      });
    }
    expect(files(cwd)).toEqual({});
  });

  it('says when it is not there, or prints nothing', async () => {
    const cwd = await privateFolder();
    expect(await run('lake-put', ['raw/', '--', 'no-such'], { cwd })).toEqual({
      status: 127,
      signal: null,
      stdout: '',
      stderr: 'lake-put: no-such: no such file or directory: nothing is stored\n',
    });
    expect(await run('lake-put', ['raw/', '--', 'true'], { cwd })).toMatchObject({
      status: 66,
      stderr: 'lake-put: true: is empty: nothing is stored\n',
    });
    expect(readdirSync(cwd)).toEqual([]);
  });

  it.each(['./', 'a/b/'])('fails (69) at %s in a folder that was removed', async (lake) => {
    const cwd = await privateFolder();
    const put = `timeout -s KILL 30 lake-put ${lake}`;
    const end = await shell(`mkdir gone && cd gone && rmdir ../gone && echo x | ${put}`, { cwd });
    const message = expect.stringContaining(`lake-put: ${lake}: no such file or directory\n`);
    expect(end).toMatchObject({ status: 69, stdout: '', stderr: message });
  });

  it('stores nothing of a download that breaks off', async () => {
    const cwd = await privateFolder();
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 });
      response.write('x'.repeat(500_000), () => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    // As curl does, which not every machine has.
    const download = `for await (const part of (await fetch('${url}')).body) process.stdout.write(part)`;
    const words = ['node', '--input-type=module', '-e', download];
    const end = await run('lake-put', ['raw/', '--', ...words], { cwd });
    expect([end.status, end.stdout, files(cwd)]).toEqual([1, '', {}]);
  });

  it('ends it with itself', async () => {
    const cwd = await privateFolder();
    const child = start('lake-put', ['raw/', '--', 'sh', '-c', 'echo $$ >pid; echo x; sleep 100'], { cwd });
    const end = ended(child);
    await until(() => /\n/.test(files(cwd).pid ?? ''), 'it runs');
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ signal: 'SIGTERM', stdout: '' });
    expect(() => process.kill(Number(files(cwd).pid), 0)).toThrow('ESRCH');
    expect(Object.keys(files(cwd))).toEqual(['pid']);
  });
});

it('has only whole files in the lake, however often it is killed', { tags: 'sized' }, async () => {
  const cwd = await privateFolder();
  const lake = join(cwd, 'lake');
  const random = seeded(7);
  const stdin = lines(...Array.from({ length: 3000 }, (_, id) => ({ id, user: `"${id % 20},\n` })));
  writeFileSync(join(cwd, 'in'), stdin);
  const check = () => {
    for (const [name, text] of Object.entries(files(cwd))) {
      if (name === 'in' || /\/\.lake-put-[0-9a-f]{16}$/.test(name)) continue;
      expect(name).toMatch(/^lake\/user=[^/]*\/[0-9a-f]{16}\.csv$/);
      const [header, ...rows]: string[][] = parse(text);
      expect([header, text.endsWith('\n'), rows.length]).toEqual([['id', 'user'], true, 150]);
    }
  };
  const words = ['lake/', ...CSV, '--by', 'user'];
  for (let kills = 0; kills < sized(10, 100); kills++) {
    const child = start('lake-put', words, { cwd });
    const end = ended(child);
    child.stdin?.end(stdin);
    const moment = performance.now() + random() * 250;
    await until(() => performance.now() > moment || child.exitCode !== null, 'the moment has come');
    check();
    child.kill('SIGKILL');
    await end;
    check();
  }
  expect(await run('lake-put', words, { cwd, stdin })).toMatchObject(good);
  check();
  expect(Object.keys(files(cwd)).length).toBe(21);
  expect(readdirSync(lake).filter((name) => name.startsWith('.'))).toEqual([]);
});

it('says in one line that the disk is full, and leaves nothing there', async () => {
  const cwd = await privateFolder();
  const { stdout } = await shell(
    `ulimit -f 8; trap '' XFSZ; head -c 1000000 /dev/zero | lake-put lake/ 2>&1; echo $?`,
    { cwd },
  );
  expect(stdout).toBe('lake-put: lake/: file too large\n74\n');
  expect(files(cwd)).toEqual({});
});

it('takes addresses of S3, and says in one line that its server is down', async () => {
  const env = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
  const words = ['s3://bucket/a/', '--wait', '0', '--name', 'x'];
  expect(await run('lake-put', words, { env, stdin: 'x' })).toEqual({
    ...{ status: 75, signal: null, stdout: '' },
    stderr: 'lake-put: s3://bucket/a/x: http://127.0.0.1:9: connection refused\n',
  });
  for (const [address, shown] of [
    ['s3://user:secret@bucket/a/', 's3://user:***@bucket/a/'],
    ['s3://bucket', 's3://bucket'],
    ['s3:bucket', 's3:bucket'],
  ] as const)
    expect(await run('lake-put', [address], { env, stdin: 'x' })).toMatchObject({
      status: 64,
      stderr: `lake-put: ${shown}: malformed address (write s3://BUCKET/PREFIX/)\n`,
    });
});
