import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import getStats from '../../src/tools/get-stats.ts';
import { ended, privateFolder, root, run, start } from '../harness.ts';
import { runHere } from '../in-process.ts';
import { sized } from '../thorough.ts';
import { expectDays, expectStations, parseTable } from './known-answers.ts';

const HEADER = 'sensor,window,start,end,count,min,max,avg\n';

function stats(words: readonly string[], stdin = '') {
  return run('get-stats', words, { stdin });
}

describe('which lines are readings', () => {
  it.each([
    [
      'time,sensor,value',
      '2026-11-21T10:04:00Z,attic,21.35\n',
      'attic,all,2026-11-21T10:04:00Z,2026-11-21T10:04:00Z,1,21.35,21.35,21.3500\n',
    ],
    [
      'another offset',
      '2026-11-21T11:04:00+01:00,a,1\n',
      'a,all,2026-11-21T10:04:00Z,2026-11-21T10:04:00Z,1,1,1,1.00\n',
    ],
    [
      'time,value',
      '2026-11-21T10:04:00Z,21.35\n',
      ',all,2026-11-21T10:04:00Z,2026-11-21T10:04:00Z,1,21.35,21.35,21.3500\n',
    ],
    ['values alone', '1\n2\n', ',all,,,2,1,2,1.50\n'],
    [
      'Postgres',
      '2026-11-21 11:04:00.5+01,a,1\n',
      'a,all,2026-11-21T10:04:00.500Z,2026-11-21T10:04:00.500Z,1,1,1,1.00\n',
    ],
    ['epoch seconds', '1763719440,a,1\n', 'a,all,2025-11-21T10:04:00Z,2025-11-21T10:04:00Z,1,1,1,1.00\n'],
    [
      'epoch milliseconds',
      '1763719440123,a,1\n',
      'a,all,2025-11-21T10:04:00.123Z,2025-11-21T10:04:00.123Z,1,1,1,1.00\n',
    ],
    [
      'NDJSON',
      '{"value":1.50,"sensor":"a","time":"2026-11-21T10:04:00Z","more":[1]}\n',
      'a,all,2026-11-21T10:04:00Z,2026-11-21T10:04:00Z,1,1.50,1.50,1.5000\n',
    ],
    ['a number as a JSON string', '{"value":"0.10"}\n', ',all,,,1,0.10,0.10,0.1000\n'],
    [
      'a header',
      'time,sensor,value\n2026-11-21T10:04:00Z,a,1\n',
      'a,all,2026-11-21T10:04:00Z,2026-11-21T10:04:00Z,1,1,1,1.00\n',
    ],
    ['columns in another order', 'Value,Quality,Sensor\n1,good,a\n', 'a,all,,,1,1,1,1.00\n'],
    ['a header in the middle', 'value,sensor\n1,a\nsensor,value\na,3\n', 'a,all,,,2,1,3,2.00\n'],
    [
      'a quoted name',
      '2026-11-21T10:04:00Z,"a ""b"", c",1\n',
      '"a ""b"", c",all,2026-11-21T10:04:00Z,2026-11-21T10:04:00Z,1,1,1,1.00\n',
    ],
    [
      'a name with blanks around it',
      '2026-11-21T10:04:00Z,a b,1\n2026-11-21T10:04:00Z,  a b,2\n2026-11-21T10:04:00Z,\ta b ,3\n',
      'a b,all,2026-11-21T10:04:00Z,2026-11-21T10:04:00Z,3,1,3,2.00\n',
    ],
    [
      'a name over two lines',
      '2026-11-21T10:04:00Z,"a\nb",1\n',
      '"a\nb",all,2026-11-21T10:04:00Z,2026-11-21T10:04:00Z,1,1,1,1.00\n',
    ],
    [
      'BOM and CRLF',
      '\ufefftime,sensor,value\r\n2026-11-21T10:04:00Z,a,1\r\n',
      'a,all,2026-11-21T10:04:00Z,2026-11-21T10:04:00Z,1,1,1,1.00\n',
    ],
    ['written numbers', '+1\n .5\n2e1\n-1.5e-1\n', ',all,,,4,-0.15,20,5.3375\n'],
  ])('%s', async (_, stdin, row) => {
    expect(await stats([], stdin)).toEqual({ status: 0, signal: null, stdout: HEADER + row, stderr: '' });
  });

  it('takes columns by name and by number, and another delimiter', async () => {
    const named = await stats(
      ['--time', 'when', '--sensor', 'Station', '--value', 'temp', '-d', ';'],
      'when;x;temp;station\n0;9;1;a\n60;9;2;a\n',
    );
    expect(named.stdout).toBe(`${HEADER}a,all,1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,2,1,2,1.50\n`);
    const numbered = await stats(['--sensor', '1', '--value', '3', '-d', '\\t'], 'a\tx\t1\na\tx\t2\n');
    expect(numbered.stdout).toBe(`${HEADER}a,all,,,2,1,2,1.50\n`);
  });

  it('says so when there is no such column', async () => {
    const { status, stdout, stderr } = await stats(['--value', 'temp'], 'time,sensor,value\n0,a,1\n');
    expect({ status, stdout }).toEqual({ status: 65, stdout: '' });
    expect(stderr).toBe('get-stats: stdin:1: no header with the columns asked for: "time,sensor,value"\n');
  });

  it('is told of where a header has other columns', async () => {
    const dated = await stats([], 'date,rain,temp,sky\n2026-11-21T10:04:00Z,0.0,12.8,grey\n');
    expect(dated).toMatchObject({ status: 65, stdout: '' });
    expect(dated.stderr).toContain(
      'stdin:1: expected time,sensor,value, not "date,rain,temp,sky" (get-stats --time COLUMN --value COLUMN)\n',
    );
    const named = await stats(['-w', '1h'], 'timestamp,value\n2026-11-21T10:04:00Z,1\n');
    expect(named.stderr).toContain('stdin:2: reading has no time, so no window (get-stats --time COLUMN)\n');
  });

  it('rejects an odd line in NDJSON whose members are named', async () => {
    const stdin = '{"t":1,"v":2}\nodd,1\n{"t":2,"v":4}\n';
    const { stdout, stderr, status } = await run('get-stats', ['--time', 't', '--value', 'v'], { stdin });
    expect(stdout).toContain(',2,2,4,3.00\n');
    expect(stderr).toContain('stdin:2: expected time,sensor,value, not "odd,1"');
    expect(status).toBe(0);
  });
});

