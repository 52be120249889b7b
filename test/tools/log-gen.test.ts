import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import logGen from '../../src/tools/log-gen.ts';
import { ended, privateFolder, run, shell, start, until } from '../harness.ts';
import { runInProcess } from '../in-process.ts';

const NOW = Date.UTC(2026, 10, 21, 10, 4);
const sha256 = (text: string) => createHash('sha256').update(text, 'latin1').digest('hex').slice(0, 16);

const runAt = (now: number, ...words: string[]) => runInProcess(logGen, words, { now, encoding: 'latin1' });

/** The log with these options, and its truth. */
async function runWithTruth(...words: string[]) {
  const truth = join(await privateFolder(), 'truth.json');
  const result = await runAt(NOW, '--truth', truth, ...words);
  return { ...result, truth: readTruth(truth) };
}

function readTruth(path: string) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

const linesOf = (text: string) => text.split('\n').slice(0, -1);
const timesOf = (text: string) =>
  linesOf(text).map((line) => line.slice(line.indexOf('[') + 1, line.indexOf(']')));

describe('a log with a seed', () => {
  it('is the same at any time, on any machine', async () => {
    const words = ['-n', '20000', '--seed', '1'];
    const log = await runAt(NOW, ...words);
    expect(await runAt(NOW + 1e10, ...words)).toEqual(log);
    expect(sha256(log.stdout)).toBe('06848d94b4beba2b');
    const env = { TZ: 'Asia/Tokyo', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' };
    expect((await run('log-gen', words, { env })).stdout).toBe(log.stdout);
  });

  it('is the same with all options', async () => {
    const all = ['--sessions', '--bursts', '--ipv6', '--malformed', '0.1', '--statuses', '200=0.5,500=0.5'];
    const period = ['--from', '2026-11-01T00:00:00Z', '--to', '2026-11-08T00:00:00Z'];
    const log = (format: string) =>
      runAt(NOW, '-n', '5000', '--seed', '7', '--format', format, ...all, ...period);
    const hashes = await Promise.all(['seed', 'common', 'combined', 'json'].map(log));
    expect(hashes.map(({ stdout }) => sha256(stdout))).toEqual([
      '371d404d1b2481a5',
      '56ab770fed41adb4',
      'b911387dda5c6465',
      'a24205b4d637b1b7',
    ]);
  });

  it('is another one with another seed', async () => {
    const log = async (seed: string) => (await runAt(NOW, '-n', '5', '--seed', seed)).stdout;
    expect(new Set(await Promise.all(['0', '1', '2', '4294967297', '999999999999999'].map(log))).size).toBe(
      5,
    );
  });

  it('begins as a longer one does', async () => {
    const longer = await runAt(NOW, '-n', '3000', '--seed', '1');
    const { stdout } = await runAt(NOW, '-n', '2000', '--seed', '1');
    expect(longer.stdout.startsWith(stdout)).toBe(true);
  });
});

describe('times', () => {
  it('are of the beginning with a seed, and else end now', async () => {
    const seeded = timesOf((await runAt(NOW, '-n', '10', '--seed', '1')).stdout);
    expect(seeded[0]).toBe('30/Apr/2019:21:11:42');
    const times = timesOf((await runAt(NOW, '-n', '100')).stdout);
    expect(times).toHaveLength(100);
    expect([(times[0] ?? '') >= '21/Nov/2026:10:02:20', times.at(-1)]).toEqual([
      true,
      '21/Nov/2026:10:03:59',
    ]);
  });

  it('are within --from and --to, of as many lines as asked for', async () => {
    const period = ['--from', '2026-11-01T00:00:00+01:00', '--to', '1793577600'];
    const times = timesOf((await runAt(NOW, '-n', '1000', ...period)).stdout);
    expect(times).toHaveLength(1000);
    expect(times).toEqual(times.toSorted((a, b) => (a.slice(0, 2) === b.slice(0, 2) ? (a < b ? -1 : 1) : 0)));
    expect([times[0]?.slice(0, 14), times.at(-1)?.slice(0, 14)]).toEqual([
      '31/Oct/2026:23',
      '01/Nov/2026:23',
    ]);
  });

  it('are those of the clock with --rate, also with a seed', async () => {
    const { stdout } = await runAt(NOW, '-n', '3', '--rate', '1000', '--seed', '1');
    expect(timesOf(stdout)).toEqual(new Array(3).fill('21/Nov/2026:10:04:00'));
  });
});

describe('--rate', () => {
  it('is kept', async () => {
    const begin = performance.now();
    const { stdout } = await run('log-gen', ['--rate', '200', '-n', '201']);
    expect(linesOf(stdout)).toHaveLength(201);
    expect(performance.now() - begin).toBeGreaterThan(1000);
  });

  it('gives each line when it is due', async () => {
    const child = start('log-gen', ['--rate', '0.01']);
    const end = ended(child);
    const [line] = await once(child.stdout ?? child, 'data');
    expect(String(line)).toMatch(/^[^\n]+\n$/);
    child.kill();
    expect((await end).stdout).toBe(String(line));
  });

  it('is one line per second where nothing says how many', async () => {
    const begin = performance.now();
    const { stdout } = await shell('log-gen | head -2');
    expect(linesOf(stdout)).toHaveLength(2);
    expect(performance.now() - begin).toBeGreaterThan(1000);
  });
});

describe('--truth', () => {
  it('is what another program counts', async () => {
    const cwd = await privateFolder();
    const period = '--from 2026-11-01T00:00:00Z --to 2026-11-03T00:00:00Z';
    await shell(`log-gen -n 20000 --bursts --sessions ${period} --truth truth > log`, { cwd });
    const count = async (fields: string) => {
      const { stdout } = await shell(
        `awk '{ count[${fields}]++ } END { for (key in count) print key, count[key] }' log`,
        { cwd },
      );
      return Object.fromEntries(
        linesOf(stdout).map((line) => [line.split(' ')[0], Number(line.split(' ')[1])]),
      );
    };
    const truth = readTruth(join(cwd, 'truth'));
    expect(await count('substr($8, 2, 3)')).toEqual(truth.by_status);
    expect(await count('substr($5, 2)')).toEqual(truth.by_method);
    expect(await count('"2026-11-" substr($4, 2, 2) "T" substr($4, 14, 2) ":00:00Z"')).toEqual(truth.by_hour);
    const sum = await shell(`awk '{ sum += $9 } END { print NR, sum }' log`, { cwd });
    expect(sum.stdout).toBe(`${truth.lines} ${truth.bytes}\n`);
    expect([truth.lines, truth.requests, truth.malformed]).toEqual([20_000, 20_000, 0]);
  });

  it('counts broken lines by how they are broken', async () => {
    const { stdout, truth } = await runWithTruth('-n', '5000', '--seed', '1', '--malformed', '0.2');
    const whole =
      /^[\d.]+ - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d\] "[A-Z]+ \/[^" ]+ HTTP\/1\.1" \[\d{3}\] \d+ "[^"]+" "[^"]+"$/;
    const requests = linesOf(stdout).filter((line) => whole.test(line) && !/31\/Feb|Foo|2019:25:/.test(line));
    expect(truth.requests).toBe(requests.length);
    const kinds: number[] = Object.values(truth.by_malformed);
    expect(kinds.reduce((sum, count) => sum + count, 0)).toBe(truth.malformed);
    expect(truth.by_malformed.blank).toBe(linesOf(stdout).filter((line) => line === '').length);
    expect(truth.by_malformed.extra_text).toBe(stdout.split(' and more\n').length - 1);
  });

  it('is of the lines that were written when a signal came', async () => {
    for (const [signal, words] of [
      ['SIGTERM', ['--rate', '100']],
      ['SIGINT', ['--from', '2026-11-01T00:00:00Z']],
    ] as const) {
      const cwd = await privateFolder();
      const child = start('log-gen', ['--truth', 'truth', ...words], { cwd });
      const end = ended(child);
      await once(child.stdout ?? child, 'data');
      child.kill(signal);
      const { stdout, ...rest } = await end;
      expect(rest).toEqual({ status: null, signal, stderr: '' });
      expect(readTruth(join(cwd, 'truth')).lines).toBe(linesOf(stdout).length);
      expect(readdirSync(cwd)).toEqual(['truth']);
    }
  });

  it('is of the lines that found room on a disk that is full then', async () => {
    const cwd = await privateFolder();
    // A limit of the size of files stops a write in the middle, as a full disk does.
    const { stderr, status } = await shell(
      'ulimit -f 300; trap "" XFSZ; log-gen -n 100000 --truth truth > log',
      { cwd },
    );
    expect([stderr, status]).toEqual(['log-gen: write error: file too large\n', 74]);
    const log = readFileSync(join(cwd, 'log'), 'latin1');
    expect(log.length).toBe(300 * 1024);
    expect(readTruth(join(cwd, 'truth')).lines).toBe(log.split('\n').length - 1);
  });

  it('is of all lines that the pipe took when its reader goes', async () => {
    const cwd = await privateFolder();
    const { stdout, stderr } = await shell(
      `log-gen -n 100000 --truth truth | head -1; echo \${PIPESTATUS[*]}`,
      { cwd },
    );
    expect([linesOf(stdout)[1], stderr]).toEqual(['0 0', '']);
    const { lines } = readTruth(join(cwd, 'truth'));
    expect(lines > 0 && lines < 100_000).toBe(true);
  });

  it('is not there while the log is written, nor after a kill', async () => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'truth'), 'of yesterday');
    const child = start('log-gen', ['--rate', '100', '--truth', 'truth'], { cwd });
    const end = ended(child);
    await once(child.stdout ?? child, 'data');
    expect(existsSync(join(cwd, 'truth'))).toBe(false);
    child.kill('SIGKILL');
    await end;
    expect(existsSync(join(cwd, 'truth'))).toBe(false);
  });

  it('is all zeros of no lines', async () => {
    const { stdout, status, truth } = await runWithTruth('-n', '0');
    expect([stdout, status, truth.lines]).toEqual(['', 0, 0]);
  });

  it('is refused before the first line where it cannot be written', async () => {
    const cwd = await privateFolder();
    for (const [file, status, problem] of [
      ['.', 66, '.: is a directory'],
      ['no/truth', 66, 'no/truth: no such file or directory'],
    ] as const)
      expect(await run('log-gen', ['-n', '3', '--truth', file], { cwd })).toEqual({
        status,
        signal: null,
        stdout: '',
        stderr: `log-gen: ${problem}\n`,
      });
    expect(await run('log-gen', ['-n', '3', '--truth', '/dev/full'], { cwd })).toMatchObject({
      status: 74,
      stderr: 'log-gen: /dev/full: no space left on device\n',
    });
  });
});

