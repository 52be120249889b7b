/** get-stats on lines whose time, sensor or value are several columns. */

import { describe, expect, it } from 'vitest';
import getStats from '../../src/tools/get-stats.ts';
import { runHere } from '../in-process.ts';

const HEADER = 'sensor,window,start,end,count,min,max,avg\n';

async function stats(args: readonly string[], stdin: string) {
  const { status, stdout, stderr } = await runHere(getStats, args, { stdin });
  return { status, stdout, stderr };
}

describe('a time in several columns', () => {
  const ROW = ',all,2026-11-21T09:04:00Z,2026-11-21T09:05:00Z,2,1,2,1.50\n';

  it.each([
    [
      'a date and a time, by name, in any order',
      ['--time', 'Date,Time', '--tz', 'Europe/Berlin'],
      'time,value,date\n10:04,1,2026-11-21\n10:05:00,2,2026-11-21\n',
    ],
    [
      'by number, without a header',
      ['--time', '1,2', '--value', '3', '--tz', 'Europe/Berlin'],
      '2026-11-21,10:04,1\n2026-11-21,10:05,2\n',
    ],
    [
      'by number, behind a header',
      ['--time', '1,2', '--value', '3', '--tz', 'Europe/Berlin'],
      'day,clock,celsius\n2026-11-21,10:04,1\n2026-11-21,10:05,2\n',
    ],
    [
      'with an offset in a third',
      ['--time', 'date,time,offset'],
      'date,time,offset,value\n2026-11-21,10:04,+01:00,1\n2026-11-21,09:05,Z,2\n',
    ],
    [
      'in numbers, with the words of strftime',
      ['--time', 'year,month,day,hour,minute', '--time-format', '%Y %m %d %H %M', '--tz', 'UTC'],
      'year,month,day,hour,minute,value\n2026,11,21,9,4,1\n2026,11,21,9, 5,2\n',
    ],
    [
      'members of NDJSON, also numbers',
      ['--time', 'day,hour', '--time-format', '%Y%m%d %H%M', '--tz', 'UTC'],
      '{"day":20261121,"hour":"0904","value":1}\n{"day":"20261121","hour":"0905","value":2}\n',
    ],
  ])('is one: %s', async (_, args, stdin) => {
    expect(await stats(args, stdin)).toEqual({ status: 0, stdout: HEADER + ROW, stderr: '' });
  });

  it('is none when one of them is empty, and not the beginning of its day', async () => {
    const { stdout, stderr } = await stats(
      ['--time', 'date,time', '--tz', 'UTC'],
      'date,time,value\n2026-11-21,10:04,1\n2026-11-21,,2\n,,3\n{"date":"2026-11-21","value":4}\n',
    );
    expect(stdout).toContain(',1,1,1,1.00\n');
    expect(stderr).toContain('get-stats: stdin:3: time is not RFC 3339 or epoch: "2026-11-21 "\n');
    expect(stderr).toContain('get-stats: 3 of 4 lines rejected: 3 not a time\n');
  });

  it('is missing where an object has none of its members', async () => {
    const { stdout } = await stats(['--time', 'date,time'], '{"value":4}\n');
    expect(stdout).toBe(`${HEADER},all,,,1,4,4,4.00\n`);
  });
});

describe('a sensor in several columns', () => {
  it('has their names with a slash between, in which no two are the same', async () => {
    const stdin = 'house,room,value\na,b,1\na/b,,2\na,b/,3\na%2Fb,,4\n"a,b",c,5\n';
    const { status, stdout } = await stats(['--sensor', 'house,room'], stdin);
    expect(stdout).toBe(
      `${HEADER}a%252Fb/,all,,,1,4,4,4.00\na%2Fb/,all,,,1,2,2,2.00\n` +
        '"a,b/c",all,,,1,5,5,5.00\na/b,all,,,1,1,1,1.00\na/b%2F,all,,,1,3,3,3.00\n',
    );
    expect(status).toBe(0);
  });

  it('is read from NDJSON, and a single one stays as it is', async () => {
    const stdin = '{"house":"a/b","room":"%","value":1}\n{"house":"a/b","value":2}\n';
    expect((await stats(['--sensor', 'house,room'], stdin)).stdout).toBe(
      `${HEADER}a%2Fb/,all,,,1,2,2,2.00\na%2Fb/%25,all,,,1,1,1,1.00\n`,
    );
    expect((await stats(['--sensor', 'house'], stdin)).stdout).toBe(`${HEADER}a/b,all,,,2,1,2,1.50\n`);
  });

  it('may be a column whose name holds a comma, quoted as in CSV', async () => {
    const { stdout } = await stats(['--sensor', '"a,b",c'], '"a,b",c,value\nx,y,1\n');
    expect(stdout).toBe(`${HEADER}x/y,all,,,1,1,1,1.00\n`);
  });
});