describe('months of the calendar', () => {
  const readings = '2026-01-31T23:30:00Z,a,1\n2026-02-01T00:00:00Z,a,3\n2026-12-31T22:30:00Z,a,5\n';

  it('are windows beside lengths, in UTC', async () => {
    expect((await stats(['-w', '1mo,1y,1d', '--expect', '1d'], readings)).stdout).toBe(
      `${HEADER.trim()},expected,missing\n` +
        'a,1mo,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,1,1,1,1.00,31,30\n' +
        'a,1mo,2026-02-01T00:00:00Z,2026-03-01T00:00:00Z,1,3,3,3.00,28,27\n' +
        'a,1mo,2026-12-01T00:00:00Z,2027-01-01T00:00:00Z,1,5,5,5.00,31,30\n' +
        'a,1y,2026-01-01T00:00:00Z,2027-01-01T00:00:00Z,3,1,5,3.00,365,362\n' +
        'a,1d,2026-01-31T00:00:00Z,2026-02-01T00:00:00Z,1,1,1,1.00,1,0\n' +
        'a,1d,2026-02-01T00:00:00Z,2026-02-02T00:00:00Z,1,3,3,3.00,1,0\n' +
        'a,1d,2026-12-31T00:00:00Z,2027-01-01T00:00:00Z,1,5,5,5.00,1,0\n',
    );
  });

  it('are those of the zone, and one window whatever they are called', async () => {
    const { stdout } = await stats(['-w', 'P3M,3mo,12mo,P1Y', '--tz', 'Europe/Berlin'], readings);
    expect(stdout).toBe(
      `${HEADER}a,3mo,2025-12-31T23:00:00Z,2026-03-31T22:00:00Z,2,1,3,2.00\n` +
        'a,3mo,2026-09-30T22:00:00Z,2026-12-31T23:00:00Z,1,5,5,5.00\n' +
        'a,1y,2025-12-31T23:00:00Z,2026-12-31T23:00:00Z,3,1,5,3.00\n',
    );
  });

  it('are printed with --live once they have passed', async () => {
    const { stdout } = await stats(['-w', '1mo', '--live', '--ahead', 'none'], readings);
    expect(stdout.split('\n').slice(1, 3)).toEqual([
      'a,1mo,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,1,1,1,1.00',
      'a,1mo,2026-02-01T00:00:00Z,2026-03-01T00:00:00Z,1,3,3,3.00',
    ]);
  });

  it.each([
    [['-w', '5mo'], '--window: does not divide a year: "5mo" (write 1mo, 2mo, 3mo, 4mo, 6mo or 1y)'],
    [['-w', '2y'], '--window: does not divide a year: "2y"'],
    [['-w', '0mo'], '--window: not a duration: "0mo"'],
    [['-w', '1mo', '--slide', '1d'], '--slide does not go with calendar months: 1mo'],
    [['-w', '1d', '--slide', '1mo'], '--slide: not a duration: "1mo"'],
  ])('are refused in %j', async (words, message) => {
    const { status, stderr } = await runHere(getStats, words, {});
    expect([status, stderr]).toEqual([64, expect.stringContaining(message)]);
  });
});

