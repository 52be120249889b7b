/** get-stats on input that is large enough for its kernel and its threads, and on packed input. */

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import getStats from '../../src/tools/get-stats.ts';
import { bin, ended, privateFolder, run, shell, start } from '../harness.ts';
import { runHere } from '../in-process.ts';

const HEADER = 'sensor,window,start,end,count,min,max,avg\n';
/** Above what the kernel is made for, below what a thread is worth. */
const SOME = 20_000;

/** Each value from 0.0 to 9.9 as often as any other, for two sensors. */
function readings(count: number, ending = '\n'): string {
  let text = '';
  for (let at = 0; at < count; at++) {
    const second = String(Math.floor(at / 2) % 60).padStart(2, '0');
    const minute = String(Math.floor(at / 120) % 60).padStart(2, '0');
    text += `2026-01-01T00:${minute}:${second}Z,s${at % 2},${Math.floor(at / 10) % 10}.${at % 10}${ending}`;
  }
  return text;
}

const ROWS =
  `${HEADER}s0,all,2026-01-01T00:00:00Z,2026-01-01T00:59:59Z,10000,0.0,9.8,4.900\n` +
  's1,all,2026-01-01T00:00:00Z,2026-01-01T00:59:59Z,10000,0.1,9.9,5.000\n';

describe('what counts the lines', () => {
  // README: "`get-stats` counts plain lines in a WebAssembly kernel and splits a large file across all cores; unusual
  // lines go to the exact engine, and the rows are the same."
  it('is the exact engine alone for small input, and the kernel for the rest', async () => {
    const small = await run('get-stats', ['-v'], { stdin: readings(60) });
    expect(small.stderr).toBe('get-stats: stdin: 60 lines read by 1 thread, 0 of them by the fast kernel\n');
    const large = await run('get-stats', ['-v'], { stdin: readings(SOME) });
    expect(large).toMatchObject({ status: 0, stdout: ROWS });
    expect(large.stderr).toMatch(
      /^get-stats: stdin: 20000 lines read by 1 thread, 199\d\d of them by the fast kernel\n$/,
    );
  });

  it.each([
    ['CRLF', readings(SOME, '\r\n')],
    ['a BOM and a header', `\ufefftime,sensor,value\n${readings(SOME)}`],
    ['names with blanks around them', readings(SOME).replaceAll(/,s0,0\.0\n/g, ', s0 ,0.0\n')],
    ['quoted lines between', readings(SOME).replaceAll(/,s0,0\.0\n/g, ',"s0",0.0\n')],
    ['an exponent now and then', readings(SOME).replaceAll(/,9\.8\n/g, ',0.98e1\n')],
    ['more columns', `a,time,b,sensor,value\n${readings(SOME).replaceAll(/^(.*?),(.*?),/gm, 'x,$1,y,$2,')}`],
    ['offsets and fractions', readings(SOME).replaceAll(/T00:(\d\d:\d\d)Z,s1/g, 'T01:$1.000+01:00,s1')],
    ['NDJSON', readings(SOME).replaceAll(/^(.*),(.*),(.*)$/gm, '{"time":"$1","sensor":"$2","value":$3}')],
    [
      'NDJSON with more members',
      readings(SOME).replaceAll(
        /^(.*),(.*),(.*)$/gm,
        '{ "value": "$3", "ok": true, "sensor": "$2", "n": [1], "time": "$1" }',
      ),
    ],
  ])('gives the same rows: %s', async (_, stdin) => {
    expect(await run('get-stats', [], { stdin })).toEqual({
      status: 0,
      signal: null,
      stdout: ROWS,
      stderr: '',
    });
  });

  it('is the exact engine alone where WebAssembly is missing', async () => {
    const child = spawn(process.execPath, ['--jitless', join(bin, 'get-stats'), '-v'], { env: {} });
    child.stdin.end(readings(SOME));
    const { stdout, stderr } = await ended(child);
    expect(stdout).toBe(ROWS);
    expect(stderr).toContain(', 0 of them by the fast kernel');
  });

  it('rejects the same lines, with their numbers', async () => {
    const lines = readings(SOME).split('\n');
    lines[9999] = '2026-01-01T00:00:00Z,s0,ERR';
    lines[15000] = 'noon,s0,1';
    const { stdout, stderr } = await run('get-stats', [], { stdin: lines.join('\n') });
    expect(stdout.split('\n')[1]).toContain(',9999,');
    expect(stderr).toBe(
      'get-stats: stdin:10000: value is not a number: "ERR"\n' +
        'get-stats: stdin:15001: time is not RFC 3339 or epoch: "noon"\n' +
        'get-stats: 2 of 20000 lines rejected: 1 not a number, 1 not a time\n',
    );
  });

  it('loses nothing of sums beyond 64 bits', async () => {
    const stdin = '999999999999999999\n'.repeat(5000) + '-0.5\n'.repeat(5000) + '0.00000001\n'.repeat(5000);
    const { stdout } = await run('get-stats', ['--stats', 'sum,stddev', '--decimals', '3'], { stdin });
    expect(stdout.split('\n')[1]).toBe(
      ',all,,,15000,-0.5,999999999999999999,333333333333333332.833,4999999999999999992500.00005000,471420235060775902.735',
    );
  });
});

