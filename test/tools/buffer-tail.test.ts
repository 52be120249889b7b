import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type Ended,
  ended,
  holdLock,
  privateFolder,
  type RunOptions,
  run,
  shell,
  start,
  until,
} from '../harness.ts';
import { otherUser } from '../other-user.ts';
import { sized } from '../thorough.ts';
import { killRounds } from './buffer-tail-kill.ts';

const isRoot = process.getuid?.() === 0;
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `${from + at}\n`).join('');
const at = (time: string, value = '1') => `2026-11-21T${time}:00Z,attic,${value}\n`;

/** buffer-tail in a private folder with these files in it. */
async function inFolder(files: Record<string, string | Buffer> = {}) {
  const cwd = await privateFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  return {
    cwd,
    path: (name: string) => join(cwd, name),
    tail: (words: string[], stdin: string | Buffer = '', setting: RunOptions = {}) =>
      run('buffer-tail', words, { cwd, stdin, ...setting }),
    start: (words: string[]) => start('buffer-tail', words, { cwd }),
    read: (name: string) => readFileSync(join(cwd, name), 'utf8'),
    bytes: (name: string) => readFileSync(join(cwd, name)),
    files: () => readdirSync(cwd).sort(),
  };
}

const printed = (stdout: string): Ended => ({ status: 0, signal: null, stdout, stderr: '' });
const failed = (status: number, message: string): Ended => ({
  status,
  signal: null,
  stdout: '',
  stderr: `buffer-tail: ${message}\n`,
});