describe('--time-format', () => {
  it('reads times of any other form, in the zone', async () => {
    const columns = ['--time', 'MESS_DATUM', '--sensor', 'STATIONS_ID', '--value', 'TT_TU', '-d', ';'];
    const { stdout, stderr } = await stats(
      [...columns, '--time-format', '%Y%m%d%H', '--tz', 'UTC', '-w', '1d'],
      'STATIONS_ID;MESS_DATUM;QN_9;TT_TU;RF_TU;eor\n' +
        '433;2026112100;    3;   3.5;  88.0;eor\n433;2026112101;    3;   3.1;  90.0;eor\n',
    );
    expect([stdout, stderr]).toEqual([
      `${HEADER}433,1d,2026-11-21T00:00:00Z,2026-11-22T00:00:00Z,2,3.1,3.5,3.300\n`,
      '',
    ]);
  });

  it('is the form of all lines, also of many', async () => {
    const line = (at: number) => `${1 + (at % 28)}.11.2026 10:04 +0100,s${at % 3},${at % 7}\n`;
    const text = Array.from({ length: 5000 }, (_, at) => line(at)).join('');
    const { stdout, stderr } = await stats(
      ['--time-format', '%d.%m.%Y %H:%M %z'],
      `${text}2026-11-21T10:04:00Z,s0,1\n`,
    );
    expect(stdout.split('\n')[1]).toContain('s0,all,2026-11-01T09:04:00Z,2026-11-28T09:04:00Z,1667,0,6,');
    expect(stderr).toContain('stdin:5001: time is not %d.%m.%Y %H:%M %z: "2026-11-21T10:04:00Z"\n');
  });

  it('needs a zone where its times have none', async () => {
    const { status, stderr } = await runHere(getStats, ['--time-format', '%F %T'], {});
    expect([status, stderr]).toEqual([
      64,
      expect.stringContaining('get-stats: --time-format without %z and %s needs --tz ZONE, such as UTC'),
    ]);
  });
});

it('digits that read as a date are no epoch number, and rejected with a hint, also among many lines', async () => {
  const lines = ['20261121100000,a,1', '202611211000,b,1', '20261121,c,1'].join('\n');
  const plain = '1763719440,s,1\n'.repeat(5000);
  const { stdout, stderr } = await stats([], `${plain}${lines}\n`);
  expect(stdout.split('\n').length).toBe(3);
  expect(stderr).toBe(
    'get-stats: stdin:5001: digits look like a date (get-stats --time-format %Y%m%d%H%M%S, or %s for an epoch number): "20261121100000"\n' +
      'get-stats: 3 of 5003 lines rejected: 3 like a date\n',
  );
});