describe('--threads', () => {
  // README: "`get-stats` counts plain lines in a WebAssembly kernel and splits a large file across all cores; unusual
  // lines go to the exact engine, and the rows are the same."
  it('gives the same rows whatever their number, and reads what is given on stdin as a file', async () => {
    const cwd = await privateFolder();
    const line = (at: number) =>
      `2026-01-01T${String(Math.floor(at / 1e5) % 24).padStart(2, '0')}:00:00Z,s${at % 7},${at % 1000}.5\n`;
    const part = Array.from({ length: 100_000 }, (_, at) => line(at * 24)).join('');
    writeFileSync(join(cwd, 'log'), `time,sensor,value\n${part.repeat(18)}`);
    const one = await run('get-stats', ['-w', '1h', '-v', '--threads', '1', 'log'], { cwd });
    const two = await run('get-stats', ['-w', '1h', '-v', '--threads', '2', 'log'], { cwd });
    const stdin = await shell('get-stats -w 1h -v --threads 3 < log', { cwd });
    expect([two.stdout, stdin.stdout]).toEqual([one.stdout, one.stdout]);
    expect(one.stdout.split('\n')).toHaveLength(170);
    expect(one.stderr).toMatch(
      /^get-stats: log: 1800001 lines read by 1 thread, 1800000 of them by the fast kernel\n$/,
    );
    expect(two.stderr).toMatch(
      /^get-stats: log: 1800001 lines read by 2 threads, \d+ of them by the fast kernel\n$/,
    );
    expect(stdin.stderr).toMatch(/^get-stats: stdin: 1800001 lines read by 3 threads/);
  }, 60_000);

  it.each(['0', '-1', 'two', '1.5', ''])('is a whole number of at least 1, not %j', async (text) => {
    const { status, stderr } = await runHere(getStats, ['--threads', text], {});
    expect([status, stderr.split('\n').length]).toEqual([64, 2]);
  });
});

describe('a pipe that much comes through', () => {
  const many = (bad: string) => `seq -f %.0f.5 1 3000000; echo ${bad}; seq 1 3000000`;

  it('gives the rows and the rejected lines of a file with the same in it', async () => {
    const cwd = await privateFolder();
    const pipe = await shell(`(${many('ERR')}) | tee log | get-stats --stats stddev`, { cwd });
    expect(pipe.stderr).toContain('get-stats: stdin:3000001: value is not a number: "ERR"\n');
    const file = await shell('get-stats --stats stddev < log', { cwd });
    expect(pipe).toEqual(file);
  });

  it('ends with what went wrong while it was counted', async () => {
    const end = await shell(`(${many('ERR')}) | get-stats --rejects /dev/full`);
    expect(end.status).toBe(74);
    expect(end.stderr).toContain('get-stats: /dev/full: no space left on device\n');
    expect(end.stderr).not.toContain('    at ');
  });

  it('ends with a message where its sensors do not fit into memory', async () => {
    const lines = "seq 3000000 | sed 's/.*/2026-11-21T10:00:00Z,sensor-&,1/'";
    // What a newer Node sets aside for code counts, too.
    const own = Number.parseInt(process.versions.node, 10) < 22 ? 0 : 420_000;
    // V8 would end the process where it finds no memory, as it did with the second and the third.
    for (const kilobytes of [300_000, 190_000, 410_000]) {
      const end = await shell(`${lines} | (ulimit -d ${own + kilobytes}; exec get-stats)`);
      expect(end, `${kilobytes}`).toMatchObject({
        status: 74,
        stdout: '',
        stderr:
          'get-stats: memory is full of sensors and windows: count fewer or longer windows, or the sensors in parts\n',
      });
    }
  });

  it('is counted without the kernel where there is no room for its memory', async () => {
    const lines = "seq 3000 | sed 's/.*/2026-11-21T10:00:00Z,a,&/'";
    const expected = await shell(`${lines} | get-stats`);
    expect(expected.stdout).toContain('a,all,');
    // Its addresses are reserved at once: gigabytes of them.
    expect(await shell(`${lines} | (ulimit -v 4000000; exec get-stats)`)).toEqual(expected);
  });

  it('is left at a signal', async () => {
    const child = start('get-stats', []);
    const end = ended(child);
    const piece = '21.5\n'.repeat(1_000_000);
    for (let at = 0; at < 8; at++) await new Promise((resolve) => child.stdin?.write(piece, resolve));
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ signal: 'SIGTERM', stdout: '', stderr: '' });
  });
});