describe('buffer-tail FILE', () => {
  it('creates FILE as the umask says', async () => {
    const { cwd, path, read, files } = await inFolder();
    expect(await shell('umask 027; buffer-tail log', { cwd, stdin: 'a\n' })).toEqual(printed('a\n'));
    expect(read('log')).toBe('a\n');
    expect(statSync(path('log')).mode & 0o777).toBe(0o640);
    expect(files()).toEqual(['log']);
  });

  it('keeps the last 60 lines', async () => {
    const { tail, read } = await inFolder();
    await tail(['log'], numbers(1, 59));
    expect(await tail(['log'], '60\n')).toEqual(printed(numbers(1, 60)));
    expect(await tail(['log'], '61\n')).toEqual(printed(numbers(2, 61)));
    expect(await tail(['log'], numbers(62, 200))).toEqual(printed(numbers(141, 200)));
    expect(read('log')).toBe(numbers(141, 200));
  });

  it('keeps as many lines as asked, and forgets at once when asked for fewer', async () => {
    const { tail, read } = await inFolder({ log: numbers(1, 10) });
    expect(await tail(['-n', '8', 'log'], '11\n')).toEqual(printed(numbers(4, 11)));
    expect(await tail(['-n3', 'log'], '12\n')).toEqual(printed(numbers(10, 12)));
    expect(read('log')).toBe(numbers(10, 12));
  });

  it('reads only the end of a long FILE, and no part of a line as a line', async () => {
    const { tail, read } = await inFolder({ log: numbers(1, 40_000) });
    expect(await tail(['-n', '3', '-u', 'log'], numbers(1, 9))).toEqual(printed(numbers(7, 9)));
    expect(read('log')).toBe(numbers(7, 9));
  });

  it('keeps the mode of FILE', async () => {
    const { path, tail } = await inFolder({ log: 'a\n' });
    chmodSync(path('log'), 0o604);
    await tail(['log'], 'b\n');
    expect(statSync(path('log')).mode & 0o777).toBe(0o604);
  });

  it.runIf(isRoot)('keeps the owner of FILE', async () => {
    const { cwd, path, tail } = await inFolder({ log: 'a\n' });
    execFileSync('chown', ['65534:65534', 'log'], { cwd });
    await tail(['log'], 'b\n');
    expect(statSync(path('log'))).toMatchObject({ uid: 65534, gid: 65534 });
  });

  it('leaves a link to FILE a link, also to one that is not there yet', async () => {
    const { path, tail, read, files } = await inFolder();
    mkdirSync(path('elsewhere'));
    symlinkSync('elsewhere/log', path('link'));
    await tail(['link'], 'a\n');
    expect(await tail(['link'], 'b\n')).toEqual(printed('a\nb\n'));
    expect(readlinkSync(path('link'))).toBe('elsewhere/log');
    expect(lstatSync(path('elsewhere/log')).isFile()).toBe(true);
    expect(read('elsewhere/log')).toBe('a\nb\n');
    expect(files()).toEqual(['elsewhere', 'link']);
  });

  it('keeps every byte of a line', async () => {
    const lines = Buffer.from('M\xfcnchen\0\x01\x7f\xff\n\n \t\na\rb\n', 'latin1');
    const { tail, bytes } = await inFolder({ log: Buffer.from('\xe9t\xe9\n', 'latin1') });
    await tail(['log'], lines);
    expect(bytes('log').toString('latin1')).toBe(`\xe9t\xe9\n${lines.toString('latin1')}`);
  });

  it('takes CRLF for LF, and leaves a BOM out', async () => {
    const { tail, read } = await inFolder({ log: 'a\n' });
    expect(await tail(['-u', 'log'], '\ufeffa\r\nb\r\n')).toEqual(printed('a\nb\n'));
    expect(read('log')).toBe('a\nb\n');
  });

  it('never keeps half a line of stdin', async () => {
    const { tail, read } = await inFolder();
    const torn =
      'buffer-tail: stdin:3: last line has no newline and is not kept\n' +
      'buffer-tail: 1 of 3 lines rejected: 1 torn\n';
    expect(await tail(['log'], 'a\nb\nhal')).toEqual({ ...printed('a\nb\n'), stderr: torn });
    expect(await tail(['-q', 'log'], 'c\nhal')).toEqual(printed('a\nb\nc\n'));
    expect(read('log')).toBe('a\nb\nc\n');
    expect(await tail(['--strict', '-q', '--rejects', 'rejects', 'log'], 'd\nhal')).toEqual({
      ...printed('a\nb\nc\nd\n'),
      status: 65,
    });
    expect(read('rejects')).toBe('hal\n');
  });

  it.each([
    [['log'], 'a\nb\n'],
    [['-u', 'log'], 'a\nb\n'],
    [['-n', '1', 'log'], 'b\n'],
    [['-n', 'all', 'log'], 'a\nb\n'],
    [['-n', 'all', '-u', 'log'], 'a\nb\n'],
    [['-n', '9', '--overflow', 'old', 'log'], 'a\nb\n'],
  ])('with %j never keeps half a line of FILE, and says so', async (words, kept) => {
    const { tail, read } = await inFolder({ log: 'a\nhal' });
    const torn =
      'buffer-tail: log:2: last line has no newline and is not kept\n' +
      'buffer-tail: 1 of 2 lines rejected: 1 torn\n';
    expect(await tail(words, 'b\n')).toEqual({ ...printed(kept), stderr: torn });
    expect(read('log')).toBe(kept);
    expect(await tail(words, 'b\n')).toMatchObject({ status: 0, stderr: '' });
  });

  it.each([[['-n', '60']], [['-n', 'all', '-u']], [['-n', '60', '--overflow', 'old']]])(
    'with %j keeps half a line of FILE in the rejects, and --strict sees it',
    async (words) => {
      const { tail, read } = await inFolder({ log: 'a\nM\u00fcn' });
      expect(await tail([...words, '--strict', '-q', '--rejects', 'rejects', 'log'], 'b\n')).toEqual({
        ...printed('a\nb\n'),
        status: 65,
      });
      expect(read('rejects')).toBe('M\u00fcn\n');
    },
  );

  it('says so of half a line in the overflow', async () => {
    const { tail, read } = await inFolder({ log: 'a\n', old: 'z\nhal' });
    const { stderr } = await tail(['-n1', '--rejects', 'rejects', '--overflow', 'old', 'log'], 'b\n');
    expect(stderr).toContain('buffer-tail: old:2: last line has no newline and is not kept\n');
    expect([read('old'), read('rejects')]).toEqual(['z\na\n', 'hal\n']);
  });

  it('refuses a FILE whose end is no line', async () => {
    const { tail, bytes } = await inFolder({ log: `a\n${'x'.repeat((1 << 20) + 1)}` });
    for (const words of [
      ['-n', '60'],
      ['-n', 'all'],
    ])
      expect(await tail([...words, 'log'], 'b\n')).toEqual(
        failed(64, 'log: is not a file of lines: the last 1048576 bytes have no newline'),
      );
    expect(bytes('log')).toHaveLength((1 << 20) + 3);
  });

  it.each([
    ['nothing', ''],
    ['half a line', 'hal'],
  ])('leaves FILE alone when stdin holds %s', async (_, stdin) => {
    const { path, tail, files } = await inFolder({ log: 'a\nhal' });
    const before = statSync(path('log'));
    const { status, stdout, stderr } = await tail(['log'], stdin);
    expect([status, stdout]).toEqual([66, '']);
    expect(stderr).toContain('buffer-tail: no complete line on stdin\n');
    expect(statSync(path('log'))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs, size: 5 });
    await tail(['new'], stdin);
    expect(files()).toEqual(['log']);
  });

  it('leaves FILE alone when the program before it fails', async () => {
    const { cwd, read } = await inFolder({ log: 'a\n' });
    expect(await shell('false | buffer-tail log', { cwd })).toEqual(failed(66, 'no complete line on stdin'));
    expect(read('log')).toBe('a\n');
  });

  it('is changed as lines come, while stdin stays open', async () => {
    const { path, start: begin, read } = await inFolder();
    const child = begin(['-n', '2', 'log']);
    const end = ended(child);
    child.stdin?.write('a\nb');
    await until(() => existsSync(path('log')) && read('log') === 'a\n', 'the first line is in FILE');
    child.stdin?.write('\nc\n');
    await until(() => read('log') === 'b\nc\n', 'the next lines are in FILE');
    child.stdin?.end();
    expect(await end).toEqual(printed('b\nc\n'));
  });

  it('sees lines that others added meanwhile', async () => {
    const { path, start: begin, read, tail } = await inFolder();
    const child = begin(['log']);
    const end = ended(child);
    child.stdin?.write('a\n');
    await until(() => existsSync(path('log')), 'the first line is in FILE');
    await tail(['log'], 'b\n');
    child.stdin?.end('c\n');
    expect(await end).toEqual(printed('a\nb\nc\n'));
    expect(read('log')).toBe('a\nb\nc\n');
  });

  it('keeps the whole lines that it has when it is asked to end, and dies by the signal', async () => {
    const { path, start: begin, read, files } = await inFolder();
    const child = begin(['log']);
    const end = ended(child);
    child.stdin?.write('a\nb\nhal');
    await until(() => existsSync(path('log')), 'lines are in FILE');
    child.kill('SIGTERM');
    expect(await end).toEqual({ status: null, signal: 'SIGTERM', stdout: '', stderr: '' });
    expect(read('log')).toBe('a\nb\n');
    expect(files()).toEqual(['log']);
  });

  it('takes over what a killed process left', async () => {
    const { tail, read, files } = await inFolder({ log: 'a\n', '.log.next': 'half of something lon' });
    expect(await tail(['log'], 'b\n')).toEqual(printed('a\nb\n'));
    expect(read('log')).toBe('a\nb\n');
    expect(files()).toEqual(['log']);
  });
});