describe('times without an offset', () => {
  const hour = (text: string) => stats(['-w', '1h', '--tz', 'Europe/Berlin'], text);

  it('are of the zone, as windows are', async () => {
    const days = await stats(['-w', '1d', '--tz', 'Asia/Kolkata'], '2026-11-21 00:00,a,1\n2026/11/21,a,3\n');
    expect(days).toMatchObject({
      stdout: `${HEADER}a,1d,2026-11-20T18:30:00Z,2026-11-21T18:30:00Z,2,1,3,2.00\n`,
      stderr: '',
    });
  });

  it('are rejected without a zone, with a hint', async () => {
    const { status, stderr } = await stats([], '2026-11-21 10:04,a,1\n2026-11-21,a,2\n');
    expect([status, stderr]).toEqual([
      65,
      'get-stats: stdin:1: time has no offset (get-stats --tz Europe/Berlin, or UTC): "2026-11-21 10:04"\n' +
        'get-stats: 2 of 2 lines rejected: 2 without an offset\n',
    ]);
  });

  it('are rejected when clocks skip them', async () => {
    const { stderr } = await hour('2026-03-29 02:30,a,1\n2026-03-29 03:00,a,1\n');
    expect(stderr).toBe(
      'get-stats: stdin:1: clocks in Europe/Berlin skip this time: "2026-03-29 02:30"\n' +
        'get-stats: 1 of 2 lines rejected: 1 skipped by the clock\n',
    );
  });

  // README: "One exception: in the hour that comes twice in autumn, only the order of times without an offset tells
  // which hour is meant."
  it('of an hour that comes twice are of the second pass once a line of the first was later', async () => {
    const lines = ['02:50,a,1', '02:10,a,2', '02:20,b,3', '03:00,a,4'];
    const { stdout } = await hour(lines.map((line) => `2026-10-25 ${line}\n`).join(''));
    expect(stdout).toBe(
      `${HEADER}a,1h,2026-10-25T00:00:00Z,2026-10-25T01:00:00Z,1,1,1,1.00\n` +
        'a,1h,2026-10-25T01:00:00Z,2026-10-25T02:00:00Z,1,2,2,2.00\n' +
        'a,1h,2026-10-25T02:00:00Z,2026-10-25T03:00:00Z,1,4,4,4.00\n' +
        'b,1h,2026-10-25T00:00:00Z,2026-10-25T01:00:00Z,1,3,3,3.00\n',
    );
  });

  it('in a first line are no header, though the value is no number', async () => {
    const { stderr } = await stats(
      ['--time', '1', '--value', '2', '--tz', 'UTC'],
      '2026-11-21,ERR\n2026-11-22,1\n',
    );
    expect(stderr).toContain('get-stats: stdin:1: value is not a number: "ERR"\n');
  });
});

