/** --prometheus FILE of get-temp and get-stats, for the textfile collector of node_exporter. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import getStats from '../../src/tools/get-stats.ts';
import getTemp from '../../src/tools/get-temp.ts';
import { ended, privateFolder, run, start, until } from '../harness.ts';
import { runHere } from '../in-process.ts';

const READINGS =
  '2025-11-21T10:04:00Z,"a""\\\n",21.5\n2025-11-21T11:05:00Z,"a""\\\n",22\n2025-11-21T10:05:00Z,b,1e3\n';

async function folder(): Promise<{ cwd: string; read(): string }> {
  const cwd = await privateFolder();
  return { cwd, read: () => readFileSync(join(cwd, 'x.prom'), 'utf8') };
}

describe('get-stats --prometheus', () => {
  it('tells the newest row of each sensor and window, beside the rows themselves', async () => {
    const { cwd, read } = await folder();
    const words = ['-w', '1h', '--expect', '1m', '--stats', 'p90', '--label-unit', 'b=%'];
    const plain = await runHere(getStats, words, { stdin: READINGS });
    const told = await runHere(getStats, [...words, '--prometheus', join(cwd, 'x.prom')], {
      stdin: READINGS,
    });
    expect(told).toEqual(plain);
    const a = 'sensor="a\\"\\\\\\n",window="1h"';
    const b = 'sensor="b",window="1h"';
    const family = (name: string, help: string) => [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`];
    expect(read().split('\n')).toEqual([
      ...family('etl_value', 'Statistics of the newest row.'),
      ...['min', 'max', 'avg', 'p90'].flatMap((stat) => [
        `etl_value{${a},stat="${stat}"} 22`,
        `etl_value{${b},stat="${stat}"} 1000`,
      ]),
      ...family('etl_readings', 'Readings of the newest row.'),
      ...[`etl_readings{${a}} 1`, `etl_readings{${b}} 1`],
      ...family('etl_readings_expected', 'Readings that were due in the newest row.'),
      ...[`etl_readings_expected{${a}} 60`, `etl_readings_expected{${b}} 60`],
      ...family('etl_readings_missing', 'Readings that were due in the newest row, and are missing.'),
      ...[`etl_readings_missing{${a}} 59`, `etl_readings_missing{${b}} 59`],
      ...family('etl_row_end_seconds', 'End of the newest row, in seconds since 1970.'),
      ...[`etl_row_end_seconds{${a}} 1763726400`, `etl_row_end_seconds{${b}} 1763722800`],
      ...family('etl_series_info', 'Always 1; its label is the unit of a series, where it is known.'),
      `etl_series_info{${b},unit="%"} 1`,
      '',
    ]);
  });

  it('leaves the file as it is without rows, and where it may not be written', async () => {
    const { cwd, read } = await folder();
    writeFileSync(join(cwd, 'x.prom'), '# old\n');
    await run('get-stats', ['--prometheus', 'x.prom'], { cwd, stdin: 'odd\n' });
    expect(read()).toBe('# old\n');
    expect(await run('get-stats', ['x.prom', '--prometheus', 'x.prom'], { cwd })).toMatchObject({
      status: 64,
    });
    expect(await run('get-stats', ['--prometheus', '/dev/full'], { stdin: '7\n' })).toMatchObject({
      status: 74,
    });
    const both = ['-o', 'x.prom', '--prometheus', 'x.prom'];
    expect(await run('get-stats', both, { cwd, stdin: '7\n' })).toMatchObject({ status: 64 });
    expect(read()).toBe('# old\n');
  });

  it('tells of each window that closes with --live', async () => {
    const { cwd, read } = await folder();
    const child = start('get-stats', ['--live', '-w', '1m', '--prometheus', 'x.prom'], { cwd });
    const end = ended(child);
    child.stdin?.write('60,a,1\n120,a,2\n');
    await until(() => existsSync(join(cwd, 'x.prom')), 'the first window is told');
    expect(read()).toContain('etl_row_end_seconds{sensor="a",window="1m"} 120\n');
    child.stdin?.end();
    await end;
    expect(read()).toContain('etl_row_end_seconds{sensor="a",window="1m"} 180\n');
  });
});

describe('get-temp --prometheus', () => {
  it('tells the newest reading of each sensor, and when it was', async () => {
    const { cwd, read } = await folder();
    const words = ['--from', '2026-01-01T00:00:00Z', '--to', '2026-01-01T00:03:00Z', '--influx'];
    const end = await run('get-temp', [...words, 'sim:attic', 'sim:b c', '--prometheus', 'x.prom'], { cwd });
    expect(end).toMatchObject({ status: 0, stderr: '' });
    const lines = end.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    const values = [lines[2], lines[5]].map(
      (line) => / value=(\S+) 1767225720000000000$/.exec(line ?? '')?.[1],
    );
    expect(lines[5]).toMatch(/^reading,sensor=b\\ c value=/);
    expect(read()).toBe(
      `${['# HELP etl_reading The newest reading.', '# TYPE etl_reading gauge'].join('\n')}\n` +
        `etl_reading{sensor="attic"} ${Number(values[0])}\netl_reading{sensor="b c"} ${Number(values[1])}\n` +
        '# HELP etl_reading_time_seconds Time of the newest reading, in seconds since 1970.\n' +
        '# TYPE etl_reading_time_seconds gauge\n' +
        'etl_reading_time_seconds{sensor="attic"} 1767225720\netl_reading_time_seconds{sensor="b c"} 1767225720\n',
    );
  });

  it('tells a reading of before 1970', async () => {
    const { cwd, read } = await folder();
    const words = ['--at', '1969-07-20T20:17:40Z', '--prometheus', join(cwd, 'x.prom')];
    expect((await runHere(getTemp, words, {})).status).toBe(0);
    expect(read()).toContain('etl_reading_time_seconds{sensor="sim"} -14182940\n');
  });

  it('still prints what it cannot tell, and ends with 74', async () => {
    const { status, stdout, stderr } = await run('get-temp', ['--prometheus', '/dev/full']);
    expect({ status, stderr }).toEqual({
      status: 74,
      stderr: 'get-temp: /dev/full: no space left on device\n',
    });
    expect(stdout).toMatch(/,sim,/);
  });

  it('ends with 74 also where a sensor fails afterwards', async () => {
    const { cwd } = await folder();
    const once = 'once=exec:test -e x && exit 75; touch x; echo 1';
    const words = ['--count', '2', once, '--prometheus', '/dev/full'];
    const { status, stdout, stderr } = await run('get-temp', words, { cwd });
    expect(stdout).toMatch(/^\S+,once,1\n$/);
    expect(stderr).toMatch(/^get-temp: \/dev\/full: .*\nget-temp: exec:.*: exit status 75\n$/);
    expect(status).toBe(74);
  });

  it('leaves the file as it is without a reading', async () => {
    const { cwd, read } = await folder();
    writeFileSync(join(cwd, 'x.prom'), '# old\n');
    await run('get-temp', ['file:none', '--prometheus', 'x.prom'], { cwd });
    expect(read()).toBe('# old\n');
  });
});