describe('buffer-tail as a filter', () => {
  it('prints the last lines when input ends', async () => {
    const { tail, files } = await inFolder();
    expect(await tail([], numbers(1, 100))).toEqual(printed(numbers(41, 100)));
    expect(await tail(['-n', '2', '-'], 'a\nb\nc\n')).toEqual(printed('b\nc\n'));
    expect(await tail(['-n', 'all'], numbers(1, 100))).toEqual(printed(numbers(1, 100)));
    expect(await tail(['-u'], 'a\nb\na\n')).toEqual(printed('a\nb\n'));
    expect(files()).toEqual([]);
  });

  it('prints nothing for nothing', async () => {
    const { tail } = await inFolder();
    expect(await tail([])).toEqual(printed(''));
  });

  it('has no overflow', async () => {
    const { tail } = await inFolder();
    expect(await tail(['--overflow', 'old'], 'a\n')).toEqual(failed(64, '--overflow needs FILE'));
  });
});

describe('buffer-tail --last', () => {
  it('keeps what is less old than that, by the time of the lines', async () => {
    const { tail, read } = await inFolder({ log: at('10:00') + at('10:01') + at('10:30') });
    expect(await tail(['--last', '1h', 'log'], at('11:00'))).toEqual(
      printed(at('10:01') + at('10:30') + at('11:00')),
    );
    expect(read('log')).toBe(at('10:01') + at('10:30') + at('11:00'));
  });

  it('goes by the newest line, wherever it stands', async () => {
    const { tail } = await inFolder({ log: at('10:31') });
    expect(await tail(['--last', '1h', 'log'], at('11:30') + at('10:30') + at('10:32'))).toEqual(
      printed(at('10:31') + at('11:30') + at('10:32')),
    );
  });

  // README: "A line from before the window is counted, and kept with `--overflow` or `--rejects`."
  it('counts a line from before the window that FILE held as late, and keeps it in the rejects', async () => {
    const { tail, read } = await inFolder({ log: at('11:30') });
    const lines = `${at('10:30')}${at('10:31')}1970-01-01T00:00:10Z,attic,1\n`;
    expect(await tail(['--last', '1h', '--rejects', 'rejects', 'log'], lines)).toEqual({
      ...printed(at('11:30') + at('10:31')),
      stderr:
        'buffer-tail: stdin:1: line is late: older than the window that log held\n' +
        'buffer-tail: 2 of 3 lines rejected: 2 late\n',
    });
    expect(read('rejects')).toBe(`${at('10:30')}1970-01-01T00:00:10Z,attic,1\n`);
    expect(read('log')).toBe(at('11:30') + at('10:31'));
  });

  // README: "A line from before the window is counted, and kept with `--overflow` or `--rejects`."
  it('moves a late line to the overflow, counted, and not to the rejects as well', async () => {
    const { tail, read, files } = await inFolder({ log: at('11:30') });
    const words = ['--last', '1h', '--rejects', 'rejects', '--overflow', 'old', '--strict', 'log'];
    const { status, stdout, stderr } = await tail(words, at('10:00') + at('12:00'));
    expect([status, stdout]).toEqual([65, at('11:30') + at('12:00')]);
    expect(stderr).toContain('buffer-tail: 1 of 2 lines rejected: 1 late\n');
    expect([read('old'), files()]).toEqual([at('10:00'), ['log', 'old']]);
  });

  it('takes for ordinary overflow what newer lines of the same input push out', async () => {
    const { tail, read } = await inFolder();
    const clockless = '1970-01-01T00:00:10Z,attic,1\n';
    const lines = at('10:00') + clockless + at('10:02');
    expect(await tail(['--last', '1h', '--overflow', 'old', 'log'], lines)).toEqual(
      printed(at('10:00') + at('10:02')),
    );
    expect(read('old')).toBe(clockless);
    expect(await tail(['--last', '1h', '--overflow', 'old', 'log'], at('11:30') + at('10:20'))).toEqual(
      printed(at('11:30')),
    );
    expect(read('old')).toBe(clockless + at('10:00') + at('10:02') + at('10:20'));
  });

  it('measures what is late by FILE as it was when the command began', async () => {
    const { path, start: begin, read } = await inFolder({ log: at('10:00') });
    const child = begin(['--last', '1h', 'log']);
    const end = ended(child);
    child.stdin?.write(at('12:00'));
    await until(() => read('log') === at('12:00'), 'the first line is in FILE');
    child.stdin?.end(at('10:30'));
    expect(await end).toEqual(printed(at('12:00')));
    expect(statSync(path('log')).size).toBe(at('12:00').length);
  });

  // README: "A wrong clock loses nothing."
  // README: "A line or row that is more than `--ahead` (1h) in the future is rejected or left out: it never moves a
  // window, a chart or the newest row."
  it.each([['log'], ['-']])('rejects a line that is far ahead of the clock: %s', async (file) => {
    const { tail } = await inFolder(file === 'log' ? { log: at('10:00') } : {});
    const soon = `${new Date(Date.now() + 1_800_000).toISOString()},attic,1\n`;
    expect(
      await tail(['--last', '99d', file], `2038-01-19T03:14:07Z,attic,1\n${soon}${at('10:01')}`),
    ).toEqual({
      ...printed((file === 'log' ? at('10:00') : '') + soon + at('10:01')),
      stderr:
        'buffer-tail: stdin:1: line is more than 1h ahead of the clock: 2038-01-19T03:14:07Z\n' +
        'buffer-tail: 1 of 3 lines rejected: 1 future\n',
    });
  });

  // README: "A wrong clock loses nothing."
  it('takes a line that is far ahead of the clock out of FILE', async () => {
    const future = '2038-01-19T03:14:07Z,attic,1\n';
    const { tail, read } = await inFolder({ log: at('10:00') + future });
    expect(await tail(['--last', '1h', '--rejects', 'rejects', 'log'], at('10:01'))).toEqual({
      ...printed(at('10:00') + at('10:01')),
      stderr:
        'buffer-tail: log:2: line is more than 1h ahead of the clock: 2038-01-19T03:14:07Z\n' +
        'buffer-tail: 1 of 2 lines rejected: 1 future\n',
    });
    expect([read('log'), read('rejects')]).toEqual([at('10:00') + at('10:01'), future]);
  });

  it('takes any time with --ahead none, and as much as --ahead says', async () => {
    const { tail } = await inFolder();
    const future = '2038-01-19T03:14:07Z,attic,1\n';
    expect(await tail(['--last', '1h', '--ahead', 'none'], at('10:00') + future)).toEqual(printed(future));
    expect(await tail(['--last', '1h', '--ahead', '5000w'], at('10:00') + future)).toEqual(printed(future));
    expect(await tail(['--last', '1h', '--ahead', '1'], future)).toMatchObject({ status: 64 });
  });

  it('rejects lines of FILE without a time, or moves them to the overflow', async () => {
    const { tail, read } = await inFolder({ log: `ERR\n${at('10:00')}`, log2: `ERR\n${at('10:00')}` });
    const { stderr } = await tail(['--last', '1h', '--rejects', 'rejects', 'log'], at('10:01'));
    expect(stderr).toContain('buffer-tail: log:1: line does not begin with a time\n');
    expect([read('log'), read('rejects')]).toEqual([at('10:00') + at('10:01'), 'ERR\n']);
    expect(await tail(['--last', '1h', '--overflow', 'old', 'log2'], at('10:01'))).toEqual(
      printed(at('10:00') + at('10:01')),
    );
    expect(read('old')).toBe('ERR\n');
  });

  it('rejects lines without a time, and uses the others', async () => {
    const { tail, read } = await inFolder();
    expect(
      await tail(['--last', '1h', '--rejects', 'rejects', 'log'], `ERR\n${at('10:00')}21.5,x\n`),
    ).toEqual({
      ...printed(at('10:00')),
      stderr:
        'buffer-tail: stdin:1: line does not begin with a time\n' +
        'buffer-tail: 1 of 3 lines rejected: 1 without a time\n',
    });
    expect(read('rejects')).toBe('ERR\n');
  });

  it('rejects lines whose times have no offset, and says so', async () => {
    const { tail } = await inFolder();
    expect(await tail(['--last', '1h', 'log'], `2026-11-21 10:00,a,1\n${at('10:00')}`)).toEqual({
      ...printed(at('10:00')),
      stderr:
        'buffer-tail: stdin:1: time has no offset, so --last cannot tell how old the line is (--tz Europe/Berlin, or UTC)\n' +
        'buffer-tail: 1 of 2 lines rejected: 1 without an offset\n',
    });
  });

  it('reads them as of --tz, and times of another form by --time-format', async () => {
    const { tail } = await inFolder();
    const lines = '2026-11-21 10:00,a,1\n2026-11-21 10:59,a,2\n2026-11-21T10:00:30Z,a,3\n';
    expect(await tail(['--last', '1h', '--tz', 'Europe/Berlin', 'log'], lines)).toEqual(
      printed('2026-11-21 10:59,a,2\n2026-11-21T10:00:30Z,a,3\n'),
    );
    const german = '21.11.2026 10:00;1,5\n21.11.2026 11:00;2,5\n';
    const args = ['--last', '1h', '--tz', 'UTC', '--time-format', '%d.%m.%Y %H:%M'];
    expect(await tail(args, german)).toEqual(printed('21.11.2026 11:00;2,5\n'));
  });

  it('leaves FILE alone when no line has a time', async () => {
    const { tail, read } = await inFolder({ log: at('10:00') });
    const { status, stdout } = await tail(['--last', '1h', 'log'], 'ERR\nERR\n');
    expect([status, stdout, read('log')]).toEqual([65, '', at('10:00')]);
  });

  it('goes with -n: at most so many', async () => {
    const { tail } = await inFolder();
    const lines = at('10:00') + at('10:59') + at('11:00') + at('11:01');
    expect(await tail(['--last', '1h', '-n', '2', 'log'], lines)).toEqual(printed(at('11:00') + at('11:01')));
  });

  it('reads the time of the first line after a BOM, and of CRLF lines', async () => {
    const { tail } = await inFolder();
    const lines = (at('10:00') + at('10:01')).replaceAll('\n', '\r\n');
    expect(await tail(['--last', '1h', 'log'], `\ufeff${lines}`)).toEqual(printed(at('10:00') + at('10:01')));
  });
});