describe('bad input', () => {
  // README: "A line that cannot be used is counted, explained on stderr, and kept with `--rejects`."
  // README: "A bad value such as `ERR` loses only its own line."
  it('uses the good lines, counts the others by kind and shows the first of each', async () => {
    const stdin =
      '1\nERR\n\nNaN\n-Infinity\n0x1F\n99\n2026-11-21T10:04:00Z,a,b,c\n2026-02-30T00:00:00Z,5\n3\n';
    const { status, stdout, stderr } = await stats(['--range', '-5..60'], stdin);
    expect(stdout).toBe(`${HEADER},all,,,2,1,3,2.00\n`);
    expect(stderr.split('\n')).toEqual([
      'get-stats: stdin:2: value is not a number: "ERR"',
      'get-stats: stdin:3: line is empty',
      'get-stats: stdin:7: value is out of range -5..60: "99"',
      'get-stats: stdin:8: expected time,sensor,value, not "2026-11-21T10:04:00Z,a,b,c"',
      'get-stats: stdin:9: time is not RFC 3339 or epoch: "2026-02-30T00:00:00Z"',
      'get-stats: 8 of 10 lines rejected: 4 not a number, 1 empty, 1 out of range, 1 malformed, 1 not a time',
      '',
    ]);
    expect(status).toBe(0);
  });

  // README: "A line that cannot be used is counted, explained on stderr, and kept with `--rejects`."
  it('keeps rejected lines as they came', async () => {
    const cwd = await privateFolder();
    await run('get-stats', ['--rejects', 'bad'], { cwd, stdin: '1\nERR\n2\n' });
    await run('get-stats', ['--rejects', 'bad'], { cwd, stdin: '1\n"x,y\n2\n' });
    expect(await readFile(join(cwd, 'bad'), 'utf8')).toBe('ERR\n"x,y\n');
  });

  it.each([
    [['--strict'], '1\nERR\n', 65],
    [['--strict'], '1\n', 0],
    [['--max-rejects', '1'], '1\nERR\n', 0],
    [['--max-rejects', '1'], '1\nERR\nERR\n', 65],
    [['--max-rejects', '50%'], '1\nERR\n', 0],
    [['--max-rejects', '49.9%'], '1\nERR\n', 65],
  ])('%j of %j ends with the right status, and uses the good lines', async (words, stdin, status) => {
    const result = await stats(words, stdin);
    expect(result).toMatchObject({ status, stdout: `${HEADER},all,,,1,1,1,1.00\n` });
  });

  it('prints no row and ends with 65 when every line is bad', async () => {
    const { status, stdout } = await stats([], 'ERR\nERR\n');
    expect({ status, stdout }).toEqual({ status: 65, stdout: '' });
  });

  it('a quote that never closes costs its own line only', async () => {
    const { stdout, stderr } = await stats([], '0,a,1\n0,"b,2\n0,a,3\n0,a,4\n');
    expect(stdout).toBe(`${HEADER}a,all,1970-01-01T00:00:00Z,1970-01-01T00:00:00Z,3,1,4,2.67\n`);
    expect(stderr).toContain('stdin:2: quote is not closed: "0,\\"b,2"');
  });

  it.each([
    ['a whole line', '0,a,1.50\n0,a,2.25', 2],
    ['a line that lacks digits', '0,a,1.50\n0,a,2.2', 1],
    ['a line that lacks fields', '1763719440,a,1.50\n1763719', 1],
    ['a bare value', '1\n2', 2],
    ['a line that lacks fields of its header', 'sensor,value,quality\na,1.50,good\na,2.25', 1],
    ['half a JSON object', '{"value":1}\n{"value":2', 1],
  ])('a last line without newline: %s', async (_, stdin, count) => {
    const { stdout } = await stats(['--json'], stdin);
    expect(JSON.parse(stdout)).toMatchObject({ count });
  });

  it('a line too short for its columns is rejected, not given to a sensor without a name', async () => {
    const { stdout, stderr } = await stats([], 'value,sensor\n1,a\n2\n');
    expect(stdout).toBe(`${HEADER}a,all,,,1,1,1,1.00\n`);
    expect(stderr).toContain('stdin:3: line has 1 field, its columns need 2');
  });

  it('a torn first line under a header counts only with all its fields', async () => {
    const { status, stdout } = await stats([], 'sensor,value,quality\na,2');
    expect({ status, stdout }).toEqual({ status: 65, stdout: '' });
  });

  it('a message shows no control characters', async () => {
    const { stderr } = await stats([], '1\n\u001b[31mred\u0007\u202e\n');
    expect(stderr.split('\n')[0]).toBe(
      'get-stats: stdin:2: value is not a number: "\\u001b[31mred\\u0007\\u202e"',
    );
  });

  it.each([
    ['-w', 'x'],
    ['-w', '0s'],
    ['--tz', 'Mars/Olympus'],
    ['--stats', 'median'],
    ['--stats', 'avg'],
    ['--decimals', '-1'],
    ['--decimals', '1000000000'],
    ['-d', ';;'],
    ['--range', '5..1'],
    ['--max-rejects', '1.5'],
    ['--live'],
    ['--lateness', '1m'],
    ['--slide', '7m', '-w', '1h'],
    ['--live', '-w', '1h', '-o', 'x'],
  ])('%s %s: usage', async (...words) => {
    const { status, stdout, stderr } = await stats(words, '1\n');
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toMatch(/^get-stats: .*\n$/);
  });
});

it('names the lengths when --slide does not divide a window', async () => {
  const { status, stderr } = await stats(['--slide', '7m', '-w', '7m', '-w', '60m'], '1\n');
  expect(status).toBe(64);
  expect(stderr).toBe('get-stats: --slide must divide the window length: 1h is not a multiple of 7m\n');
});

