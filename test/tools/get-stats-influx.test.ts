/** get-stats: InfluxDB's line protocol as input and as output. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import getStats from '../../src/tools/get-stats.ts';
import { privateFolder, run } from '../harness.ts';
import { runHere } from '../in-process.ts';

const stats = (words: readonly string[], stdin: string) => runHere(getStats, [...words], { stdin });
const read = (words: readonly string[], ...lines: string[]) =>
  stats(['--format', 'influx', ...words], lines.map((line) => `${line}\n`).join(''));
/** The names and counts of rows. */
const sensors = (csv: string) =>
  csv
    .split('\n')
    .slice(1, -1)
    .map((row) => row.replace(/,all,[^,]*,[^,]*,(\d+),.*/, ' $1'));

const TIME = '1763719440000000000';

describe('--format influx', () => {
  it('has a reading for each number, named by what the line says', async () => {
    const { stdout, stderr, status } = await read(
      [],
      '# by hand',
      `weather,station=roof\\ top,city=A\\,B temp=21.35,hum=40i,ok=t,note="a, b=\\"c\\" 7" ${TIME}`,
      '',
      `weather,city=A\\,B,station=roof\\ top temp=-1.5e1 ${TIME}`,
      `disk,path=/home,x\\=y=50% used/all=3u ${TIME}`,
      `reading,sensor=attic\\ 2 value=1 ${TIME}`,
      `reading value=1 ${TIME}`,
      `reading,sensor=attic,room=1 value=1 ${TIME}`,
    );
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(sensors(stdout)).toEqual([
      ' 1',
      'attic 2 1',
      '"disk,path=%2Fhome,x%3Dy=50%25/used%2Fall" 1',
      '"reading,room=1,sensor=attic/value" 1',
      '"weather,city=A%2CB,station=roof top/hum" 1',
      '"weather,city=A%2CB,station=roof top/ok" 1',
      '"weather,city=A%2CB,station=roof top/temp" 2',
    ]);
    expect(stdout).toContain('roof top/temp",all,2025-11-21T10:04:00Z,2025-11-21T10:04:00Z,2,-15,21.35,');
  });

  it('rejects what is no line, no number, no time, or out of range', async () => {
    const { stdout, stderr } = await read(
      ['-w', '1h', '--range', '..50', '-v'],
      `m v=1,w=99 ${TIME}`,
      `m v=NaN ${TIME}`,
      `m s="only text" ${TIME}`,
      'm v=2',
      `m, v=2 ${TIME}`,
    );
    expect(sensors(stdout.replaceAll('1h', 'all'))).toEqual(['m/v 1']);
    expect(stderr).toBe(
      [
        'stdin:1: field "w": value is out of range ..50: "99"',
        'stdin:2: value is not a number: "NaN"',
        `stdin:3: no field is a number: "m s=\\"only text\\" ${TIME}"`,
        'stdin:4: reading has no time, so no window',
        `stdin:5: expected TAG=TEXT after a comma: "m, v=2 ${TIME}"`,
        'stdin: 5 lines read by 1 thread, 0 of them by the fast kernel',
        '5 of 5 lines rejected, 1 of them in part: 1 out of range, 1 not a number, 2 malformed, 1 without a time',
        '',
      ]
        .map((line) => (line === '' ? '' : `get-stats: ${line}`))
        .join('\n'),
    );
  });

  it('takes a last line without newline when its timestamp is whole', async () => {
    const torn = await stats(['--format', 'influx'], `m v=1 ${TIME}\nm v=2 ${TIME.slice(0, -1)}`);
    expect(torn.stdout).toContain('m/v,all,2025-11-21T10:04:00Z,2025-11-21T10:04:00Z,1,1,1,1.00\n');
    expect(torn.stderr).toContain('1 torn');
    const whole = await stats(['--format', 'influx', '--precision', 's'], 'm v=1 1763719440');
    expect(whole.stdout).toContain('m/v,all,2025-11-21T10:04:00Z,');
  });

  it('has no columns', async () => {
    expect(await read(['--value', 'temp'], `m temp=1 ${TIME}`)).toMatchObject({ status: 64, stdout: '' });
  });

  it('counts the same from a file as from a pipe', async () => {
    const lines = Array.from(
      { length: 3000 },
      (_, at) => `cpu,host=h${at % 7} idle=${at % 100}.5,user=${at % 13}i ${1763719440 + at}000000000\n`,
    );
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'a.lp'), lines.join(''));
    const words = ['--format', 'influx', '-w', '1h'];
    const [file, pipe] = await Promise.all([
      run('get-stats', [...words, 'a.lp'], { cwd }),
      run('get-stats', words, { cwd, stdin: lines.join('') }),
    ]);
    expect(file).toMatchObject({ status: 0, stderr: '' });
    expect(file.stdout.split('\n')).toHaveLength(14 + 2);
    expect(pipe.stdout).toBe(file.stdout);
  });
});

describe('--influx', () => {
  it('prints a line for each row, whose timestamp is its end', async () => {
    const readings = '2025-11-21T10:04:00Z,"living, room",21.35\n2025-11-21T10:05:00Z,"living, room",22\n';
    const words = [
      '--influx',
      '-w',
      '1h',
      '--expect',
      '1m',
      '--stats',
      'p90,last_time',
      '--label-unit',
      '°C',
    ];
    expect(await stats(words, readings)).toMatchObject({
      stderr: '',
      stdout:
        'stats,sensor=living\\,\\ room,window=1h,unit=°C start=1763719200000000000i,count=2i,min=21.35,max=22,' +
        'avg=21.6750,expected=60i,missing=58i,p90=22,last_time="2025-11-21T10:05:00Z" 1763722800000000000\n',
    });
  });

  it('leaves out what a row does not have, and takes other units of time', async () => {
    expect((await stats(['--influx'], '7\n')).stdout).toBe(
      'stats,window=all count=1i,min=7,max=7,avg=7.00\n',
    );
    const seconds = await stats(['--influx', '--precision', 's', '-w', '1h'], '0,a,1\n');
    expect(seconds.stdout).toBe('stats,sensor=a,window=1h start=0i,count=1i,min=1,max=1,avg=1.00 3600\n');
  });

  it.each(['--json', '--table'])('does not go with %s', async (other) => {
    expect(await stats(['--influx', other], '7\n')).toMatchObject({ status: 64, stdout: '' });
  });
});