describe('stdin that is a file', () => {
  it('is read from where it stands', async () => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'log'), `not a reading\n${readings(SOME)}`);
    const { stdout, stderr } = await shell('{ read -r first; get-stats; } < log', { cwd });
    expect([stdout, stderr]).toEqual([ROWS, '']);
  });

  it('is there once, however often it is named', async () => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'log'), readings(SOME));
    expect(await shell('get-stats - - < log', { cwd })).toMatchObject({ status: 0, stdout: ROWS });
    expect(await shell('cat log | get-stats - -', { cwd })).toMatchObject({ status: 0, stdout: ROWS });
  });
});

describe('gzip', () => {
  const packed = gzipSync(readings(SOME));

  it('is unpacked from a file, from stdin, from a pipe and from a FIFO, whatever it is called', async () => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'log'), packed);
    for (const command of [
      'get-stats log',
      'get-stats < log',
      'cat log | get-stats',
      'get-stats <(cat log)',
      'get-stats - < log',
    ])
      expect(await shell(command, { cwd }), command).toMatchObject({ status: 0, stdout: ROWS, stderr: '' });
  });

  it('may consist of several parts, and stand beside plain files', async () => {
    const cwd = await privateFolder();
    const [first, second, third] = [readings(SOME / 2), readings(SOME).slice(readings(SOME / 2).length), ''];
    writeFileSync(join(cwd, 'parts.gz'), Buffer.concat([gzipSync(first), gzipSync(second), gzipSync(third)]));
    expect(await run('get-stats', ['parts.gz'], { cwd })).toMatchObject({ status: 0, stdout: ROWS });
    writeFileSync(join(cwd, 'a'), first);
    writeFileSync(join(cwd, 'b.gz'), gzipSync(second));
    expect(await run('get-stats', ['a', 'b.gz'], { cwd })).toMatchObject({ status: 0, stdout: ROWS });
  });

  it.each([
    ['ends too early', packed.subarray(0, packed.length - 20), 'get-stats: stdin: gzip ends too early\n'],
    [
      'is damaged',
      Buffer.concat([packed.subarray(0, 30), Buffer.alloc(500, 7)]),
      'get-stats: stdin: gzip is damaged\n',
    ],
  ])('that %s is an error', async (_, stdin, message) => {
    expect(await run('get-stats', [], { stdin })).toEqual({
      status: 74,
      signal: null,
      stdout: '',
      stderr: message,
    });
  });

  it('is unpacked by load-stats as well', async () => {
    const stdin = gzipSync(`${HEADER}a,1h,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,1,1,1,1.00\n`);
    const { status, stdout } = await run('load-stats', ['--dry-run'], { stdin });
    expect([status, stdout]).toEqual([0, expect.stringContaining('1')]);
  });
});

describe('--live', () => {
  it('prints each window as soon as its end has passed, however the input comes', async () => {
    const stdin = Array.from(
      { length: SOME },
      (_, at) => `${1_767_225_600 + at * 30},s${at % 2},${at % 10}.5\n`,
    ).join('');
    const live = await run('get-stats', ['-w', '1h', '--live'], { stdin });
    const exact = await run('get-stats', ['-w', '1h'], { stdin });
    expect(live.stdout.split('\n').sort()).toEqual(exact.stdout.split('\n').sort());
  });

  it('rejects a late line in the middle of a chunk as it would anywhere', async () => {
    const line = (minute: number) => `${1_767_225_600 + minute * 60},s,1\n`;
    const lines = Array.from({ length: 5000 }, (_, at) => line(at));
    lines.splice(3001, 0, line(2000));
    const { stdout, stderr } = await run('get-stats', ['-w', '1h', '--live'], { stdin: lines.join('') });
    expect(stdout.match(/,60,1,1,1\.00\n/g)).toHaveLength(83);
    expect(stderr).toContain('stdin:3002: reading is late: its window was closed');
  });
});