describe('windows', () => {
  const log =
    '2026-11-21T10:00:30Z,a,1\n2026-11-21T11:59:30Z,a,2\n2026-11-21T10:30:00Z,b,3\n2026-11-21T10:59:59.999Z,a,4\n';

  it('are by sensor, in the order asked for, then by start', async () => {
    expect(
      parseTable((await stats(['-w', 'all', '-w', '1h'], log)).stdout).map((row) =>
        Object.values(row).slice(0, 5).join(' '),
      ),
    ).toEqual([
      'a all 2026-11-21T10:00:30Z 2026-11-21T11:59:30Z 3',
      'a 1h 2026-11-21T10:00:00Z 2026-11-21T11:00:00Z 2',
      'a 1h 2026-11-21T11:00:00Z 2026-11-21T12:00:00Z 1',
      'b all 2026-11-21T10:30:00Z 2026-11-21T10:30:00Z 1',
      'b 1h 2026-11-21T10:00:00Z 2026-11-21T11:00:00Z 1',
    ]);
  });

  it('slide with the clock: a day by days is that of the calendar', async () => {
    const readings = Array.from({ length: 72 }, (_, hour) => {
      const time = new Date(Date.parse('2026-10-24T00:30:00Z') + hour * 3_600_000).toISOString();
      return `${time},a,${hour}\n`;
    }).join('');
    const words = ['-w', '1d', '--tz', 'Europe/Berlin', '--expect', '1h', '--stats', 'last_time'];
    const tumbling = await stats(words, readings);
    const by = (step: string) => stats([...words, '--slide', step], readings);
    expect(await by('1d')).toEqual(tumbling);
    expect(parseTable(tumbling.stdout).map(({ count }) => count)).toEqual(['22', '25', '24', '1']);
    for (const step of ['12h', '3h', '1h'])
      for (const row of parseTable((await by(step)).stdout)) {
        expect(Number(row.count)).toBeLessThanOrEqual(Number(row.expected));
        expect(String(row.last_time) < String(row.end)).toBe(true);
      }
  });

  it('slide, each reading counted in all windows over it', async () => {
    const { stdout } = await stats(
      ['-w', '1h', '--slide', '30m', '--sensor', '2', '--time', '1', '--value', '3'],
      log,
    );
    expect(
      parseTable(stdout)
        .filter(({ sensor }) => sensor === 'a')
        .map(({ start, count, avg }) => `${start} ${count} ${avg}`),
    ).toEqual([
      '2026-11-21T09:30:00Z 1 1.00',
      '2026-11-21T10:00:00Z 2 2.50',
      '2026-11-21T10:30:00Z 1 4.00',
      '2026-11-21T11:00:00Z 1 2.00',
      '2026-11-21T11:30:00Z 1 2.00',
    ]);
  });

  it('say how many readings are missing', async () => {
    const minutes = Array.from({ length: 50 }, (_, minute) => `${minute * 60},a,1\n`).join('');
    const { stdout } = await stats(['-w', '1h', '-w', 'all', '--expect', '1m', '--stats', 'sum'], minutes);
    expect(stdout).toBe(
      'sensor,window,start,end,count,min,max,avg,expected,missing,sum\n' +
        'a,1h,1970-01-01T00:00:00Z,1970-01-01T01:00:00Z,50,1,1,1.00,60,10,50\n' +
        'a,all,1970-01-01T00:00:00Z,1970-01-01T00:49:00Z,50,1,1,1.00,50,0,50\n',
    );
  });

  it('and statistics that are asked for twice are given once', async () => {
    const { stdout } = await stats(
      ['-w', '60m', '-w', '1h,PT1H', '--stats', 'sum', '--stats', 'last,sum'],
      '0,a,1\n',
    );
    expect(stdout).toBe(
      'sensor,window,start,end,count,min,max,avg,sum,last\n' +
        'a,1h,1970-01-01T00:00:00Z,1970-01-01T01:00:00Z,1,1,1,1.00,1,1\n',
    );
  });

  it('need readings with a time', async () => {
    expect(await stats(['-w', '1h'], '1\n')).toMatchObject({ status: 65, stdout: '' });
  });

  it('print in JSON and as a table too', async () => {
    const stdin = '0,a,1.0\n0,long name,-10.25\n';
    expect((await stats(['--json'], stdin)).stdout.split('\n')[0]).toBe(
      '{"sensor":"a","window":"all","start":"1970-01-01T00:00:00Z","end":"1970-01-01T00:00:00Z","count":1,"min":1.0,"max":1.0,"avg":1.000}',
    );
    expect((await stats(['--table'], stdin)).stdout).toBe(
      'sensor     window  start                 end                   count     min     max       avg\n' +
        'a          all     1970-01-01T00:00:00Z  1970-01-01T00:00:00Z      1     1.0     1.0     1.000\n' +
        'long name  all     1970-01-01T00:00:00Z  1970-01-01T00:00:00Z      1  -10.25  -10.25  -10.2500\n',
    );
  });
});