describe('buffer-tail --lines all', () => {
  it('only adds', async () => {
    const { path, tail, read, files } = await inFolder({ log: 'a\n' });
    const before = statSync(path('log')).ino;
    expect(await tail(['-n', 'all', 'log'], 'b\nc\n')).toEqual(printed('a\nb\nc\n'));
    expect(read('log')).toBe('a\nb\nc\n');
    expect(statSync(path('log')).ino).toBe(before);
    expect(files()).toEqual(['log']);
  });

  it('prints more than any pipe holds', async () => {
    const { tail } = await inFolder({ log: numbers(1, 200_000) });
    const { status, stdout } = await tail(['-n', 'all', 'log'], '200001\n');
    expect([status, stdout === numbers(1, 200_001)]).toEqual([0, true]);
  });

  it('loses and tears no line that another program appends meanwhile', { tags: 'sized' }, async () => {
    const { cwd, read } = await inFolder({ log: '' });
    const rounds = sized(12, 40);
    const command = `
      (until [ -e stop ]; do for i in {1..100}; do echo "theirs $((++n))" >>log; done; done; echo "$n" >count) &
      for ((i = 1; i <= ${rounds}; i++)); do seq -f 'ours %g' $((i * 300)) $((i * 300 + 299)) | buffer-tail -n all log >/dev/null; done
      touch stop; wait`;
    expect(await shell(command, { cwd })).toEqual(printed(''));
    const lines = read('log').split(/(?<=\n)/);
    const numbered = (name: string, from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => `${name} ${from + index}\n`);
    expect(lines.filter((line) => line.startsWith('ours'))).toEqual(
      numbered('ours', 300, 300 * rounds + 299),
    );
    expect(lines.filter((line) => !line.startsWith('ours'))).toEqual(
      numbered('theirs', 1, Number(read('count'))),
    );
  });

  it('leaves FILE alone when stdin is empty', async () => {
    const { tail, files } = await inFolder();
    expect(await tail(['-n', 'all', 'log'])).toEqual(failed(66, 'no complete line on stdin'));
    expect(files()).toEqual([]);
  });
});

