/** What a command writes is no input of it, nothing is written twice, and no other kind of file is replaced. */

import { linkSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { privateFolder, shell } from '../harness.ts';

const LOG = '2026-11-21T10:00:00Z,a,1\nERR\n';
const SQLITE = Buffer.from('SQLite format 3\0, and pages');
const SAME = 'input file is output file';
const TWICE = 'output file is used twice';
const NOT_REPLACED = 'is not replaced (remove it, or choose another FILE)';

async function folder() {
  const cwd = await privateFolder();
  writeFileSync(join(cwd, 'a.log'), LOG);
  writeFileSync(join(cwd, 'b.log'), LOG);
  writeFileSync(join(cwd, 'stats.db'), SQLITE);
  symlinkSync('a.log', join(cwd, 'link'));
  linkSync(join(cwd, 'a.log'), join(cwd, 'hard'));
  return cwd;
}

describe('a file that is written', () => {
  // README: "An output is never also an input."
  // README: "A tool refuses to write a file that it also reads, or to replace a file of another kind, such as a
  // database, with text: it exits with 64 and touches nothing."
  it.each([
    ['get-stats --rejects a.log a.log', `get-stats: a.log: ${SAME}`],
    ['get-stats --rejects link a.log', `get-stats: link: ${SAME}`],
    ['get-stats --rejects a.log hard', `get-stats: a.log: ${SAME}`],
    ['get-stats --rejects a.log < a.log', `get-stats: a.log: ${SAME}`],
    ['get-stats -o a.log a.log', `get-stats: a.log: ${SAME}`],
    ['get-stats a.log >> a.log', `get-stats: stdout: ${SAME}`],
    ['get-stats -o out --rejects out b.log', `get-stats: out: ${TWICE}`],
    ['get-stats -o out --rejects ./out b.log', `get-stats: ./out: ${TWICE}`],
    ['get-stats -o b.log a.log > b.log', `get-stats: b.log: ${TWICE}`],
    ['parse-log --rejects a.log a.log', `parse-log: a.log: ${SAME}`],
    ['load-stats --rejects a.log a.log', `load-stats: a.log: ${SAME}`],
    ['load-stats --to x.csv --rejects x.csv a.log', `load-stats: x.csv: ${TWICE}`],
    ['load-rows --to a.log --table t a.log', `load-rows: a.log: ${SAME}`],
    ['plot-stats --rejects a.log a.log', `plot-stats: a.log: ${SAME}`],
    ['plot-stats --png stats.db stats.db', `plot-stats: stats.db: ${SAME}`],
    ['plot-stats --svg x --png x a.log', `plot-stats: x: ${TWICE}`],
    ['get-temp --rejects a.log replay:link', `get-temp: a.log: ${SAME}`],
    ['GET_TEMP_SENSOR=replay:a.log get-temp --rejects a.log', `get-temp: a.log: ${SAME}`],
    ['buffer-tail a.log < a.log', `buffer-tail: a.log: ${SAME}`],
    ['buffer-tail --overflow hard a.log < b.log', `buffer-tail: hard: ${TWICE}`],
    ['get-stats --rejects /dev/fd/3 a.log 3>> a.log', `get-stats: /dev/fd/3: ${SAME}`],
    ['get-stats -o /proc/self/fd/3 a.log 3<> hard', `get-stats: /proc/self/fd/3: ${SAME}`],
    ['parse-log --rejects /dev/fd/3 < a.log 3>> a.log', `parse-log: /dev/fd/3: ${SAME}`],
    ['get-stats -o b.log --rejects /dev/fd/3 a.log 3>> ./b.log', `get-stats: /dev/fd/3: ${TWICE}`],
  ])('is nothing else of the command: %s', async (command, message) => {
    const cwd = await folder();
    const before = command.endsWith('> b.log') ? '' : LOG;
    expect(await shell(command, { cwd, stdin: '1\n' })).toEqual({
      status: 64,
      signal: null,
      stdout: '',
      stderr: `${message}\n`,
    });
    expect([readFileSync(join(cwd, 'a.log'), 'utf8'), readFileSync(join(cwd, 'b.log'), 'utf8')]).toEqual([
      LOG,
      before,
    ]);
  });

  // README: "A tool refuses to write a file that it also reads, or to replace a file of another kind, such as a
  // database, with text: it exits with 64 and touches nothing."
  it.each([
    ['get-stats -o stats.db a.log', 'get-stats'],
    ['get-stats --rejects stats.db a.log', 'get-stats'],
    ['plot-stats --svg stats.db a.log', 'plot-stats'],
    ['buffer-tail -n 10 stats.db < a.log', 'buffer-tail'],
    ['buffer-tail -n all stats.db < a.log', 'buffer-tail'],
    ['buffer-tail --overflow stats.db c.log < a.log', 'buffer-tail'],
    ['log-gen -n 1 --truth stats.db', 'log-gen'],
  ])('does not take the place of a database: %s', async (command, tool) => {
    const cwd = await folder();
    const { status, stderr } = await shell(command, { cwd });
    expect([status, stderr]).toEqual([64, `${tool}: stats.db: SQLite database ${NOT_REPLACED}\n`]);
    expect(readFileSync(join(cwd, 'stats.db'))).toEqual(SQLITE);
  });

  it.each([
    ['load-stats --to new.db --rejects new.db-wal a.log', 'new.db'],
    ['load-rows --to new.db --table t --rejects ./new.db-shm a.log', './new.db'],
    ['queue-put new.queue --key k --rejects new.queue-journal', 'new.queue'],
    ['get-stats -o stats.db-wal a.log', 'stats.db'],
    ['get-stats --rejects stats.db-journal a.log', 'stats.db'],
    ['load-stats --to stats.db-shm a.log', 'stats.db'],
  ])('has no name under which SQLite keeps a file of its own: %s', async (command, database) => {
    const cwd = await folder();
    const { status, stderr } = await shell(command, { cwd, stdin: '1\n' });
    expect([status, stderr]).toEqual([
      64,
      expect.stringContaining(`: is a file of the database ${database}\n`),
    ]);
    expect(readdirSync(cwd).sort()).toEqual(['a.log', 'b.log', 'hard', 'link', 'stats.db']);
  });

  it.each([
    ['get-stats -o new/ a.log', 'get-stats: new/: is the name of a folder'],
    ['get-stats --rejects new/ a.log', 'get-stats: new/: is the name of a folder'],
    ['load-stats --to new/ a.log', 'load-stats: new/: is the name of a folder'],
    ['buffer-tail new/', 'buffer-tail: new/: is the name of a folder'],
    ['queue-put new/', 'queue-put: new/: is the name of a folder'],
    ['plot-stats --png new/ a.log', 'plot-stats: new/: is the name of a folder'],
    ["get-stats -o '' a.log", 'get-stats: the name of an output file is empty'],
    ["buffer-tail --overflow '' new", 'buffer-tail: the name of an output file is empty'],
  ])('has the name of a file: %s', async (command, message) => {
    const cwd = await folder();
    const { status, stderr } = await shell(command, { cwd, stdin: '1\n' });
    expect([status, stderr]).toEqual([64, `${message}\n`]);
    expect(readdirSync(cwd).sort()).toEqual(['a.log', 'b.log', 'hard', 'link', 'stats.db']);
  });

  it.each([
    ['queue-put pipe'],
    ['queue-take pipe --exit-when-empty'],
    ['queue-make pipe'],
    ['load-stats --to pipe a.log'],
    ['load-rows --to pipe --table t a.log'],
    ['lake-put pipe'],
    ['serve-stats pipe'],
  ])('is a database only as a regular file: %s', async (command) => {
    const cwd = await folder();
    expect((await shell('mkfifo pipe', { cwd })).status).toBe(0);
    const { status, stderr } = await shell(command, { cwd, stdin: '1\n' });
    expect([status, stderr]).toEqual([64, `${command.split(' ')[0]}: pipe: is not a regular file\n`]);
    expect(readdirSync(cwd).sort()).toEqual(['a.log', 'b.log', 'hard', 'link', 'pipe', 'stats.db']);
  });

  it.each([
    [String.raw`buffer-tail $'Malm\xf6.log'`, 'buffer-tail'],
    [String.raw`get-stats -o $'o\xf6' a.log`, 'get-stats'],
    [String.raw`queue-put $'\xff\ufffd.queue'`, 'queue-put'],
    [String.raw`queue-take q --group $'\xff' -- cat`, 'queue-take'],
    [String.raw`queue-put q -- printf $'\xff'`, 'queue-put'],
  ])('is not made under another name than that of the command line: %s', async (command, tool) => {
    const cwd = await folder();
    const { status, stderr } = await shell(command, { cwd, stdin: '1\n' });
    expect([status, stderr]).toEqual([64, expect.stringMatching(`^${tool}: an argument is not UTF-8: "`)]);
    expect(readdirSync(cwd).sort()).toEqual(['a.log', 'b.log', 'hard', 'link', 'stats.db']);
  });

  it('may have U+FFFD in its name', async () => {
    const cwd = await folder();
    expect((await shell(String.raw`get-stats -q -o $'\ufffd' a.log`, { cwd })).status).toBe(0);
    expect(readdirSync(cwd)).toContain('\ufffd');
  });

  it.each([
    ['load-stats --to q rows', 'load-stats'],
    ['load-rows --to q --table t rows', 'load-rows'],
    ['load-rows --to q --table block --alter rows', 'load-rows'],
    ['load-rows --to ./link.queue --table t rows', 'load-rows'],
  ])('is no queue, unless it is written as one: %s', async (command, tool) => {
    const cwd = await folder();
    symlinkSync('q', join(cwd, 'link.queue'));
    await shell('get-stats -q a.log > rows; echo a | queue-put q', { cwd });
    const before = readFileSync(join(cwd, 'q'));
    const { status, stderr } = await shell(command, { cwd });
    expect([status, stderr]).toEqual([78, expect.stringMatching(`^${tool}: \\S+: is a queue`)]);
    expect(readFileSync(join(cwd, 'q'))).toEqual(before);
    expect(readdirSync(cwd).filter((name) => /^q./.test(name))).toEqual([]);
  });

  it('may end in -wal beside what is no database', async () => {
    const cwd = await folder();
    expect((await shell('get-stats -q -o a.log-wal a.log', { cwd })).status).toBe(0);
  });

  // README: "A tool refuses to write a file that it also reads, or to replace a file of another kind, such as a
  // database, with text: it exits with 64 and touches nothing."
  it.each([
    ['gzip file', '\x1f\x8b\x08'],
    ['bzip2 file', 'BZh9'],
    ['xz file', '\xfd7zXZ\0'],
    ['zstd file', '\x28\xb5\x2f\xfd'],
    ['zip file', 'PK\x03\x04'],
    ['ELF program', '\x7fELF'],
    ['PNG picture', '\x89PNG\r\n\x1a\n'],
    ['JPEG picture', '\xff\xd8\xff\xe0'],
    ['PDF file', '%PDF-1.7'],
  ])('is no %s', async (kind, magic) => {
    const cwd = await folder();
    writeFileSync(join(cwd, 'other'), Buffer.from(magic, 'latin1'));
    expect((await shell('get-stats -o other a.log', { cwd })).stderr).toBe(
      `get-stats: other: ${kind} ${NOT_REPLACED}\n`,
    );
  });

  it('is a picture only in the place of one, or of nothing', async () => {
    const cwd = await folder();
    writeFileSync(join(cwd, 'empty'), '');
    const rows = 'get-stats -q -w 1h a.log | plot-stats';
    expect((await shell(`${rows} --png b.log`, { cwd })).stderr).toBe(
      `plot-stats: b.log: other content ${NOT_REPLACED}\n`,
    );
    for (const name of ['empty', 'new', 'new'])
      expect(await shell(`${rows} --png ${name} && ${rows} --svg ${name}.svg`, { cwd })).toMatchObject({
        status: 0,
      });
  });

  it('may hold the NULs that a power cut leaves in a log', async () => {
    const cwd = await folder();
    writeFileSync(join(cwd, 'cut.log'), `1\n${'\0'.repeat(100)}`);
    expect(await shell('echo 2 | buffer-tail cut.log', { cwd })).toMatchObject({ status: 0 });
  });
});

describe('a stream', () => {
  it('is written where it has got to, and never replaced', async () => {
    const cwd = await folder();
    const command = 'get-stats -q -o /dev/stdout a.log';
    await shell(`(echo before; ${command}; echo after) > out`, { cwd });
    expect(readFileSync(join(cwd, 'out'), 'utf8')).toMatch(/^before\nsensor,.*\na,all,.*\nafter\n$/);
    await shell('(echo before; get-stats -q -o /dev/fd/3 a.log; echo after >&3) 3> out', { cwd });
    expect(readFileSync(join(cwd, 'out'), 'utf8')).toMatch(/^sensor,.*\na,all,.*\nafter\n$/);
  });

  it('may be a device, a pipe, and both outputs', async () => {
    const cwd = await folder();
    expect(await shell('get-stats -q -o /dev/null --rejects /dev/null a.log', { cwd })).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(await shell('get-stats -q -o >(cat >&2) a.log; wait', { cwd })).toMatchObject({
      stderr: expect.stringMatching(/^sensor,/),
    });
    expect((await shell('get-stats -q --rejects /dev/stderr a.log', { cwd })).stderr).toBe('ERR\n');
  });
});

describe('a file that is read', () => {
  it('ends where it ended when it was opened', async () => {
    const cwd = await folder();
    writeFileSync(join(cwd, 'growing'), 'x\n'.repeat(100_000));
    // Each rejected line makes it longer: that would have no end.
    const { status } = await shell(
      'tail -n +1 -f --pid=$$ rejected >> growing & get-stats -q --rejects rejected growing; status=$?; kill %1; exit $status',
      { cwd },
    );
    expect(status).toBe(65);
    expect(readFileSync(join(cwd, 'rejected'), 'utf8').length).toBe(200_000);
  });

  it('may be one that tells no size', async () => {
    const { status, stdout } = await shell(
      'get-stats -d " " --value 1 < /proc/uptime; get-stats -d " " --value 1 /proc/uptime',
    );
    expect([status, stdout.split('\n').length]).toEqual([0, 5]);
  });
});

describe('--rejects', () => {
  it('ends a torn line before it adds its own', async () => {
    const cwd = await folder();
    writeFileSync(join(cwd, 'rejected'), 'whole\nhal');
    await shell('get-stats -q --rejects rejected a.log', { cwd });
    expect(readFileSync(join(cwd, 'rejected'), 'utf8')).toBe('whole\nhal\nERR\n');
  });

  it('keeps the bytes of a line, whatever they are', async () => {
    const cwd = await folder();
    const bad = Buffer.from('2026-11-21T10:00:00Z,Malm\xf6 \xc3\xa9 \xf0\x9f\x98\x80 \xff,x\n', 'latin1');
    writeFileSync(join(cwd, 'bad.log'), Buffer.concat([Buffer.from('1\n'), bad]));
    await shell('get-stats -q --rejects rejected bad.log', { cwd });
    expect(readFileSync(join(cwd, 'rejected'))).toEqual(bad);
  });

  // README: "Nothing is lost silently."
  it('is whole, or the status is 74', async () => {
    const cwd = await folder();
    writeFileSync(join(cwd, 'bad.log'), `1\n${'x'.repeat(3000)}\n`);
    const command = '(ulimit -f 2; trap "" XFSZ; exec get-stats -q --rejects rejected bad.log)';
    const { status, stderr } = await shell(command, { cwd });
    expect([status, stderr]).toEqual([74, 'get-stats: rejected: file too large\n']);
    await shell('get-stats -q --rejects rejected a.log', { cwd });
    expect(readFileSync(join(cwd, 'rejected'), 'utf8')).toMatch(/^x{2048}\nERR\n$/);
  });
});