it('prints as many rows as there are, in every format', { tags: 'sized' }, async () => {
  const sensors = sized(20_000, 150_000);
  const stdin = Array.from({ length: sensors }, (_, at) => `0,s${at},1\n`).join('');
  for (const [words, header] of [
    [[], 1],
    [['--json'], 0],
    [['--table'], 1],
  ] as const) {
    const { status, stdout } = await stats(words, stdin);
    expect([status, stdout.split('\n').length - 1]).toEqual([0, sensors + header]);
  }
});

// README: "Averages and standard deviations are rounded once, half away from zero, to two more decimals than the input
// has."
// README: "Sums of decimals are exact: 0.1 + 0.2 is 0.3."
it('rounds averages and deviations once, half away from zero, to two digits more than the input has', async () => {
  const words = ['--stats', 'sum,stddev'];
  const eighth = (value: string) => `${value}\n${'0\n'.repeat(7)}`;
  const row = async (stdin: string) => (await stats(words, stdin)).stdout.split('\n')[1];
  expect(await row('0.1\n0.2\n')).toBe(',all,,,2,0.1,0.2,0.150,0.3,0.071');
  expect(await row(eighth('1'))).toBe(',all,,,8,0,1,0.13,1,0.35');
  expect(await row(eighth('-1'))).toBe(',all,,,8,-1,0,-0.13,-1,0.35');
});

describe('--live', () => {
  it('prints a window when a reading shows that it has passed, while input goes on', async () => {
    const child = start('get-stats', ['-w', '1m', '--live', '--lateness', '10s']);
    const first = new Promise<string>((resolve) =>
      child.stdout?.once('data', (chunk) => resolve(String(chunk))),
    );
    const whole = ended(child);
    child.stdin?.write('0,a,1\n59,a,2\n69,a,3\n');
    child.stdin?.write('58,a,5\n70,a,4\n');
    expect(await first).toBe(`${HEADER}a,1m,1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,3,1,5,2.67\n`);
    child.stdin?.end('59.5,a,9\n');
    const { status, stdout, stderr } = await whole;
    expect(stdout.split('\n').slice(2)).toEqual([
      'a,1m,1970-01-01T00:01:00Z,1970-01-01T00:02:00Z,2,3,4,3.50',
      '',
    ]);
    expect(stderr).toContain('1 of 6 lines rejected: 1 late');
    expect(status).toBe(0);
  });

  it('prints a row of a table as soon as its window has passed, too', async () => {
    const child = start('get-stats', ['-w', '1m', '--live', '--table']);
    const first = new Promise<string>((resolve) =>
      child.stdout?.once('data', (chunk) => resolve(String(chunk))),
    );
    const whole = ended(child);
    child.stdin?.write('0,a,1\n61,a,3\n');
    expect((await first).split('\n').map((line) => line.split(/ +/).join(','))).toEqual([
      ...HEADER.split('\n', 1),
      'a,1m,1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,1,1,1,1.00',
      '',
    ]);
    child.stdin?.end();
    expect((await whole).stdout.split('\n').length).toBe(4);
  });

  // README: "Windows follow the readings' own time, never the wall clock: live, replayed and back-filled
  // readings give the same rows, in whatever order they arrive."
  // README: "With `--live`, readings that arrive after their window has closed are rejected."
  it('gives the same rows as a run over the whole, and rejects late readings from all windows', async () => {
    const log = Array.from({ length: 500 }, (_, at) => `${at * 13},${'ab'[at % 2]},${at % 17}\n`).join('');
    const words = ['-w', '1m', '-w', '1h', '--slide', '20s'];
    const live = await stats([...words, '--live'], log);
    const whole = await stats(words, log);
    expect(live.stdout.split('\n').sort()).toEqual(whole.stdout.split('\n').sort());
  });
});