describe('buffer-tail --unique', () => {
  // README: "`buffer-tail --unique` skips lines that FILE already holds."
  it.each([['60'], ['all']])('with -n %s leaves out what FILE holds, and what comes twice', async (count) => {
    const { tail, read } = await inFolder({ log: 'a\nb\n' });
    expect(await tail(['-u', '-n', count, 'log'], 'b\nc\nc\na\nd\n')).toEqual(printed('a\nb\nc\nd\n'));
    expect(await tail(['-u', '-n', count, 'log'], 'a\nd\n')).toEqual(printed('a\nb\nc\nd\n'));
    expect(read('log')).toBe('a\nb\nc\nd\n');
  });

  it('does not touch FILE when there is nothing new', async () => {
    const { path, tail } = await inFolder({ log: 'a\nb\n' });
    const before = statSync(path('log'));
    await tail(['-u', 'log'], 'b\n');
    expect(statSync(path('log'))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });
});

describe('buffer-tail --overflow', () => {
  it('keeps there what leaves the window', async () => {
    const { tail, read, files } = await inFolder({ log: numbers(1, 3) });
    expect(await tail(['-n', '3', '--overflow', 'old', 'log'], numbers(4, 5))).toEqual(
      printed(numbers(3, 5)),
    );
    expect(await tail(['-n', '3', '--overflow', 'old', 'log'], numbers(6, 20))).toEqual(
      printed(numbers(18, 20)),
    );
    expect([read('old'), read('log')]).toEqual([numbers(1, 17), numbers(18, 20)]);
    expect(files()).toEqual(['log', 'old']);
  });

  it('goes with --last', async () => {
    const { tail, read } = await inFolder({ log: at('10:30') + at('10:00') });
    await tail(['--last', '1h', '--overflow', 'old', 'log'], at('11:00') + at('12:00') + at('11:01'));
    expect(read('old')).toBe(at('10:30') + at('10:00') + at('11:00'));
    expect(read('log')).toBe(at('12:00') + at('11:01'));
  });

  it('refuses FILE itself, by whatever name', async () => {
    const { path, tail, read } = await inFolder({ log: 'a\n' });
    symlinkSync('log', path('link'));
    for (const name of ['log', './log', 'link'])
      expect(await tail(['--overflow', name, 'log'], 'b\n')).toEqual(
        failed(64, `${name}: output file is used twice`),
      );
    expect(await tail(['--overflow', 'new', './new'], 'b\n')).toEqual(
      failed(64, 'new: output file is used twice'),
    );
    expect(read('log')).toBe('a\n');
  });

  it('leaves FILE alone when the overflow cannot be written', async () => {
    const { path, tail, read } = await inFolder({ log: numbers(1, 60) });
    mkdirSync(path('folder'));
    expect(await tail(['--overflow', 'folder', 'log'], '61\n')).toEqual(failed(66, 'folder: is a directory'));
    expect(await tail(['--overflow', '/dev/full', 'log'], '61\n')).toEqual(
      failed(74, '/dev/full: is not a regular file and cannot be replaced'),
    );
    expect(read('log')).toBe(numbers(1, 60));
  });

  // README: "Lines that leave the window go to `--overflow`, each exactly once; other programs may append to that file,
  // too."
  // README: "Nothing is lost silently."
  it('has every line once when many write at the same time', { tags: 'sized' }, async () => {
    const count = sized(12, 30);
    const { cwd, read, files } = await inFolder();
    const command =
      'for ((i = 1; i <= count; i++)); do seq $((i * 10)) $((i * 10 + 9)) | buffer-tail -n 7 --overflow old --wait 50s log >/dev/null || echo failed & done; wait';
    expect(await shell(`count=${count}; ${command}`, { cwd })).toEqual(printed(''));
    const lines = `${read('old')}${read('log')}`.trimEnd().split('\n');
    expect(lines.sort((a, b) => Number(a) - Number(b))).toEqual(
      numbers(10, 10 * count + 9)
        .trimEnd()
        .split('\n'),
    );
    expect(read('log').trimEnd().split('\n')).toHaveLength(7);
    expect(files()).toEqual(['log', 'old']);
  });
});

describe('buffer-tail and other writers', () => {
  it('loses no line of many that write at the same time', { tags: 'sized' }, async () => {
    const count = sized(30, 100);
    const { cwd, read, files } = await inFolder();
    const command =
      'for ((i = 1; i <= count; i++)); do echo $i | buffer-tail -n 100 --wait 50s log >/dev/null || echo failed & done; wait';
    expect(await shell(`count=${count}; ${command}`, { cwd })).toEqual(printed(''));
    expect(
      read('log')
        .trimEnd()
        .split('\n')
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    expect(files()).toEqual(['log']);
  });

  it('loses no line when some keep a window of FILE and others only add to it', {
    tags: 'sized',
  }, async () => {
    const { cwd, read, tail } = await inFolder();
    const count = sized(16, 40);
    await tail(['log'], '0\n');
    const command =
      'for ((i = 1; i <= count; i++)); do n=100; ((i % 2)) && n=all; echo $i | buffer-tail -n $n --wait 50s log >/dev/null || echo failed & done; wait';
    expect(await shell(`count=${count}; ${command}`, { cwd })).toEqual(printed(''));
    expect(
      read('log')
        .trimEnd()
        .split('\n')
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: count + 1 }, (_, index) => index));
  });

  it.each([
    [['-n', '60'], '.log.next'],
    [['-n', '60'], 'log'],
    [['-n', 'all'], 'log'],
  ])('with %j waits for a lock, then goes on', async (words, lock) => {
    const { path, start: begin, read } = await inFolder({ log: 'a\n' });
    const holder = await holdLock(path(lock));
    const child = begin([...words, 'log']);
    const end = ended(child);
    child.stdin?.end('b\n');
    await holder.release();
    expect(await end).toEqual(printed('a\nb\n'));
    expect(read('log')).toBe('a\nb\n');
  });

  it.each([
    [['-n', '60'], '.log.next'],
    [['-n', 'all'], 'log'],
  ])('with %j gives up with 75 when the lock stays busy', async (words, lock) => {
    const { path, tail, read } = await inFolder({ log: 'a\n' });
    await holdLock(path(lock));
    const busy = failed(75, 'log: busy: another process holds its lock');
    expect(await tail([...words, '--wait', '100ms', 'log'], 'b\n')).toEqual(busy);
    expect(await tail([...words, '--on-busy', 'fail', 'log'], 'b\n')).toEqual(busy);
    expect(await tail([...words, '--on-busy=skip', 'log'], 'b\n')).toEqual({
      ...printed(''),
      stderr: 'buffer-tail: log: busy: input skipped\n',
    });
    expect(await tail([...words, '-q', '--on-busy=skip', 'log'], 'b\n')).toEqual(printed(''));
    expect(read('log')).toBe('a\n');
  });

  it('gives up at once though stdin stays open', async () => {
    const { path, start: begin } = await inFolder({ log: 'a\n' });
    await holdLock(path('.log.next'));
    const child = begin(['--on-busy', 'fail', 'log']);
    const end = ended(child);
    child.stdin?.write('b\n');
    expect(await end).toEqual(failed(75, 'log: busy: another process holds its lock'));
  });

  it('goes on when the one who held the lock was killed', async () => {
    const { path, tail } = await inFolder({ log: 'a\n' });
    const holder = await holdLock(path('.log.next'));
    await holder.kill();
    expect(await tail(['--on-busy', 'fail', 'log'], 'b\n')).toEqual(printed('a\nb\n'));
  });

  it('leaves FILE alone when the overflow is busy', async () => {
    const { path, tail, read, files } = await inFolder({ log: 'a\n', old: 'z\n' });
    await holdLock(path('old'));
    expect(await tail(['--on-busy', 'fail', '-n1', '--overflow', 'old', 'log'], 'b\n')).toEqual(
      failed(75, 'old: busy: another process holds its lock'),
    );
    expect([read('log'), files()]).toEqual(['a\n', ['log', 'old']]);
  });
});