describe('several value columns', () => {
  const STDIN = 'time,sensor,temp,humidity\n0,attic,21.5,55\n60,attic,22.5,57\n60,cellar,9.5,80\n';

  it.each([[['--value', 'temp,humidity']], [['--value', 'humidity', '--value', 'temp', '--value', 'temp']]])(
    'give rows of their own: %j',
    async (args) => {
      expect(await stats([...args, '-w', '1h'], STDIN)).toEqual({
        status: 0,
        stdout:
          `${HEADER}attic/humidity,1h,1970-01-01T00:00:00Z,1970-01-01T01:00:00Z,2,55,57,56.00\n` +
          'attic/temp,1h,1970-01-01T00:00:00Z,1970-01-01T01:00:00Z,2,21.5,22.5,22.000\n' +
          'cellar/humidity,1h,1970-01-01T00:00:00Z,1970-01-01T01:00:00Z,1,80,80,80.00\n' +
          'cellar/temp,1h,1970-01-01T00:00:00Z,1970-01-01T01:00:00Z,1,9.5,9.5,9.500\n',
        stderr: '',
      });
    },
  );

  it('are named by the columns alone where there is no sensor', async () => {
    const { stdout } = await stats(['--value', 't/1,2'], 't/1,x\n1,5\n3,7\n');
    expect(stdout).toBe(`${HEADER}2,all,,,2,5,7,6.00\nt/1,all,,,2,1,3,2.00\n`);
  });

  it('keep the others of a line in which one is bad, and name its column', async () => {
    const stdin = 'sensor,temp,humidity\na,1,50\na,ERR,60\na,,X\na,3,X\na,4\n';
    const { status, stdout, stderr } = await stats(['--value', 'temp,humidity', '-v'], stdin);
    expect(stdout).toBe(`${HEADER}a/humidity,all,,,2,50,60,55.00\na/temp,all,,,2,1,3,2.00\n`);
    expect(stderr.split('\n')).toEqual([
      'get-stats: stdin:3: column "temp": value is not a number: "ERR"',
      'get-stats: stdin:4: column "humidity": value is not a number: "X"',
      'get-stats: stdin:5: column "humidity": value is not a number: "X"',
      'get-stats: stdin:6: line has 2 fields, its columns need 3',
      'get-stats: stdin: 6 lines read by 1 thread, 0 of them by the fast kernel',
      'get-stats: 4 of 5 lines rejected, 2 of them in part: 3 not a number, 1 malformed',
      '',
    ]);
    expect(status).toBe(0);
  });

  it('may be empty, but not all of a line', async () => {
    const stdin = 'sensor,temp,humidity\na,1,\na,, \na,,60\n,-9,\n';
    const { status, stdout, stderr } = await stats(['--value', 'temp,humidity', '--na=-9', '-v'], stdin);
    expect(stdout).toBe(`${HEADER}a/humidity,all,,,1,60,60,60.00\na/temp,all,,,1,1,1,1.00\n`);
    expect(stderr.split('\n')).toEqual([
      'get-stats: stdin:3: all values are empty',
      'get-stats: stdin: 5 lines read by 1 thread, 0 of them by the fast kernel',
      'get-stats: 1 of 4 lines rejected: 1 empty',
      '',
    ]);
    expect(status).toBe(0);
  });

  it('are usable when no object has all of them', async () => {
    const stdin = '{"temp":1}\n{"humidity":50,"temp":null}\n';
    const { status, stdout, stderr } = await stats(['--value', 'temp,humidity'], stdin);
    const rows = `${HEADER}humidity,all,,,1,50,50,50.00\ntemp,all,,,1,1,1,1.00\n`;
    expect([status, stdout, stderr]).toEqual([0, rows, '']);
    const none = await stats(['--value', 'temp,humidity'], '{"temp":null}\n{"x":1}\n');
    expect(none.status).toBe(65);
    expect(none.stderr).toContain('get-stats: 2 of 2 lines rejected: 2 malformed\n');
  });

  it('have quantiles and distinct values of their own', async () => {
    const { stdout } = await stats(['--value', 'temp,humidity', '--stats', 'p50,sum,first,last'], STDIN);
    expect(stdout).toContain(
      'attic/humidity,all,1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,2,55,57,56.00,55,112,55,57\n',
    );
  });

  it.each([
    ['fewer decimals in the last one', '120,attic,21.55,5', false],
    ['a last one that is empty', '120,attic,21.5,', true],
    ['all of them', '120,attic,2,55.5', true],
    ['a column less', '120,attic,21.5', false],
  ])('of a last line without a newline count if it is whole: %s', async (_, last, counts) => {
    const stdin = 'time,sensor,temp,humidity\n0,attic,21.55,50.5\n60,attic,21.55,50.5\n';
    const { stdout } = await stats(['--value', 'temp,humidity'], stdin + last);
    expect(stdout.includes(`attic/temp,all,1970-01-01T00:00:00Z,1970-01-01T00:0${counts ? 2 : 1}:00Z`)).toBe(
      true,
    );
  });
});

describe('names of columns', () => {
  it.each([
    [['--value', 'a,,b'], '--value: not column names: "a,,b"'],
    [['--value', ''], '--value: not column names: ""'],
    [['--sensor', 'a,a'], '--sensor: named twice: "a"'],
    [['--time', '1,1'], '--time: named twice: "1"'],
    [['--time', '"a'], '--time: not column names: "\\"a"'],
  ])('are a list: %j', async (args, problem) => {
    const { status, stdout, stderr } = await stats(args, '1\n');
    expect([status, stdout, stderr]).toEqual([64, '', `get-stats: ${problem} (see get-stats --help)\n`]);
  });

  it('must all be in a header', async () => {
    const { status, stderr } = await stats(['--sensor', 'house,room'], 'house,value\na,1\n');
    expect([status, stderr]).toEqual([
      65,
      'get-stats: stdin:1: no header with the columns asked for: "house,value"\n',
    ]);
  });
});