describe('--live --ahead', () => {
  const log = '2026-11-21T10:00:00Z,a,1\n2038-01-19T03:14:07Z,a,99\n2026-11-21T10:00:59Z,a,2\n';

  it('rejects a reading far ahead of the clock, which would close all windows', async () => {
    expect(await stats(['-w', '1m', '--live'], log)).toMatchObject({
      stdout: `${HEADER}a,1m,2026-11-21T10:00:00Z,2026-11-21T10:01:00Z,2,1,2,1.50\n`,
      stderr:
        'get-stats: stdin:2: reading is more than 1h ahead of the clock: 2038-01-19T03:14:07Z\n' +
        'get-stats: 1 of 3 lines rejected: 1 future\n',
    });
  });

  it('takes any with none; without --live the clock does not matter', async () => {
    const { stderr } = await stats(['-w', '1m', '--live', '--ahead', 'none'], log);
    expect(stderr).toContain('1 of 3 lines rejected: 1 late');
    expect(await stats(['-w', '1m', '--ahead', '1s'], log)).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('-o FILE', () => {
  it('replaces it in one step, and leaves it alone without a row', async () => {
    const cwd = await privateFolder();
    expect(await run('get-stats', ['-o', 'out.csv'], { cwd, stdin: '1\n' })).toMatchObject({
      status: 0,
      stdout: '',
    });
    expect(await readFile(join(cwd, 'out.csv'), 'utf8')).toBe(`${HEADER},all,,,1,1,1,1.00\n`);
    expect(await run('get-stats', ['-o', 'out.csv'], { cwd, stdin: 'ERR\n' })).toMatchObject({ status: 65 });
    expect(await run('get-stats', ['-o', 'out.csv', 'nope'], { cwd })).toMatchObject({ status: 66 });
    expect(await readFile(join(cwd, 'out.csv'), 'utf8')).toBe(`${HEADER},all,,,1,1,1,1.00\n`);
  });
});

describe('the order of lines', () => {
  // README: "Windows follow the readings' own time, never the wall clock: live, replayed and back-filled
  // readings give the same rows, in whatever order they arrive."
  it('does not change a row, and neither does the cut into files', async () => {
    const cwd = await privateFolder();
    const files = [join(cwd, 'x'), join(cwd, 'y')] as const;
    const words = ['-w', '1h', '-w', 'all', '--stats', 'sum,stddev,first,last,p50'];
    const line = fc.tuple(
      fc.integer({ min: 0, max: 9000 }),
      fc.constantFrom('a', 'b'),
      fc.integer({ min: -999, max: 999 }),
      fc.nat(2),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 2, maxLength: 60 }), fc.nat(60), async (readings, cut) => {
        const lines = readings.map(
          ([time, sensor, value, scale]) => `${time},${sensor},${(value / 10 ** scale).toFixed(scale)}\n`,
        );
        const forward = await runHere(getStats, words, { stdin: lines.join('') });
        await writeFile(files[0], lines.slice(cut).reverse().join(''));
        await writeFile(files[1], lines.slice(0, cut).join(''));
        expect(await runHere(getStats, [...words, ...files], {})).toEqual(forward);
      }),
      { numRuns: 50 },
    );
  });
});

describe('answers that were computed without get-stats', () => {
  const data = (name: string) => join(root, 'test', 'data', name);

  it.each([
    ['UTC', 'weather-2013.utc-days.csv'],
    ['America/New_York', 'weather-2013.new-york-days.csv'],
  ])('days of three airports in %s', async (zone, days) => {
    expect(await expectDays(data('weather-2013.csv'), data(days), zone)).toContain(
      'weather-2013.csv:241: value is empty\nget-stats: 1 of 277 lines rejected: 1 empty\n',
    );
  });

  it('stations of the One Billion Row Challenge', () =>
    expectStations(data('stations.txt'), data('stations.out')));
});

describe('a name that is not text', () => {
  it.each([
    ['bytes that are not UTF-8', Buffer.from('1,Malm\xf6,1\n', 'latin1'), 'is not UTF-8'],
    ['a NUL', '1,a\0b,1\n', 'has a NUL'],
    ['an unpaired surrogate', '{"sensor":"t\\udc00","time":1,"value":1}\n', 'has an unpaired surrogate'],
  ])('is rejected: %s', async (_, line, reason) => {
    const file = join(await privateFolder(), 'a.log');
    await writeFile(file, Buffer.concat([Buffer.from('1,a,1\n'), Buffer.from(line)]));
    const { stdout, stderr } = await run('get-stats', [file]);
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stderr).toContain(`a.log:2: sensor ${reason}`);
  });
});