describe('buffer-tail and files that it cannot use', () => {
  it.each([[[]], [['-n', 'all']]])('with %j refuses a folder', async (words: string[]) => {
    const { path, tail, files } = await inFolder();
    mkdirSync(path('log'));
    expect(await tail([...words, 'log'], 'a\n')).toEqual(failed(66, 'log: is a directory'));
    expect(files()).toEqual(['log']);
  });

  it('refuses a device', async () => {
    const { tail } = await inFolder();
    expect(await tail(['/dev/full'], 'a\n')).toEqual(
      failed(74, '/dev/full: is not a regular file and cannot be replaced'),
    );
    expect(await tail(['-n', 'all', '/dev/full'], 'a\n')).toEqual(
      failed(74, '/dev/full: is not a regular file'),
    );
  });

  it('refuses a FILE in a folder that is not there', async () => {
    const { tail } = await inFolder();
    expect(await tail(['no/log'], 'a\n')).toEqual(failed(66, 'no/log: no such file or directory'));
  });

  it.runIf(isRoot)('is locked out by nothing that root has left, killed at the wrong moment', async () => {
    const { cwd, path, tail, read, files } = await inFolder({ log: 'a\n', old: 'z\n' });
    for (const name of [cwd, path('log'), path('old')]) chownSync(name, 65534, 65534);
    for (const name of ['.log.next', '.old.moving']) writeFileSync(path(name), '', { mode: 0o600 });
    const words = ['-n1', '--overflow', 'old', 'log'];
    expect(await tail(words, 'b\n', { uid: 65_534 })).toEqual(printed('b\n'));
    expect([read('old'), read('log')]).toEqual(['z\na\n', 'b\n']);
    expect(files()).toEqual(['log', 'old']);
    writeFileSync(path('.log.next'), '', { mode: 0o600 });
    await holdLock(path('.log.next'));
    expect(await tail(['--on-busy', 'fail', 'log'], 'c\n', { uid: 65_534 })).toEqual(
      failed(75, 'log: busy: another process holds its lock'),
    );
  });

  it.runIf(isRoot)('makes its temporary files those of the owner of FILE', async () => {
    const { cwd, path, start: begin } = await inFolder({ log: 'a\n', old: 'z\n' });
    for (const name of [cwd, path('log'), path('old')]) chownSync(name, 65534, 65534);
    chmodSync(path('log'), 0o640);
    // It waits for the overflow while it has the other file.
    const holder = await holdLock(path('old'));
    const child = begin(['-n1', '--overflow', 'old', 'log']);
    const end = ended(child);
    child.stdin?.end('b\n');
    await until(
      () => existsSync(path('.log.next')) && statSync(path('.log.next')).uid !== 0,
      'it is given away',
    );
    expect(statSync(path('.log.next'))).toMatchObject({ uid: 65534, gid: 65534, mode: 0o100640 });
    await holder.release();
    await end;
  });

  it.skipIf(otherUser === undefined)('refuses a FILE that it must not read', async () => {
    const { cwd, path, tail, read } = await inFolder({ log: 'a\n' });
    chmodSync(path('log'), 0o000);
    chmodSync(cwd, 0o777);
    expect(await tail(['log'], 'b\n', otherUser)).toEqual(failed(66, 'log: permission denied'));
    chmodSync(path('log'), 0o600);
    expect(read('log')).toBe('a\n');
  });

  it.skipIf(otherUser === undefined)('refuses a FILE in a folder that it must not write', async () => {
    const { cwd, path, tail, files } = await inFolder({ log: 'a\n' });
    chmodSync(path('log'), 0o644);
    chmodSync(cwd, 0o555);
    expect(await tail(['log'], 'b\n', otherUser)).toEqual(failed(74, 'log: permission denied'));
    expect(await tail(['-n', 'all', 'new'], 'b\n', otherUser)).toEqual(failed(74, 'new: permission denied'));
    expect(files()).toEqual(['log']);
    chmodSync(cwd, 0o755);
  });

  it.each([[[]], [['-n', 'all']], [['-n', '1', '--overflow', 'old']]])(
    'with %j leaves FILE as it was when a file may not grow so long',
    async (words: string[]) => {
      const old = `${'x'.repeat(700)}\n`;
      const { cwd, read, files } = await inFolder({ log: old });
      const command = `ulimit -f 1; buffer-tail ${words.join(' ')} log`;
      const { status, stdout, stderr } = await shell(command, { cwd, stdin: `${'y'.repeat(1500)}\n` });
      expect({ status, stdout, stderr }).toEqual({
        status: 74,
        stdout: '',
        stderr: 'buffer-tail: log: file too large\n',
      });
      expect(read('log')).toBe(old);
      expect(files().filter((name) => name.startsWith('.log'))).toEqual([]);
    },
  );

  it.each([[[]], [['-n', 'all']], [['-n', '1', '--overflow', 'old']]])(
    'with %j leaves FILE as it was on a full disk',
    async (words: string[]) => {
      const folder = await privateFolder();
      if (!mounted(folder, '64k')) return;
      const old = `${'x'.repeat(20_000)}\n`;
      writeFileSync(join(folder, 'log'), old);
      const ending = await run('buffer-tail', [...words, 'log'], {
        cwd: folder,
        stdin: `${'y'.repeat(60_000)}\n`,
      });
      expect(ending.status).toBe(74);
      expect(ending.stdout).toBe('');
      expect(ending.stderr).toMatch(/^buffer-tail: (log|old): no space left on device\n$/);
      expect(readFileSync(join(folder, 'log'), 'utf8') === old).toBe(true);
      expect(readdirSync(folder).filter((name) => name.endsWith('.next'))).toEqual([]);
      // When there is room again, the next run goes on where this one began.
      const next = await run('buffer-tail', [...words, 'log'], { cwd: folder, stdin: 'z\n' });
      expect([next.status, next.stderr]).toEqual([0, '']);
      const overflow = existsSync(join(folder, 'old')) ? readFileSync(join(folder, 'old'), 'utf8') : '';
      expect(`${overflow}${readFileSync(join(folder, 'log'), 'utf8')}` === `${old}z\n`).toBe(true);
    },
  );
});

describe('buffer-tail when it is killed', () => {
  // README: "Files are always whole."
  // README: "`kill -9` leaves either the old window or the new one."
  // README: "With `-n all` it appends; if a kill leaves half a line, the next run removes it."
  it.each([
    ['with a window', ['-n', '20'], 1],
    ['with an overflow', ['-n', '20', '--overflow', 'old'], 2],
    ['with all lines', ['-n', 'all'], 3],
  ])('%s keeps FILE whole, and the next run goes on', async (_, words, seed) => {
    await killRounds(await privateFolder(), { words, seed, rounds: 8 });
  });
});

/** Mounts a small disk on the folder until the test is over; false, with the reason printed, where that is not allowed. */
function mounted(folder: string, size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', folder], { stdio: 'pipe' });
  } catch (error) {
    process.stderr.write(`skipped, a small disk cannot be mounted: ${error}\n`);
    return false;
  }
  onTestFinished(() => void execFileSync('umount', [folder]));
  return true;
}
