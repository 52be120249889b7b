/** get-stats --label-unit and --stats last_time: columns that say what a row is of, and up to when. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import getStats from '../../src/tools/get-stats.ts';
import { privateFolder, run } from '../harness.ts';
import { runHere } from '../in-process.ts';

const READINGS =
  '2026-01-01T00:00:00.5Z,attic,1\n' +
  '2026-01-01T00:00:00Z,attic/humidity,2\n' +
  '1969-12-31T23:59:59.25Z,"bytes, in",3\n' +
  '1969-12-31T23:10:00Z,"bytes, in",4\n';

describe('--label-unit', () => {
  it('is a column behind all others, in each form of rows', async () => {
    const words = ['--label-unit', 'bytes*=B,*humidity=%', '--stats', 'last', '--expect', '1h'];
    const csv = await runHere(getStats, words, { stdin: READINGS });
    expect(csv.stdout).toBe(
      'sensor,window,start,end,count,min,max,avg,expected,missing,last,unit\n' +
        'attic,all,2026-01-01T00:00:00.500Z,2026-01-01T00:00:00.500Z,1,1,1,1.00,1,0,1,\n' +
        'attic/humidity,all,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,1,2,2,2.00,1,0,2,%\n' +
        '"bytes, in",all,1969-12-31T23:10:00Z,1969-12-31T23:59:59.250Z,2,3,4,3.50,1,0,3,B\n',
    );
    const json = await runHere(getStats, [...words, '--json'], { stdin: READINGS });
    const units = json.stdout.trimEnd().split('\n');
    expect(units.map((line) => JSON.parse(line).unit)).toEqual([null, '%', 'B']);
    const table = await runHere(getStats, [...words, '--table'], { stdin: READINGS });
    expect(table.stdout.split('\n').map((line) => line.split(/ +/).at(-1))).toEqual([
      ...['unit', '1', '%', 'B', ''],
    ]);
  });

  it('is one unit for all sensors, or of the first list that has a sensor', async () => {
    const unitsOf = async (...words: string[]) => {
      const { stdout } = await runHere(getStats, [...words, '--json'], { stdin: READINGS });
      return stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).unit);
    };
    expect(await unitsOf('--label-unit', '1')).toEqual(['1', '1', '1']);
    expect(await unitsOf('--label-unit', 'attic=°C', '--label-unit', 'kg m²/s')).toEqual([
      ...['°C', 'kg m²/s', 'kg m²/s'],
    ]);
  });

  it('is quoted where it has to be', async () => {
    const { stdout } = await runHere(getStats, ['--label-unit', '"'], { stdin: '1\n' });
    expect(stdout).toBe('sensor,window,start,end,count,min,max,avg,unit\n,all,,,1,1,1,1.00,""""\n');
  });

  it.each([
    ['', 'unit is empty: ""'],
    ['a,b', '"a" is for all sensors: nothing may follow it'],
    ['a\nb', 'unit has a control character: "a\\nb"'],
    ['x'.repeat(1000), `unit is longer than 32 characters: "${'x'.repeat(60)}..."`],
    ['a=B,', 'unit is empty: ""'],
  ])('is refused: %j', async (unit, problem) => {
    expect(await runHere(getStats, ['--label-unit', unit], { stdin: READINGS })).toMatchObject({
      ...{ status: 64, stdout: '' },
      stderr: `get-stats: --label-unit: ${problem} (see get-stats --help)\n`,
    });
  });
});

const HOUR = 3_600_000;
const SENSORS = 3;
const text = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');

/** In no order of time, around 1970: times of each sensor, and their lines. */
function shuffled(count: number) {
  const times = Array.from({ length: count }, (_, at) => {
    const step = (at * 7919) % count;
    return -6 * HOUR + step * 4357;
  });
  return { times, lines: times.map((time, at) => `${text(time)},s${at % SENSORS},${at % 10}.5\n`) };
}

describe('--stats first_time,last_time', () => {
  it('are the same whatever counts the readings, and wherever', async () => {
    const { times, lines } = shuffled(9000);
    const file = join(await privateFolder(), 'readings.log');
    writeFileSync(file, lines.join(''));
    const words = ['-w', '1h', '--stats', 'first_time,last_time', '--label-unit', '°C'];
    const { stdout } = await run('get-stats', [...words, '--threads', '1', file]);

    const hours = new Map<string, number[]>();
    for (const [at, time] of times.entries()) {
      const key = `s${at % SENSORS},1h,${text(Math.floor(time / HOUR) * HOUR)}`;
      hours.set(key, [...(hours.get(key) ?? []), time]);
    }
    const rows = stdout.trimEnd().split('\n').slice(1);
    expect(rows).toHaveLength(hours.size);
    for (const row of rows) {
      const fields = row.split(',');
      const inHour = hours.get(fields.slice(0, 3).join(',')) ?? [];
      expect(fields.slice(8)).toEqual([text(Math.min(...inHour)), text(Math.max(...inHour)), '°C']);
    }

    const exact = ['--time-format', '%Y-%m-%dT%H:%M:%S%z'];
    const ways: [string[], Parameters<typeof run>[2]][] = [
      [[...words, '--threads', '4', file], {}],
      [words, { stdin: lines.join('') }],
      [[...words, ...exact, file], {}],
    ];
    for (const [how, options] of ways)
      expect(await run('get-stats', how, options)).toMatchObject({ status: 0, stdout });
  });

  it('are those of sliding windows, and of windows as they close', async () => {
    const words = ['-w', '1h', '--stats', 'first_time,last_time'];
    const stdin = ['00:10', '00:40', '01:20', '03:00']
      .map((clock) => `1969-07-20T${clock}:00.000Z,moon,1\n`)
      .join('');
    const timesOf = async (...further: string[]) => {
      const { stdout } = await runHere(getStats, [...words, ...further], { stdin });
      const rows = stdout.trimEnd().split('\n').slice(1);
      return rows.map((row) => row.split(',').map((field) => field.slice(11, 16)));
    };
    const clocks = (rows: string[][]) => rows.map((fields) => [fields[2], ...fields.slice(8)].join(' '));
    const tumbling = ['00:00 00:10 00:40', '01:00 01:20 01:20', '03:00 03:00 03:00'];
    expect(clocks(await timesOf())).toEqual(tumbling);
    expect(clocks(await timesOf('--live'))).toEqual(tumbling);
    const sliding = [
      ...['23:30 00:10 00:10', '00:00 00:10 00:40', '00:30 00:40 01:20', '01:00 01:20 01:20'],
      ...['02:30 03:00 03:00', '03:00 03:00 03:00'],
    ];
    expect(clocks(await timesOf('--slide', '30m'))).toEqual(sliding);
    expect(clocks(await timesOf('--slide', '30m', '--live'))).toEqual(sliding);
  });

  it('are empty without times', async () => {
    const { stdout } = await runHere(getStats, ['--stats', 'first_time,last_time'], { stdin: '1\n2\n' });
    expect(stdout).toMatch(/\n,all,,,2,1,2,1\.50,,\n$/);
  });
});