describe('options', () => {
  it.each([
    [['-n', 'x'], '--lines: not a whole number of at least 0: "x"'],
    [['--rate', '0'], '--rate: not a number of lines per second: "0"'],
    [['--rate', '1e3'], '--rate: not a number of lines per second: "1e3"'],
    [['--seed', 'abc'], '--seed: not a whole number of at least 0: "abc"'],
    [['--malformed', '5%'], '--malformed: not a share from 0 to 1: "5%"'],
    [['--statuses', '200=0.5'], '--statuses: shares add up to 0.5, not to 1'],
    [['--from', 'noon'], '--from: not a time: "noon" (write 2026-11-21T10:04:00Z or epoch seconds)'],
    [['--from', '-1'], '--from: before 1970: "-1"'],
    [['--truth', '-'], '--truth: not a file: "-"'],
  ])('%j are refused', async (words, message) => {
    expect(await runAt(NOW, ...words)).toEqual({
      stdout: '',
      stderr: `log-gen: ${message} (see log-gen --help)\n`,
      status: 64,
    });
  });

  it.each([
    [['--to', '1'], '--to needs --from'],
    [['--from', '2', '--to', '2'], '--from is not before --to'],
    [['--from', '3', '--to', '2'], '--from is not before --to'],
    [['--rate', '1', '--from', '2'], '--rate is for real time, so it does not go with --from and --to'],
  ])('%j do not go together', async (words, message) => {
    expect(await runAt(NOW, ...words)).toEqual({ stdout: '', stderr: `log-gen: ${message}\n`, status: 64 });
  });

  it('say with --verbose which seed makes the log again', async () => {
    const { stdout, stderr } = await runAt(NOW, '-n', '5', '--verbose', '--from', '0');
    const [, seed = ''] = /^log-gen: seed (\d+)\n$/.exec(stderr) ?? [];
    expect((await runAt(NOW, '-n', '5', '--seed', seed, '--from', '0')).stdout).toBe(stdout);
  });

  it('do not say how many lines there are: then there is no end', async () => {
    const child = start('log-gen', ['--from', '0']);
    let lines = 0;
    child.stdout?.on('data', (chunk: Buffer) => {
      lines += chunk.toString('latin1').split('\n').length - 1;
    });
    await until(() => lines > 100_000, 'many lines');
    child.kill();
    await once(child, 'close');
  });
});
